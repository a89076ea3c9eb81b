"""Writes the rows that every measured program is filled with: orders.csv and messages.csv, and ids, those of the orders.

The orders are 30/50/20 % new/paid/shipped and five minutes apart; the same number of rows always gives the same rows.

    python3 Benchmarks/rows.py /tmp/rows --rows 1000
"""

import argparse
import csv
import random
import time
from dataclasses import dataclass
from pathlib import Path

from identifiers import uuid7

BEGIN_MS = 1_735_689_600_000
STEP_MS = 300_000
WORDS = "do you ship the green teapot to Malta before the end of next week or may I come and fetch it myself thanks".split()


@dataclass
class Rows:
    """The files in a folder."""

    folder: Path
    count: int

    @property
    def orders(self) -> Path:
        return self.folder / "orders.csv"

    @property
    def messages(self) -> Path:
        return self.folder / "messages.csv"

    @property
    def ids(self) -> Path:
        return self.folder / "ids"


def write(folder: Path, count: int) -> Rows:
    rows = Rows(folder, count)
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(1)
    with rows.orders.open("w", newline="") as file, rows.ids.open("w") as ids:
        writer = csv.writer(file)
        writer.writerow(["id", "customer", "status", "total", "created"])
        for number in range(count):
            identifier, created = stamp(number, chance)
            status = chance.choices(["new", "paid", "shipped"], [30, 50, 20])[0]
            writer.writerow([identifier, f"Customer {number}", status, f"{chance.randrange(100000) / 100:.2f}", created])
            ids.write(identifier + "\n")
    with rows.messages.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "email", "message", "read", "created"])
        for number in range(count):
            identifier, created = stamp(number, chance)
            text = " ".join(chance.choices(WORDS, k=chance.randrange(5, 40)))
            writer.writerow([identifier, f"Visitor {number}", f"visitor{number}@example.com", text, ["false", "true"][number % 2], created])
    return rows


def stamp(number: int, chance: random.Random) -> tuple[str, str]:
    """An id, and the moment in it."""
    at = BEGIN_MS + number * STEP_MS
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at / 1000)) + f".{at % 1000:03d}Z"
    return uuid7(at, chance.getrandbits(74)), moment


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=100_000, help="of each table (default: 100,000)")
    options = parser.parse_args()
    write(options.folder, options.rows)
