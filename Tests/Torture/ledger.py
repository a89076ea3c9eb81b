"""What clients sent and what they were answered: the book that the database is held against."""

import threading
from collections import Counter
from dataclasses import dataclass, field

# What a record is made of, for comparing; `letter` of a stamp is compared by id.
FIELDS = {"letters": ("name", "words", "amount", "state"), "stamps": ("name", "letter", "worth")}


@dataclass(eq=False)
class Record:
    """One record as its only writer knows it. Its name tells it from all others."""

    collection: str
    name: str
    # None while it is not there: not made yet, refused, or deleted.
    state: dict | None = None
    id: str | None = None
    is_deleted: bool = False
    letter: "Record | None" = None
    stamps: list["Record"] = field(default_factory=list)

    def fits(self, found: dict | None, state: dict | None) -> bool:
        """Whether what was found is a state of this record."""
        if found is None or state is None:
            return found is state
        expected = dict(state)
        if self.letter is not None:
            expected["letter"] = self.letter.id
        return all(found[name] == expected[name] for name in (*FIELDS[self.collection], "version"))


@dataclass(eq=False)
class Operation:
    """One request that writes, with all that it changes."""

    title: str
    method: str
    path: str
    body: bytes
    headers: dict
    # Each record with its state after; the state before is the record's own.
    changes: list[tuple[Record, dict | None]]
    succeeds_with: tuple[int, ...]
    has_key: bool = False

    def state_in(self, found: "callable") -> str:
        """Whether all of it happened, or none, by what is found of each record."""
        seen = [(record, after, found(record)) for record, after in self.changes]
        if all(record.fits(now, record.state) for record, _, now in seen):
            return "before"
        if all(record.fits(now, after) for record, after, now in seen):
            return "after"
        return "between"


@dataclass
class Finding:
    """Something that must not be: `lost`, `doubled` or `wrong`."""

    kind: str
    text: str


class Ledger:
    def __init__(self):
        self.lock = threading.Lock()
        self.records: dict[tuple[str, str], Record] = {}
        self.touched: set[Record] = set()
        self.unsettled: list[Operation] = []
        self.findings: list[Finding] = []
        self.answers: Counter[int] = Counter()
        self.acknowledged = 0
        self.unknown = 0
        # Answers other than success that the fault of the moment makes right.
        self.may_refuse: set[int] = set()

    def find(self, kind: str, text: str) -> None:
        with self.lock:
            self.findings.append(Finding(kind, text))

    def send(self, operation: Operation) -> None:
        with self.lock:
            self.unsettled.append(operation)
            for record, _ in operation.changes:
                self.records[record.collection, record.name] = record
                self.touched.add(record)

    def note(self, operation: Operation, answer) -> bool:
        """Takes down an answer to what was sent; whether it settles it."""
        with self.lock:
            self.answers[answer.status] += 1
        if answer.status in operation.succeeds_with:
            self.settle(operation, happened=True)
            with self.lock:
                self.acknowledged += 1
            return True
        if answer.status not in self.may_refuse:
            self.find("wrong", f"{operation.title} {operation.path} was answered {answer}")
        if answer.status == 503 and b"not known" in answer.body:
            return False
        self.settle(operation, happened=False)
        return True

    def settle(self, operation: Operation, happened: bool) -> None:
        with self.lock:
            self.unsettled.remove(operation)
            if happened:
                for record, after in operation.changes:
                    record.state, record.is_deleted = after, after is None

    def see_read(self, status: int) -> None:
        with self.lock:
            self.answers[status] += 1

    def forget_records(self) -> None:
        self.records, self.touched, self.unsettled = {}, set(), []
