"""Holds what Offstage exports against the source, value by value; exits with 1 at the first export that differs.

    python3 compare.py <source.csv> <folder with states.ndjson, airports.ndjson and airports.export.csv>
"""

import csv
import json
import pathlib
import sys
from decimal import Decimal

from convert import known, source_rows, state_id


def wanted(row):
    state = known(row["state"])
    return {
        "code": row["iata"],
        "name": row["name"],
        "city": known(row["city"]) or None,
        "state": state_id(state) if state else None,
        "country": row["country"],
        "latitude": Decimal(row["latitude"]),
        "longitude": Decimal(row["longitude"]),
    }


def exported(record):
    values = {name: record[name] or None for name in ("code", "name", "city", "state", "country")}
    return values | {name: Decimal(record[name]) for name in ("latitude", "longitude")}


def differences(rows, records):
    """Sentences about what differs, in the order of the source."""
    by_code = {record["code"]: record for record in records}
    if len(records) != len(rows) or len(by_code) != len(rows):
        yield f"{len(rows)} rows went in, {len(records)} records with {len(by_code)} codes came out"
    for row in rows:
        record = by_code.get(row["iata"])
        if record is None:
            yield f"{row['iata']} is missing"
        elif exported(record) != wanted(row):
            yield f"{row['iata']}: {exported(record)} instead of {wanted(row)}"


def main(source, folder):
    rows = source_rows(source)
    folder = pathlib.Path(folder)
    lines = (folder / "airports.ndjson").read_text("utf-8").splitlines()
    with open(folder / "airports.export.csv", encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    faults = list(differences(rows, [json.loads(line) for line in lines])) + list(differences(rows, cells))
    codes = {json.loads(line)["code"] for line in (folder / "states.ndjson").read_text("utf-8").splitlines()}
    if codes != {row["state"] for row in rows} - {"NA"}:
        faults.append("the states differ")
    for fault in faults[:20]:
        print(fault, file=sys.stderr)
    if faults:
        sys.exit(1)
    print(f"{len(rows)} records compared with the source, value by value, as NDJSON and as CSV: no difference")


if __name__ == "__main__":
    main(*sys.argv[1:])
