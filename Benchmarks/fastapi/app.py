"""The orders, the messages and the contact form of ../offstage.yaml with FastAPI and Python's own sqlite3, written for speed.

A worker has one connection, which stays open, and asks it on its event loop: a statement takes less time than a change to
a thread and back. The connection keeps its statements prepared. Answers are made by orjson, without a model in between.
DATABASE names the file, SYNCHRONOUS how its commits are synced.
"""

import os
import sqlite3
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal

import orjson
from fastapi import Body, FastAPI, Form, HTTPException, Query, Response
from pydantic import BaseModel, ConfigDict, EmailStr, Field

import database
from identifiers import new_id

COLUMNS = ", ".join(database.ORDER)
INSERT_ORDER = database.insert("orders", database.ORDER)
INSERT_MESSAGE = database.insert("messages", database.MESSAGE)

app = FastAPI(openapi_url=None)
connection = database.connect(os.environ["DATABASE"], os.environ["SYNCHRONOUS"])


class NewOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    customer: str = Field(min_length=1, max_length=100)
    status: Literal["new", "paid", "shipped"] = "new"
    total: Decimal = Field(ge=0, max_digits=12, decimal_places=2)


class NewMessage(BaseModel):
    name: str = Field(min_length=1, max_length=100)
    email: EmailStr
    message: str = Field(min_length=1, max_length=5000)


@app.get("/api/orders/{order_id}")
async def get_order(order_id: str) -> Response:
    row = connection.execute(f"SELECT {COLUMNS} FROM orders WHERE id = ?", (order_id,)).fetchone()
    if row is None:
        raise HTTPException(404)
    return answer(shown(row))


@app.get("/api/orders")
async def list_orders(
    status: Literal["new", "paid", "shipped"] | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    after: str | None = None,
    count: bool = False,
) -> Response:
    """The newest first. after is the next of the page before."""
    where, values = ("status = ?", [status]) if status else ("true", [])
    page, place = ("(created, id) < (?, ?)", after.split(",", 1)) if after else ("true", [])
    if after and len(place) != 2:
        raise HTTPException(400)
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM orders WHERE {where} AND {page} ORDER BY created DESC, id DESC LIMIT ?",
        (*values, *place, limit + 1),
    ).fetchall()
    last = rows[limit - 1] if len(rows) > limit else None
    found = {"items": [shown(row) for row in rows[:limit]], "next": f"{last[4]},{last[0]}" if last else None}
    if count:
        found["total"] = connection.execute(f"SELECT count(*) FROM orders WHERE {where}", values).fetchone()[0]
    return answer(found)


@app.post("/api/orders")
async def create_order(order: Annotated[NewOrder, Body()]) -> Response:
    now = moment()
    row = (new_id(), order.customer, order.status, int(order.total * 100), now, now, 1)
    connection.execute(INSERT_ORDER, row)
    return answer(shown(row), 201, {"Location": f"/api/orders/{row[0]}"})


@app.post("/forms/contact")
async def send(message: Annotated[NewMessage, Form()]) -> Response:
    now = moment()
    connection.execute(INSERT_MESSAGE, (new_id(), message.name, message.email, message.message, 0, now, now, 1))
    return Response(status_code=303, headers={"Location": "/thanks"})


def shown(row: tuple) -> dict:
    order = dict(zip(database.ORDER, row))
    order["total"] = f"{row[3] // 100}.{row[3] % 100:02d}"
    return order


def answer(value: dict, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(value), status, headers, "application/json")


def moment() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
