"""How deep the B-trees of an SQLite file are: https://www.sqlite.org/fileformat2.html, 1.6."""

import sqlite3
from contextlib import closing
from pathlib import Path

INTERIOR = {0x02, 0x05}
RIGHTMOST_CHILD = 8


def levels(database: Path, table: str) -> dict[str, int]:
    """Of a table and each of its indexes. The file must be closed: nothing in its write-ahead log counts."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        roots = connection.execute("SELECT name, rootpage FROM sqlite_schema WHERE tbl_name = ?", [table]).fetchall()
    with database.open("rb") as file:
        return {name: depth(file, size, root) for name, root in roots}


def depth(file, size: int, page: int) -> int:
    """From a root to its leaves, which are all equally far down, by the last child each time."""
    for level in range(1, 40):
        file.seek((page - 1) * size)
        head = file.read(12)
        if head[0] not in INTERIOR:
            return level
        page = int.from_bytes(head[RIGHTMOST_CHILD:RIGHTMOST_CHILD + 4])
    raise ValueError(f"page {page} is not part of a B-tree")
