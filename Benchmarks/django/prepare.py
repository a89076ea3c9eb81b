"""Makes the table anew and fills it: prepare.py [--rows 100000 | --csv orders.csv] [--ids FILE]

The rows are those of ../bench.py, ids included, or those of a CSV file that it has written. With --ids, their ids are
written to a file, one a line, as wrk's scripts read them.
"""

import argparse
import csv
import os
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from bench import seed  # noqa: E402
from orders.models import Order  # noqa: E402


def fill(file: Path) -> int:
    """All rows with one COPY, then what the planner wants to know of them. The number of rows."""
    with connection.cursor() as cursor, file.open(newline="") as text:
        with cursor.copy(f"COPY {Order._meta.db_table} (id, customer, status, total, created, updated) FROM STDIN") as copy:
            for row in csv.DictReader(text):
                copy.write_row((row["id"], row["customer"], row["status"], row["total"], row["created"], row["created"]))
        cursor.execute(f"VACUUM ANALYZE {Order._meta.db_table}")
        cursor.execute(f"SELECT count(*) FROM {Order._meta.db_table}")
        return cursor.fetchone()[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--ids", type=Path)
    options = parser.parse_args()

    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {Order._meta.db_table}")
    call_command("migrate", run_syncdb=True, verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        file = options.csv or Path(folder) / "orders.csv"
        if not options.csv:
            seed(file, Path(folder) / "ids", options.rows)
        print(f"{fill(file)} orders")
        if options.ids:
            with file.open(newline="") as text:
                options.ids.write_text("".join(row["id"] + "\n" for row in csv.DictReader(text)))


if __name__ == "__main__":
    main()
