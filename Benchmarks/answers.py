"""Checks a program's answers before it is measured, against the rows that it was filled with; so nobody measures faults."""

import csv
import http.client
import json

from jobs import stored
from rows import Rows
from servers import Server

FORM = "name=Ada&email=ada%40example.com&message=Do+you+ship+to+Malta%3F&_trap="


class Wrong(Exception):
    """An answer that is not what it has to be."""


def check(program, server: Server, rows: Rows) -> None:
    """One request of each kind, held against the rows that the program was filled with."""
    with rows.orders.open(newline="") as file:
        orders = list(csv.DictReader(file))
    ask = Client(server)
    try:
        for order in (orders[0], orders[-1]):
            same(ask(200, "GET", f"/api/orders/{order['id']}"), order, "GET by id")
        ask(404, "GET", "/api/orders/01941f29-7c00-7d8e-91b7-000000000000")
        check_lists(program, ask, [order for order in orders if order["status"] == "paid"])
        check_writes(program, ask)
    except Wrong as wrong:
        raise SystemExit(f"{program.name} answers wrongly: {wrong}") from None


def check_lists(program, ask: "Client", paid: list[dict]) -> None:
    found = ask(200, "GET", program.listed)
    counted = ask(200, "GET", program.counted)
    for items in (found["items"], counted["items"]):
        expect(len(items), min(20, len(paid)), "items of a list")
        for item, order in zip(items, reversed(paid)):
            same(item, order, "list")
    expect("total" in found, False, "a total that was not asked for")
    expect(counted["total"], len(paid), "total")
    expect(bool(found["next"]), len(paid) > 20, "a next page")


def check_writes(program, ask: "Client") -> None:
    order = {"customer": "Ada", "status": "new", "total": "12.50"}
    created = ask(201, "POST", "/api/orders", json.dumps(order), "application/json")
    same(ask(200, "GET", f"/api/orders/{created['id']}"), {**order, "id": created["id"]}, "what was posted")
    for wrong in ({**order, "total": "-1"}, {**order, "status": "lost"}, {**order, "customer": "x" * 101}, {"customer": "Ada"}):
        ask((400, 422), "POST", "/api/orders", json.dumps(wrong), "application/json")
    before = stored(program.database, "messages")
    ask(303, "POST", "/forms/contact", FORM, "application/x-www-form-urlencoded")
    ask((400, 422), "POST", "/forms/contact", FORM.replace("%40", ""), "application/x-www-form-urlencoded")
    expect(stored(program.database, "messages"), before + 1, "messages after one was sent")


class Client:
    def __init__(self, server: Server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)

    def __call__(self, status: int | tuple, method: str, path: str, body: str | None = None, kind: str = ""):
        """The JSON of an answer that must have this status, or one of these."""
        accept = "text/html" if path.startswith("/forms/") else "application/json"
        self.connection.request(method, path, body, {"Accept": accept, **({"Content-Type": kind} if body else {})})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if answer.status not in (status if isinstance(status, tuple) else (status,)):
            raise Wrong(f"{method} {path} {body or ''}: {answer.status} {text[:300]}")
        return json.loads(text) if answer.status < 300 else None


def same(found: dict, order: dict, what: str) -> None:
    for name in ("id", "customer", "status", "total"):
        expect(found.get(name), order[name], f"{what}, {name}")


def expect(found, wanted, what: str) -> None:
    if found != wanted:
        raise Wrong(f"{what}: {found!r} instead of {wanted!r}")
