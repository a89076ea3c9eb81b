"""Turns airports.csv of vega_datasets into the two files that Offstage imports: states.csv and airports.csv.

    python3 convert.py <source.csv> <folder>
"""

import csv
import pathlib
import sys
import uuid

# Ids made from the code: the same row has the same id in every run, so that relations can be written down.
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://ourairports.com/data/")

# The source writes "NA" where it knows nothing. No place is called so.
UNKNOWN = "NA"


def state_id(code):
    return str(uuid.uuid5(NAMESPACE, "state/" + code))


def known(text):
    return "" if text == UNKNOWN else text


def source_rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def main(source, folder):
    rows = source_rows(source)
    folder = pathlib.Path(folder)
    states = sorted({known(row["state"]) for row in rows} - {""})
    write(folder / "states.csv", ["id", "code"], [(state_id(code), code) for code in states])
    write(
        folder / "airports.csv",
        ["code", "name", "city", "state", "country", "latitude", "longitude"],
        [
            (
                row["iata"],
                row["name"],
                known(row["city"]),
                state_id(row["state"]) if known(row["state"]) else "",
                row["country"],
                row["latitude"],
                row["longitude"],
            )
            for row in rows
        ],
    )
    print(f"{len(states)} states and {len(rows)} airports written")


if __name__ == "__main__":
    main(*sys.argv[1:])
