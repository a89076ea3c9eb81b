"""Makes the tables anew and fills them with the rows that ../rows.py wrote: prepare.py ORDERS.csv MESSAGES.csv"""

import csv
import os
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from orders.models import Message, Order  # noqa: E402

# As many as go to the database at once.
BATCH = 5_000
BOOLEANS = {"true": True, "false": False}


def fill(model, file: Path) -> None:
    with file.open(newline="") as text, transaction.atomic():
        rows = csv.DictReader(text)
        while records := [record(model, row) for _, row in zip(range(BATCH), rows)]:
            model.objects.bulk_create(records)


def record(model, row: dict):
    """Texts become what the fields want of them, as when a form is read."""
    values = {name: model._meta.get_field(name).to_python(value) for name, value in row.items() if name != "read"}
    if "read" in row:
        values["read"] = BOOLEANS[row["read"]]
    return model(**values, updated=values["created"])


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with connection.cursor() as cursor:
        for model in (Order, Message):
            cursor.execute(f"DROP TABLE IF EXISTS {model._meta.db_table}")
    call_command("migrate", run_syncdb=True, verbosity=0)
    for model, file in zip((Order, Message), sys.argv[1:]):
        fill(model, Path(file))
    # What the planner wants to know of the rows.
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


if __name__ == "__main__":
    main()
