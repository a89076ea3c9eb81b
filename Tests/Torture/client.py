"""A client that sends a mixture of requests, one after the other, and writes down what it was answered."""

import json
import random
from urllib.parse import quote, urlencode

from connection import Answer, Connection, Gone
from ledger import Ledger, Operation, Record

JSON = "application/json"
LARGEST_POOL = 40


class Client:
    """Each client writes to records of its own, so that it knows in which state they must be."""

    def __init__(self, number: int, ledger: Ledger):
        self.number, self.ledger = number, ledger
        self.made = 0
        self.pool: list[Record] = []
        self.connection: Connection | None = None
        self.unsettled: Operation | None = None
        self.chance = random.Random(number)

    # Connections

    def connect(self, port: int, seconds: float = 20) -> None:
        self.disconnect()
        self.connection = Connection(port, seconds)

    def disconnect(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None

    # One step of the mixture

    def step(self) -> None:
        """One request, of a kind drawn by chance. While one is not known to have happened, only reads."""
        letters = [record for record in self.pool if record.id]
        kinds, weights = zip(
            (self.create, 25), (self.post, 12), (self.put, 6), (self.batch, 10), (self.list, 4),
            *[(self.patch, 22), (self.delete, 7), (self.read, 14)] if letters else [],
        )
        kind = self.chance.choices(kinds, weights)[0]
        if self.unsettled:
            kind = self.list
        operation = kind(self.chance.choice(letters)) if kind in (self.patch, self.delete, self.read) else kind()
        if operation:
            self.perform(operation)

    def perform(self, operation: Operation) -> Answer:
        self.unsettled = operation
        self.ledger.send(operation)
        answer = self.connection.ask(operation.method, operation.path, operation.body, **operation.headers)
        if self.ledger.note(operation, answer):
            self.unsettled = None
            self.learn(operation, answer)
        return answer

    def learn(self, operation: Operation, answer: Answer) -> None:
        """Ids and values that only the answer tells, and whether it says what was sent."""
        if answer.status not in (200, 201):
            return
        results = answer.json["results"] if "results" in answer.json else [answer.json]
        for (record, after), result in zip(operation.changes, results):
            if after is None:
                continue
            record.id = record.id or result["id"]
            if not record.fits(result, after):
                self.ledger.find("wrong", f"{operation.title} {record.name} was answered with other values: {answer}")
        self.keep(operation)

    def keep(self, operation: Operation) -> None:
        gone = {record for record, after in operation.changes if after is None}
        fresh = [record for record, after in operation.changes if after and record.collection == "letters"]
        self.pool = [record for record in self.pool if record not in gone and record not in fresh] + fresh
        self.pool = self.pool[-LARGEST_POOL:]

    # Writes

    def headers(self, kind: str = JSON, with_key: bool | None = None) -> tuple[dict, bool]:
        has_key = self.chance.random() < 0.75 if with_key is None else with_key
        key = {"Idempotency_Key": f'"{self.chance.getrandbits(96):024x}"'} if has_key else {}
        return {"Content_Type": kind, "Accept": JSON, **key}, has_key

    def draw_letter(self) -> tuple[Record, dict]:
        self.made += 1
        record = Record("letters", f"letter-{self.number}-{self.made}")
        return record, {**self.draw_values(record), "name": record.name, "version": 1}

    def draw_values(self, record: Record) -> dict:
        """Values that show by themselves when a part of them is missing; some fill several pages."""
        length = self.chance.choice((1, 3, 10, 10, 30, 400))
        words = "".join(f"{record.name} {self.chance.getrandbits(32):08x};" for _ in range(length))
        amount = f"{self.chance.randrange(10**6) / 100:.2f}"
        return {"words": words, "amount": amount, "state": self.chance.choice(("draft", "sent", "read"))}

    def create(self) -> Operation:
        record, state = self.draw_letter()
        headers, has_key = self.headers()
        return Operation("create", "POST", "/api/letters", encoded(state), headers, [(record, state)], (201,), has_key)

    def put(self) -> Operation:
        record, state = self.draw_letter()
        number = self.chance.getrandbits(128) & ~(0xF << 76 | 3 << 62) | 4 << 76 | 2 << 62
        record.id = "-".join((text := f"{number:032x}")[a:b] for a, b in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
        headers, has_key = self.headers()
        path = f"/api/letters/{record.id}"
        return Operation("put", "PUT", path, encoded(state), headers, [(record, state)], (201,), has_key)

    def post(self) -> Operation:
        """The form, as a browser sends it, with the page's one-time key."""
        record, state = self.draw_letter()
        state |= {"amount": None, "state": "draft"}
        values = {"name": record.name, "words": state["words"], "_key": f"{self.chance.getrandbits(96):024x}"}
        headers = {"Content_Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        body = urlencode(values).encode()
        return Operation("form", "POST", "/forms/post", body, headers, [(record, state)], (303,), True)

    def patch(self, record: Record) -> Operation:
        after = {**record.state, **self.draw_values(record), "version": record.state["version"] + 1}
        headers, has_key = self.headers()
        headers["If_Match"] = f'"{record.state["version"]}"'
        path = f"/api/letters/{record.id}"
        return Operation("patch", "PATCH", path, encoded(after), headers, [(record, after)], (200,), has_key)

    def delete(self, record: Record) -> Operation:
        """Takes the letter's stamps along."""
        headers, has_key = self.headers()
        changes = [(one, None) for one in (record, *record.stamps) if one.state]
        self.pool.remove(record)
        return Operation("delete", "DELETE", f"/api/letters/{record.id}", b"", headers, changes, (204,), has_key)

    def batch(self) -> Operation:
        """A letter with two stamps, and a change of another letter: all of it or nothing."""
        letter, state = self.draw_letter()
        operations = [{"create": "letters", "as": "letter", "values": sent(state)}]
        changes = [(letter, state)]
        for number in (1, 2):
            stamp = Record("stamps", f"{letter.name}-{number}", letter=letter)
            worth = self.chance.randrange(1000)
            changes.append((stamp, {"name": stamp.name, "worth": worth, "version": 1}))
            operations.append({"create": "stamps", "values": {"name": stamp.name, "letter": "@letter.id", "worth": worth}})
        letter.stamps = [stamp for stamp, _ in changes[1:]]
        if others := [record for record in self.pool if record.id]:
            other = self.chance.choice(others)
            after = {**other.state, **self.draw_values(other), "version": other.state["version"] + 1}
            changes.append((other, after))
            operations.append(
                {"update": f"letters/{other.id}", "if_version": other.state["version"], "values": sent(after)}
            )
        headers, has_key = self.headers()
        body = json.dumps({"operations": operations}).encode()
        return Operation("batch", "POST", "/api/batch", body, headers, changes, (200,), has_key)

    # Reads

    def read(self, record: Record) -> None:
        answer = self.connection.ask("GET", f"/api/letters/{record.id}")
        self.ledger.see_read(answer.status)
        if answer.status == 200 and record.fits(answer.json, record.state):
            return
        if answer.status not in self.ledger.may_refuse:
            self.ledger.find("lost" if answer.status == 404 else "wrong", f"{record.name} is read as {answer}")

    def list(self) -> None:
        path = self.chance.choice(("?limit=20", "?sort=-updated&limit=20", "?count=true&limit=5", "?search=letter&limit=5"))
        answer = self.connection.ask("GET", "/api/letters" + path)
        self.ledger.see_read(answer.status)
        if answer.status != 200 and answer.status not in self.ledger.may_refuse:
            self.ledger.find("wrong", f"a list is answered {answer}")

    # What is not known

    def settle(self) -> None:
        """Finds out about a request whose answer never came: sends it again with its key, or else looks at what is there."""
        operation = self.unsettled
        if not operation:
            return
        if operation.has_key:
            answer = self.connection.ask(operation.method, operation.path, operation.body, **operation.headers)
            if not self.ledger.note(operation, answer):
                return
            self.learn(operation, answer)
        else:
            seen = {record: self.look(record) for record, _ in operation.changes}
            state = operation.state_in(seen.get)
            if state == "between":
                self.ledger.find("wrong", f"{operation.title} {operation.path} happened by half: {seen}")
            self.ledger.settle(operation, happened=state == "after")
            self.keep(operation) if state == "after" else None
        self.unsettled = None

    def look(self, record: Record) -> dict | None:
        """The record as the server shows it, by its name."""
        path = f"/api/{record.collection}?filter={quote('name == arg.name')}&arg.name={record.name}"
        answer = self.connection.ask("GET", path)
        if answer.status != 200:
            raise Gone(f"{path} was answered {answer}")
        items = answer.json["items"]
        if len(items) > 1:
            self.ledger.find("doubled", f"{record.name} is there {len(items)} times")
        if items:
            record.id = items[0]["id"]
        return items[0] if items else None


def sent(state: dict) -> dict:
    """What a client sends of a state."""
    return {name: value for name, value in state.items() if name != "version"}


def encoded(state: dict) -> bytes:
    return json.dumps(sent(state)).encode()
