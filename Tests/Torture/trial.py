"""What every fault needs: a server on a folder of its own, a load, a check, and the row that comes of it."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from client import Client
from inspection import Check
from ledger import Finding, Ledger
from load import Load
from server import Server
from shim import Shim


@dataclass
class Settings:
    binary: str
    scratch: Path
    library: Path
    seed: int
    rounds: int


@dataclass
class Row:
    """A line of the table."""

    fault: str
    rounds: int = 0
    acknowledged: int = 0
    unknown: int = 0
    findings: list[Finding] = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)
    note: str = ""
    skipped: str = ""

    def count(self, kind: str) -> int:
        return sum(finding.kind == kind for finding in self.findings)


class Trial:
    """One server with its load and its book, for the rounds of one fault."""

    def __init__(self, settings: Settings, name: str, clients: int = 4, shimmed: bool = False, limits: tuple[str, ...] = ()):
        self.settings, self.name = settings, name
        self.folder = settings.scratch / name
        self.shim = Shim(settings.library, self.folder) if shimmed else None
        self.server = Server(settings.binary, self.folder, self.shim, limits)
        self.ledger = Ledger()
        self.load = Load(self.ledger, clients)
        self.check = Check(self.ledger, self.server.data, self.folder / "copy")
        self.rounds = self.probes = 0

    def prepare(self) -> "Trial":
        self.server.make_database()
        if self.shim:
            self.shim.mark_durable()
        return self

    def chance(self, *what) -> random.Random:
        """Chance that is the same whenever the seed is."""
        return random.Random(self.seed_of(*what))

    def seed_of(self, *what) -> str:
        return "/".join(map(str, (self.settings.seed, self.name, *what)))

    def start(self) -> None:
        self.server.start()
        if self.shim and not self.shim.is_loaded_in(self.server.process.pid):
            raise SystemExit("The shim is not in the server: is the program linked statically?")

    def wait_until(self, what: str, holds, seconds: float = 30) -> bool:
        """Waits for a condition; that it does not come true is a finding."""
        until = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > until or not self.server.is_running:
                self.expect(False, f"in {seconds} s it did not happen that {what}: {self.server.said()[-300:]}")
                return False
            time.sleep(0.005)
        return True

    def wait_for_writes(self, count: int) -> bool:
        """Waits until so many writes more are acknowledged."""
        wanted = self.ledger.acknowledged + count
        return self.wait_until(f"{count} more writes are acknowledged", lambda: self.ledger.acknowledged >= wanted)

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.ledger.find("wrong", otherwise)

    def expect_health(self) -> None:
        """The server answers, and can commit."""
        status = self.server.status_of("/health")
        self.expect(status == 200, f"/health answers {status}")

    def examine(self, whole: bool = False, told: str = "") -> None:
        """Ends a round: holds the database against the ledger. What it finds is told with the round, and the next
        round begins with an empty database, so that one loss is counted once."""
        known = len(self.ledger.findings)
        self.check.run(whole)
        for finding in self.ledger.findings[known:]:
            finding.text = f"round {self.rounds}{told and f' ({told})'}: {finding.text}"
        self.rounds += 1
        if len(self.ledger.findings) > known:
            self.begin_anew()

    def begin_anew(self) -> None:
        self.empty()
        self.forget()
        self.prepare()

    def empty(self) -> None:
        """Takes the database away, and all that was noted of it."""
        self.server.kill()
        self.server.data.mkdir(mode=0o700, exist_ok=True)
        for path in self.server.data.iterdir():
            path.unlink()
        if self.shim:
            self.shim.mark_durable()

    def forget(self) -> None:
        self.ledger.forget_records()
        self.load.forget_records()
        self.check.forget()

    def probe(self) -> Client:
        """A client of its own that is connected, for single requests."""
        self.probes += 1
        client = Client(1000 + self.probes, self.ledger)
        client.connect(self.server.port)
        return client

    def finish(self) -> None:
        """Settles what is open, stops the server as an operator does, and checks everything."""
        if not self.server.is_running:
            self.start()
        self.load.settle(self.server.port)
        self.expect_health()
        code = self.server.stop()
        self.expect(code == 0, f"the server stopped with {code}")
        self.check.run(whole=True)

    def row(self, title: str, note: str = "") -> Row:
        ledger = self.ledger
        return Row(title, self.rounds, ledger.acknowledged, ledger.unknown, ledger.findings, ledger.answers, note)
