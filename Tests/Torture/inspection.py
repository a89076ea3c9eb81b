"""Looks at a database file with SQLite itself, on a copy, so that the server's own recovery is not helped."""

import json
import shutil
import sqlite3
from pathlib import Path

from ledger import FIELDS, Finding, Ledger, Record

NAME = "offstage.db"


class Inspection:
    """One look at a copy of the files."""

    def __init__(self, data: Path, scratch: Path):
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        for name in (NAME, NAME + "-wal"):
            if (data / name).exists():
                shutil.copy(data / name, scratch / name)
        self.database = sqlite3.connect(scratch / NAME)

    def close(self) -> None:
        self.database.close()

    def faults(self, whole: bool) -> list[Finding]:
        """What SQLite says of its own file."""
        found = [row[0] for row in self.database.execute(f"PRAGMA {'integrity_check' if whole else 'quick_check'}")]
        found = [text for text in found if text != "ok"]
        found += [f"a reference leads nowhere: {row}" for row in self.database.execute("PRAGMA foreign_key_check")]
        if whole and not found:
            # Fails where the search does not fit the texts.
            table = '"_search(letters)"'
            self.database.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")
        return [Finding("wrong", text) for text in found]

    def records(self, collection: str, names: list[str] | None = None) -> dict[str, list[dict]]:
        """The records by name, as the interface shows them; more than one of a name is a double."""
        columns = ("id", "version", *FIELDS[collection])
        text = f"SELECT {', '.join(columns)} FROM {collection}"
        if names is not None:
            text += " WHERE name IN (SELECT value FROM json_each(?))"
        found: dict[str, list[dict]] = {}
        for row in self.database.execute(text, [json.dumps(names)] if names is not None else []):
            record = dict(zip(columns, row))
            if record.get("amount") is not None:
                record["amount"] = f"{record['amount'] // 100}.{record['amount'] % 100:02d}"
            found.setdefault(record["name"], []).append(record)
        return found

    def journal(self, after: int) -> list[tuple]:
        return self.database.execute(
            "SELECT position, collection, record, version, kind, before, after FROM _journal WHERE position > ? "
            "ORDER BY position", [after]
        ).fetchall()

    def count(self, collection: str) -> int:
        return self.database.execute(f"SELECT count(*) FROM {collection}").fetchone()[0]


class JournalReader:
    """Follows the journal as a subscriber does, and holds each entry against the one before."""

    def __init__(self):
        self.position = 0
        # The last version and image of each record; no image once it is deleted.
        self.images: dict[tuple[str, str], tuple[int, dict | None]] = {}

    def follow(self, inspection: Inspection) -> list[Finding]:
        found = []
        for entry in inspection.journal(self.position):
            found += [Finding("wrong", f"journal, position {entry[0]}: {fault}") for fault in self.take(*entry)]
        return found

    def take(self, position, collection, record, version, kind, before, after) -> list[str]:
        faults = []
        if position != self.position + 1:
            faults.append(f"follows position {self.position}")
        self.position = position
        last, image = self.images.get((collection, record), (0, None))
        before, after = (json.loads(text) if text else None for text in (before, after))
        if before != image:
            faults.append(f"{kind} of {record}: before is not what the entry before left")
        expected = last if kind == "deleted" else last + 1
        if version != expected or after and after["version"] != version:
            faults.append(f"{kind} of {record} has version {version}, expected {expected}")
        if kind != ("deleted" if after is None else "created" if before is None else "updated"):
            faults.append(f"{kind} of {record} has the wrong images")
        self.images[collection, record] = (version, after)
        return faults

    def living(self, collection: str) -> int:
        return sum(image is not None for (of, _), (_, image) in self.images.items() if of == collection)

    def fits(self, collection: str, found: dict) -> bool:
        """Whether the last image of a record is what the table holds."""
        _, image = self.images.get((collection, found["id"]), (0, None))
        return image is not None and all(image[name] == found[name] for name in ("version", *FIELDS[collection]))


class Check:
    """Holds the database against the ledger, round after round."""

    def __init__(self, ledger: Ledger, data: Path, scratch: Path):
        self.ledger, self.data, self.scratch = ledger, data, scratch
        self.journal = JournalReader()

    def run(self, whole: bool = False) -> list[Finding]:
        """Looks at what was written since the last check, or at everything. No server may write meanwhile."""
        found: list[Finding] = []
        try:
            inspection = Inspection(self.data, self.scratch)
            found += inspection.faults(whole)
            found += self.follow(inspection, whole)
            found += self.compare(inspection, whole)
            inspection.close()
        except sqlite3.DatabaseError as failure:
            found.append(Finding("wrong", f"the database can't be read: {failure}"))
        self.ledger.touched = {record for operation in self.ledger.unsettled for record, _ in operation.changes}
        self.ledger.findings += found
        return found

    def forget(self) -> None:
        self.journal = JournalReader()

    def follow(self, inspection: Inspection, whole: bool) -> list[Finding]:
        if whole:
            self.forget()
        found = self.journal.follow(inspection)
        for collection in (*FIELDS, "users") if whole else ():
            if (known := self.journal.living(collection)) != (count := inspection.count(collection)):
                found.append(Finding("wrong", f"the journal knows {known} {collection}, the table holds {count}"))
        return found

    def compare(self, inspection: Inspection, whole: bool) -> list[Finding]:
        expected = set(self.ledger.records.values()) if whole else set(self.ledger.touched)
        rows: dict[tuple[str, str], list[dict]] = {}
        for collection in FIELDS:
            names = None if whole else [record.name for record in expected if record.collection == collection]
            rows |= {(collection, name): found for name, found in inspection.records(collection, names).items()}
        found = self.doubles_and_journal(rows)
        if whole:
            strangers = [key for key in rows if key not in self.ledger.records]
            found += [Finding("wrong", f"{key} was never sent") for key in strangers]
        return found + self.states(expected, {key: records[0] for key, records in rows.items()})

    def doubles_and_journal(self, rows: dict) -> list[Finding]:
        found = []
        for (collection, name), records in rows.items():
            if len(records) > 1:
                found.append(Finding("doubled", f"{collection} {name} is there {len(records)} times"))
            for record in records:
                if not self.journal.fits(collection, record):
                    found.append(Finding("wrong", f"the journal's image of {collection} {name} is not the record"))
        return found

    def states(self, expected: set[Record], rows: dict) -> list[Finding]:
        def seen(record: Record) -> dict | None:
            row = rows.get((record.collection, record.name))
            if row and record.id is None:
                record.id = row["id"]
            return row

        for record in expected:
            seen(record)
        found, open_records = [], set()
        for operation in self.ledger.unsettled:
            open_records |= {record for record, _ in operation.changes}
            if operation.state_in(seen) == "between":
                found += self.difference(operation, seen)
        for record in expected - open_records:
            if not record.fits(row := seen(record), record.state):
                found.append(self.verdict(record, row))
        return found

    @staticmethod
    def difference(operation, seen) -> list[Finding]:
        """What is wrong with a request whose answer is not known, and which neither happened nor did not."""
        lost = [record.name for record, _ in operation.changes if record.state and seen(record) is None]
        kept = [record.name for record, _ in operation.changes if seen(record) is not None]
        deleted = all(after is None for _, after in operation.changes)
        kind = "lost" if lost and not deleted else "wrong"
        return [Finding(kind, f"{operation.title} {operation.path} by half: {kept} are there, {lost} are gone")]

    @staticmethod
    def verdict(record: Record, row: dict | None) -> Finding:
        if record.state is None:
            was = "deleted" if record.is_deleted else "refused"
            return Finding("lost" if record.is_deleted else "wrong", f"{record.name} is there, but was {was}")
        if row is None:
            return Finding("lost", f"{record.name} was acknowledged and is gone")
        if row["version"] < record.state["version"]:
            text = f"version {record.state['version']} of {record.name} was acknowledged; version {row['version']} is there"
            return Finding("lost", text)
        return Finding("wrong", f"{record.name} is not what was acknowledged: {row} instead of {record.state}"[:600])
