"""What is asked of a program, and how one such job is measured."""

import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import wrk
from rows import Rows
from servers import Server


@dataclass(frozen=True)
class Job:
    """A list is asked for at an address of the program's own, the attribute `listed`; the rest is sent by a script for wrk.

    Of each hundred requests, `writes` add a row to `table`.
    """

    key: str
    name: str
    script: str | None = None
    listed: str | None = None
    writes: int = 0
    table: str = "orders"


JOBS = [
    Job("get", "GET by id", script="get.lua"),
    Job("list", "list of 20", listed="listed"),
    Job("total", "list with total", listed="counted"),
    Job("json", "POST JSON", script="post-json.lua", writes=100),
    Job("form", "POST form", script="post-form.lua", writes=100, table="messages"),
    Job("mixed", "mixed, 80/20", script="mixed.lua", writes=20),
]
# While others sign in; see accounts.py.
SIGN_IN = Job("sign-in", "GET beside sign-ins", script="get.lua")


def measure(job: Job, program, server: Server, rows: Rows, seconds: int) -> wrk.Load:
    """Ends the run when a write that was answered is not in the database."""
    # Nobody pays for pages that another program has left to be written.
    os.sync()
    before = stored(program.database, job.table) if job.writes else 0
    address = getattr(program, job.listed) if job.listed else "/"
    load = wrk.load(server, address, seconds, job.script, rows.ids)
    if job.writes:
        # A script that mixes may have any of its last requests answered, reads or writes.
        least = load.answers * job.writes // 100 - (0 if job.writes == 100 else wrk.CONNECTIONS)
        added = stored(program.database, job.table) - before
        if added < least:
            sys.exit(f"{program.name}, {job.name}: {load.answers} answers, and {added} more {job.table}")
    return load


def stored(database: Path, table: str) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
