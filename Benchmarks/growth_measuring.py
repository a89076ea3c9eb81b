"""What a request costs the server, in processor time, while one thing about the app or its load grows.

Processor time (user and system, of the server's process) for each answer is steadier than answers a second, which every
other program on the machine has a part in. The settings take turns at each job, so that what the machine does meanwhile
falls on all of them. Others can only add to the processor time, by what they leave of the caches, so the least of the rounds
counts; of rates and latencies the median. Jobs that only read come first, since the others add records.
"""

import http.client
import itertools
import os
import statistics
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import wrk
from growth_apps import App
from growth_proc import peak_mb, processor_us
from jobs import JOBS, Job

# wrk's first thread starts to ask while the script of the second still reads the ids: too many would distort the rates.
IDS = 10_000


@dataclass
class Setting:
    """One point of a dimension: the value of what grows, the app it is tried with, and from how many connections."""

    value: int
    app: App
    connections: int = wrk.CONNECTIONS


@dataclass
class Cost:
    """Of one answer, processor time in microseconds; with it answers a second and latencies in milliseconds."""

    cpu_us: float
    rate: float
    p50_ms: float
    p99_ms: float


@dataclass
class Growth:
    """What was found of one dimension."""

    name: str
    label: str
    values: list[int]
    # Job → value → cost.
    costs: dict[str, dict[int, Cost]] = field(default_factory=dict)
    # Value → what is known of the app beside that.
    notes: dict[int, dict[str, float]] = field(default_factory=dict)


def measure(name: str, label: str, settings: list[Setting], seconds: int, rounds: int) -> Growth:
    growth = Growth(name, label, [setting.value for setting in settings])
    apps = list(dict.fromkeys(setting.app for setting in settings))
    levels = {app: app.levels() for app in apps}
    with ExitStack() as served:
        for app in apps:
            served.enter_context(app)
        idle = {app: peak_mb(app.server.process.pid) for app in apps}
        for jobs in ([job for job in JOBS if not job.writes], [job for job in JOBS if job.writes]):
            growth.costs |= take_turns(jobs, settings, seconds, rounds)
        for setting in settings:
            growth.notes[setting.value] = beside(setting.app) | {"idle_mb": idle[setting.app], "levels": levels[setting.app]}
    for setting in settings:
        growth.notes[setting.value]["levels_at_end"] = setting.app.levels()
    return growth


def beside(app: App) -> dict[str, float]:
    return {
        "import_seconds": app.imported.seconds, "import_peak_mb": app.imported.peak_mb,
        "first_answer_ms": app.server.first_answer_ms, "start_cpu_ms": app.start_cpu_ms, "total_anew_ms": total_anew_ms(app),
    }


def take_turns(jobs: list[Job], settings: list[Setting], seconds: int, rounds: int) -> dict[str, dict[int, Cost]]:
    ids = {setting.app: some_ids(setting.app) for setting in settings}
    found: dict[str, dict[int, list[Cost]]] = {job.name: {setting.value: [] for setting in settings} for job in jobs}
    for number in range(rounds + 1):
        for job in jobs:
            for setting in settings:
                # The first round warms up.
                cost = once(job, setting, ids[setting.app], seconds if number else 1)
                if number:
                    found[job.name][setting.value].append(cost)
        print(f"  round {number} of {rounds}: {', '.join(job.name for job in jobs)}", file=sys.stderr)
    return {job: {value: of_rounds(costs) for value, costs in values.items()} for job, values in found.items()}


def some_ids(app: App) -> Path:
    """As many ids for each number of rows, from all over them."""
    some = app.folder / "some-ids"
    with app.rows.ids.open() as ids:
        some.write_text("".join(itertools.islice(ids, 0, IDS * (app.rows.count // IDS), app.rows.count // IDS)))
    return some


def once(job: Job, setting: Setting, ids: Path, seconds: int) -> Cost:
    app = setting.app
    address = getattr(app, job.listed) if job.listed else "/"
    # Nobody pays for pages that another setting has left to be written.
    os.sync()
    before = processor_us(app.server.process.pid)
    load = wrk.load(app.server, address, seconds, job.script, ids, setting.connections)
    return Cost((processor_us(app.server.process.pid) - before) / load.answers, load.rate, load.p50, load.p99)


def total_anew_ms(app: App) -> float:
    """A list with its total right after a write, when what was counted before no longer holds."""
    connection = http.client.HTTPConnection("127.0.0.1", app.server.port, timeout=60)

    def ask(status: int, *request) -> None:
        connection.request(*request)
        answer = connection.getresponse()
        answer.read()
        if answer.status != status:
            sys.exit(f"{request}: {answer.status}")

    times = []
    for _ in range(5):
        ask(201, "POST", "/api/orders", '{"customer":"Ada","status":"paid","total":"1.00"}', {"Content-Type": "application/json"})
        begin = time.perf_counter()
        ask(200, "GET", app.counted)
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def of_rounds(costs: list[Cost]) -> Cost:
    return Cost(
        min(cost.cpu_us for cost in costs),
        *(statistics.median(getattr(cost, name) for cost in costs) for name in ("rate", "p50_ms", "p99_ms")),
    )
