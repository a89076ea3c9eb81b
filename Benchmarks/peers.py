"""Measures Offstage beside the same small app with FastAPI and with Django REST framework, and beside a bare Hummingbird
server, in one run: requests/s, latencies and memory, the ratios, and whether the aims are reached.

All serve while one is asked, each on a database file of its own in the same folder; who is not asked is idle. Offstage syncs each
write before it answers (synchronous=FULL); the others are measured at their usual NORMAL, and at FULL. Their answers are checked
before, and that every answered write is in the database after each job. Rounds are interleaved and the median is told.

    script/bench --quick
    script/bench --peers offstage,fastapi --jobs get,json --seconds 3 --json peers.json
"""

import argparse
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

import accounts
import aims
import answers
import machine
import report
import rows
import wrk
from jobs import JOBS, SIGN_IN, Job, measure
from options import add_lengths, chosen, executable, measuring, new_file, scratch
from programs import Django, FastAPI, Hummingbird, Offstage
from servers import Server, end_on_signals

PEERS = ["offstage", "fastapi", "django", "floor"]
KINDS = {"fastapi": FastAPI, "django": Django}
KEYS = [job.key for job in (*JOBS, SIGN_IN)]
QUICK = {"rows": 10_000, "seconds": 1, "rounds": 1}


@dataclass
class Peer:
    """A program that serves, what it is asked, and what was measured."""

    label: str
    program: Offstage | FastAPI | Django | Hummingbird
    server: Server
    jobs: list[Job]
    idle_mb: float = 0
    load_mb: float = 0
    loads: dict[str, list[wrk.Load]] = field(default_factory=lambda: defaultdict(list))
    sign_ins: list[float] = field(default_factory=list)

    def ask(self, job: Job, seeded: rows.Rows, seconds: int, keep: bool) -> None:
        if job is SIGN_IN:
            # One client, who signs in again and again.
            with accounts.signing_in(self.server, 1) as sign_ins:
                load = measure(job, self.program, self.server, seeded, seconds)
        else:
            load = measure(job, self.program, self.server, seeded, seconds)
        self.load_mb = max(self.load_mb, self.server.memory())
        if keep:
            self.loads[job.key].append(load)
            if job is SIGN_IN:
                self.sign_ins.append(sign_ins.rate)


class Run:
    """The peers that were asked for, each filled, served and checked."""

    def __init__(self, options: argparse.Namespace, folder: Path, running: ExitStack):
        self.options, self.folder, self.running = options, folder, running
        self.rows = rows.write(folder / "rows", options.rows)
        self.jobs = [job for job in JOBS if job.key in options.jobs]
        # How those with workers are served; a database for SQLite alone, and what it reached.
        self.ways: list[dict] = []
        self.floor_database: Path | None = None
        self.alone: list[dict[str, float]] = []
        self.peers = [peer for name in PEERS if name in options.peers for peer in self.start(name) if peer.jobs]
        for peer in self.peers:
            self.check(peer)

    def start(self, name: str) -> list[Peer]:
        if name == "offstage":
            return [self.offstage()]
        if name == "floor":
            program = Hummingbird(self.options.floor, self.folder)
            return [self.served(aims.FLOOR, program, [job for job in self.jobs if job.key == "get"])]
        return self.with_workers(KINDS[name]) if self.jobs else []

    def served(self, label: str, program, jobs: list[Job], **way: int) -> Peer:
        return Peer(label, program, self.running.enter_context(program.serve(**way)), jobs)

    def offstage(self) -> Peer:
        program = Offstage(self.options.binary, self.folder / "offstage")
        program.fill("orders", self.rows.orders)
        program.fill("messages", self.rows.messages)
        if "floor" in self.options.peers:
            self.floor_database = shutil.copy(program.database, self.folder / "floor.db")
        return self.served(aims.OFFSTAGE, program, self.jobs + [SIGN_IN] * (SIGN_IN.key in self.options.jobs))

    def with_workers(self, kind: type) -> list[Peer]:
        """At the usual NORMAL and at FULL, with a database each."""
        usual, full = (kind(self.folder / f"{kind.__name__}-{level}.db", level) for level in ("NORMAL", "FULL"))
        usual.fill(self.rows)
        shutil.copy(usual.database, full.database)
        way = self.best_way(usual)
        # What was written meanwhile is undone.
        for extra in ("-wal", "-shm"):
            Path(f"{usual.database}{extra}").unlink(missing_ok=True)
        shutil.copy(full.database, usual.database)
        return [self.served(f"{kind.name}, {level}", program, self.jobs, **way) for program, level in ((usual, "NORMAL"), (full, "FULL"))]

    def best_way(self, program: FastAPI | Django) -> dict[str, int]:
        """The way to serve it that is fastest over all jobs here, by the geometric mean of their rates."""
        tried = []
        for way in program.ways:
            with program.serve(**way) as server:
                rates = {job.key: measure(job, program, server, self.rows, self.options.seconds).rate for job in self.jobs}
            label = f"{program.name} with " + ", ".join(f"{count} {name if count > 1 else name[:-1]}" for name, count in way.items())
            tried.append({"label": label, "way": way, "rates": rates, "mean": statistics.geometric_mean(rates.values())})
        best = max(tried, key=lambda each: each["mean"])
        self.ways += [{**each, "chosen": each is best} for each in tried]
        return best["way"]

    def check(self, peer: Peer) -> None:
        peer.idle_mb = peer.server.memory()
        if peer.label != aims.FLOOR:
            answers.check(peer.program, peer.server, self.rows)
        if SIGN_IN in peer.jobs:
            accounts.sign_up(peer.server)

    def measure(self) -> None:
        """All peers take turns at a job, then comes the next. The first round, of a second each, warms up."""
        for number in range(self.options.rounds + 1):
            print(f"round {number} of {self.options.rounds}" if number else "warming up", file=sys.stderr)
            for job in (*self.jobs, SIGN_IN):
                for peer in self.peers:
                    if job in peer.jobs:
                        peer.ask(job, self.rows, self.options.seconds if number else 1, keep=number > 0)
            if self.floor_database and number:
                self.measure_alone()

    def measure_alone(self) -> None:
        """On a copy each time: the same ids are inserted."""
        database = shutil.copy(self.floor_database, self.folder / "alone.db")
        os.sync()
        command = [self.options.floor, "sqlite", database, "--seconds", "1"]
        self.alone.append(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))
        for extra in ("", "-wal", "-shm"):
            Path(f"{database}{extra}").unlink(missing_ok=True)

    def summary(self) -> dict:
        options = self.options
        names = {job.key: job.name for job in (*JOBS, SIGN_IN) if job.key in options.jobs}
        figures = {peer.label: {job: wrk.medians(loads) for job, loads in peer.loads.items()} for peer in self.peers}
        found = {
            "machine": machine.describe(self.folder),
            "versions": machine.versions(options.binary, [name for name in options.peers if name in KINDS]),
            "command": options.command,
            "rows": options.rows, "seconds": options.seconds, "rounds": options.rounds, "connections": wrk.CONNECTIONS,
            "ways": self.ways,
            "jobs": names,
            "peers": {
                peer.label: {"idle_mb": peer.idle_mb, "load_mb": peer.load_mb, "jobs": figures[peer.label]} for peer in self.peers
            },
            "aims": [asdict(aim) for aim in aims.reached(figures, names)],
        }
        sign_ins = [rate for peer in self.peers for rate in peer.sign_ins]
        if sign_ins:
            found["sign_ins"] = statistics.median(sign_ins)
        if self.alone:
            found["sqlite_alone"] = {name: statistics.median(each[name] for each in self.alone) for name in self.alone[0]}
        return found


def main() -> None:
    options = parse()
    end_on_signals()
    with scratch() as folder, ExitStack() as running:
        run = Run(options, folder, running)
        run.measure()
        found = run.summary()
    print(report.markdown(found))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    if options.chart:
        report.draw(found, options.chart)


def parse() -> argparse.Namespace:
    parser = measuring("script/bench", __doc__)
    parser.add_argument("--floor", type=executable, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--peers", type=chosen(PEERS), default=PEERS, metavar="NAME,…", help=f"of {', '.join(PEERS)} (default: all)")
    parser.add_argument("--jobs", type=chosen(KEYS), default=KEYS, metavar="NAME,…", help=f"of {', '.join(KEYS)} (default: all)")
    add_lengths(parser)
    parser.add_argument("--quick", action="store_true", help="a fast look: 10,000 rows, 1 round of 1 second, unless more is asked for")
    parser.add_argument("--chart", type=new_file, metavar="FILE", help="draw the rates as SVG")
    if "--quick" in sys.argv:
        parser.set_defaults(**QUICK)
    options = parser.parse_args()
    # As the person gave it: script/bench puts --binary and --floor in front.
    options.command = shlex.join(["script/bench", *sys.argv[5:]])
    return options


if __name__ == "__main__":
    main()
