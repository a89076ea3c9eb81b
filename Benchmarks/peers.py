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
from options import add_lengths, chosen, executable, scratch
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
            with wrk.Beside(self.server, accounts.SCRIPT, accounts.CLIENTS) as sign_ins:
                load = measure(job, self.program, self.server, seeded, seconds)
        else:
            load = measure(job, self.program, self.server, seeded, seconds)
        self.load_mb = max(self.load_mb, self.server.memory())
        if keep:
            self.loads[job.key].append(load)
            if job is SIGN_IN:
                self.sign_ins.append(sign_ins.rate)


def main() -> None:
    options = parse()
    end_on_signals()
    with scratch() as folder, ExitStack() as running:
        seeded = rows.write(folder / "rows", options.rows)
        peers, ways, floor = start(options, folder, seeded, running)
        alone = measure_rounds(options, peers, seeded, floor)
        found = summary(options, peers, ways, alone, machine.describe(folder))
    print(report.markdown(found))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    if options.chart:
        report.draw(found, options.chart)


def start(options: argparse.Namespace, folder: Path, seeded: rows.Rows, running: ExitStack) -> tuple[list[Peer], list[str], Path | None]:
    """The peers, how those with workers are served, and a database for SQLite alone."""
    jobs = [job for job in JOBS if job.key in options.jobs]
    peers, ways, floor = [], [], None
    if "offstage" in options.peers:
        program = filled_offstage(options.binary, folder / "offstage", seeded)
        if "floor" in options.peers:
            floor = shutil.copy(program.database, folder / "floor.db")
        server = running.enter_context(program.serve())
        peers.append(Peer(aims.OFFSTAGE, program, server, jobs + [SIGN_IN] * (SIGN_IN.key in options.jobs)))
    for name in options.peers:
        if name in KINDS:
            usual, full = filled(KINDS[name], folder, seeded)
            way, words = best_way(usual, jobs, seeded)
            ways.append(words)
            for program, level in ((usual, "NORMAL"), (full, "FULL")):
                peers.append(Peer(f"{program.name}, {level}", program, running.enter_context(program.serve(**way)), jobs))
    if "floor" in options.peers:
        program = Hummingbird(options.floor, folder)
        peers.append(Peer(aims.FLOOR, program, running.enter_context(program.serve()), [job for job in jobs if job.key == "get"]))
    for peer in peers:
        peer.idle_mb = peer.server.memory()
        if peer.label != aims.FLOOR:
            answers.check(peer.program, peer.server, seeded)
        if SIGN_IN in peer.jobs:
            accounts.sign_up(peer.server)
    return peers, ways, floor


def filled_offstage(binary: Path, folder: Path, seeded: rows.Rows) -> Offstage:
    program = Offstage(binary, folder)
    program.fill("orders", seeded.orders)
    program.fill("messages", seeded.messages)
    return program


def filled(kind: type, folder: Path, seeded: rows.Rows) -> list[FastAPI] | list[Django]:
    """At NORMAL and at FULL, with a database each."""
    programs = [kind(folder / f"{kind.__name__}-{level}.db", level) for level in ("NORMAL", "FULL")]
    programs[0].fill(seeded)
    shutil.copy(programs[0].database, programs[1].database)
    return programs


def best_way(program: FastAPI | Django, jobs: list[Job], seeded: rows.Rows) -> tuple[dict[str, int], str]:
    """The way to serve it that is fastest over all jobs here, by the geometric mean, and what to say of it."""
    before = shutil.copy(program.database, program.database.with_suffix(".before"))
    tried = []
    for way in program.ways:
        with program.serve(**way) as server:
            rates = [measure(job, program, server, seeded, 1).rate for job in jobs]
        tried.append((statistics.geometric_mean(rates), way))
    # What was written meanwhile is undone.
    for extra in ("-wal", "-shm"):
        Path(f"{program.database}{extra}").unlink(missing_ok=True)
    Path(before).replace(program.database)
    tried.sort(key=lambda each: -each[0])
    words = "; ".join(f"{', '.join(f'{count} {name}' for name, count in way.items())}: {mean:,.0f}/s" for mean, way in tried)
    return tried[0][1], f"{program.name} is served the first of these ways, by the mean of its jobs: {words}."


def measure_rounds(options: argparse.Namespace, peers: list[Peer], seeded: rows.Rows, floor: Path | None) -> list[dict]:
    """All peers take turns at a job, then comes the next. The first round, of a second each, warms up."""
    alone = []
    for number in range(options.rounds + 1):
        print(f"round {number} of {options.rounds}" if number else "warming up", file=sys.stderr)
        for job in (*JOBS, SIGN_IN):
            for peer in peers:
                if job in peer.jobs:
                    peer.ask(job, seeded, options.seconds if number else 1, keep=number > 0)
        if floor and number:
            text = subprocess.run([options.floor, "sqlite", floor, "--seconds", "1"], check=True, capture_output=True, text=True).stdout
            alone.append(json.loads(text))
    return alone


def summary(options: argparse.Namespace, peers: list[Peer], ways: list[str], alone: list[dict], described: dict) -> dict:
    names = {job.key: job.name for job in (*JOBS, SIGN_IN) if job.key in options.jobs}
    figures = {peer.label: {job: wrk.medians(loads) for job, loads in peer.loads.items()} for peer in peers}
    found = {
        "machine": described,
        "versions": machine.versions(options.binary, [name for name in options.peers if name in KINDS]),
        "command": shlex.join(["script/bench", *sys.argv[5:]]),
        "rows": options.rows, "seconds": options.seconds, "rounds": options.rounds, "connections": wrk.CONNECTIONS,
        "ways": ways,
        "jobs": names,
        "peers": {peer.label: {"idle_mb": peer.idle_mb, "load_mb": peer.load_mb, "jobs": figures[peer.label]} for peer in peers},
        "aims": [asdict(aim) for aim in aims.reached(figures, names)],
    }
    sign_ins = [rate for peer in peers for rate in peer.sign_ins]
    if sign_ins:
        found["sign_ins"] = statistics.median(sign_ins)
    if alone:
        found["sqlite_alone"] = {name: statistics.median(each[name] for each in alone) for name in alone[0]}
    return found


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=executable, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--floor", type=executable, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--peers", type=chosen(PEERS), default=PEERS, metavar="NAME,…", help=f"of {', '.join(PEERS)} (default: all)")
    parser.add_argument("--jobs", type=chosen(KEYS), default=KEYS, metavar="NAME,…", help=f"of {', '.join(KEYS)} (default: all)")
    add_lengths(parser)
    parser.add_argument("--quick", action="store_true", help="a fast look: 10,000 rows, 1 round of 1 second, unless more is asked for")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw the rates as SVG")
    if "--quick" in sys.argv:
        parser.set_defaults(**QUICK)
    return parser.parse_args()


if __name__ == "__main__":
    main()
