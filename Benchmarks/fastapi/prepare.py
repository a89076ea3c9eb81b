"""Makes the database anew and fills it with the rows that ../rows.py wrote.

    DATABASE=app.db prepare.py ORDERS.csv MESSAGES.csv
"""

import csv
import os
import sys
from pathlib import Path

import database


def hundredths(total: str) -> int:
    whole, part = total.split(".")
    return int(whole) * 100 + int(part)


def orders(file) -> list[tuple]:
    return [
        (row["id"], row["customer"], row["status"], hundredths(row["total"]), row["created"], row["created"], 1)
        for row in csv.DictReader(file)
    ]


def messages(file) -> list[tuple]:
    return [
        (row["id"], row["name"], row["email"], row["message"], int(row["read"] == "true"), row["created"], row["created"], 1)
        for row in csv.DictReader(file)
    ]


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    path, orders_file, messages_file = Path(os.environ["DATABASE"]), Path(sys.argv[1]), Path(sys.argv[2])
    path.unlink(missing_ok=True)
    connection = database.connect(str(path), "NORMAL")
    connection.executescript(database.TABLES)
    connection.execute("BEGIN")
    with orders_file.open(newline="") as file:
        connection.executemany(database.insert("orders", database.ORDER), orders(file))
    with messages_file.open(newline="") as file:
        connection.executemany(database.insert("messages", database.MESSAGE), messages(file))
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


main()
