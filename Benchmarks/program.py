"""Measures the release binary on SQLite with wrk: requests/s and latencies of more kinds of lists than the peers are asked for,
one under a rule among them; what a start and an import take; and memory.

Rounds of all jobs are interleaved and the median is printed, since machines are noisy.

    script/bench --program --seconds 3 --json program.json
"""

import argparse
import json
import os
import time
from pathlib import Path

import answers
import jobs
import rows
import wrk
from jobs import Job, measure
from options import add_lengths, measuring, scratch
from programs import Offstage
from servers import Server, end_on_signals


class Program(Offstage):
    """With the addresses of more lists."""

    newest = "/api/orders?sort=-created&limit=20"
    newest_counted = newest + "&count=true"
    ruled = Offstage.listed.replace("/orders", "/ruled_orders")


SHARED = {job.key: job for job in jobs.JOBS}
JOBS = [
    SHARED["get"],
    Job("newest", "list of 20, newest first", listed="newest"),
    Job("newest-total", "the same with its total", listed="newest_counted"),
    Job("filtered", "list of 20, filtered, newest first", listed="listed"),
    Job("ruled", "the same under a rule", listed="ruled"),
    SHARED["json"],
    SHARED["form"],
]


def main() -> None:
    parser = measuring("script/bench --program", __doc__)
    add_lengths(parser)
    options = parser.parse_args()
    end_on_signals()
    with scratch() as folder:
        seeded = rows.write(folder / "rows", options.rows)
        program = Program(options.binary, folder / "offstage")
        begin = time.perf_counter()
        program.fill("orders", seeded.orders)
        imported = options.rows / (time.perf_counter() - begin)
        program.fill("ruled_orders", seeded.orders)
        with program.serve() as server:
            found = rounds(options, program, server, seeded)
    found |= {"rows": options.rows, "import_rate": imported, "binary_mb": os.path.getsize(options.binary) / 1e6}
    tell(found, options)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


def rounds(options: argparse.Namespace, program: Program, server: Server, seeded: rows.Rows) -> dict:
    idle = most = server.memory()
    answers.check(program, server, seeded)
    loads: dict[str, list[wrk.Load]] = {job.key: [] for job in JOBS}
    for _ in range(options.rounds):
        for job in JOBS:
            loads[job.key].append(measure(job, program, server, seeded, options.seconds))
            most = max(most, server.memory())
    return {
        "jobs": {key: wrk.medians(found) for key, found in loads.items()},
        "first_answer_ms": server.first_answer_ms, "idle_mb": idle, "load_mb": most,
    }


def tell(found: dict, options: argparse.Namespace) -> None:
    print(f"{options.rows:,} orders, wrk -t2 -c{wrk.CONNECTIONS}, {options.rounds} rounds of {options.seconds} s, median\n")
    print(f"{'job':36}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}")
    for job in JOBS:
        figures = found["jobs"][job.key]
        print(f"{job.name:36}{figures['rate']:>12,.0f}{figures['p50_ms']:>10.2f}{figures['p99_ms']:>10.2f}")
    share = found["jobs"]["ruled"]["rate"] / found["jobs"]["filtered"]["rate"]
    print(f"\nthe list under a rule: {share:.0%} of the same list without one")
    print(f"start to first answer {found['first_answer_ms']:.0f} ms; memory idle {found['idle_mb']:.0f} MB, under load {found['load_mb']:.0f} MB")
    print(f"import {found['import_rate']:,.0f} records/s; binary {found['binary_mb']:.1f} MB")


if __name__ == "__main__":
    main()
