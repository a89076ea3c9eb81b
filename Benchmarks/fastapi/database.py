"""The database of the app: its tables and how a connection is set. Moments are texts, totals hundredths."""

import sqlite3

ORDER = ["id", "customer", "status", "total", "created", "updated", "version"]
MESSAGE = ["id", "name", "email", "message", "read", "created", "updated", "version"]

TABLES = """
CREATE TABLE orders (
    id TEXT PRIMARY KEY, customer TEXT NOT NULL, status TEXT NOT NULL, total INTEGER NOT NULL,
    created TEXT NOT NULL, updated TEXT NOT NULL, version INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_status_created ON orders (status, created DESC, id DESC);
CREATE INDEX orders_created ON orders (created DESC, id DESC);
CREATE TABLE messages (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, message TEXT NOT NULL, read INTEGER NOT NULL,
    created TEXT NOT NULL, updated TEXT NOT NULL, version INTEGER NOT NULL
) STRICT;
"""


def connect(path: str, synchronous: str) -> sqlite3.Connection:
    """A connection whose statements commit by themselves. synchronous is NORMAL or FULL."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    level = {"NORMAL": 1, "FULL": 2}[synchronous]
    for setting in (f"synchronous = {level}", "journal_mode = WAL", "cache_size = -16000", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {setting}")
    set_to = connection.execute("PRAGMA synchronous").fetchone()[0], connection.execute("PRAGMA journal_mode").fetchone()[0]
    if set_to != (level, "wal"):
        raise RuntimeError(f"the database is at {set_to}, not at {synchronous} with a write-ahead log")
    return connection


def insert(table: str, columns: list[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
