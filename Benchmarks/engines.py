"""Measures Offstage on each of its engines beside what the database's own benchmark reaches with the same statements and
as many connections, and beside a small Django REST framework app on the same PostgreSQL.

Run by script/bench --engines, inside script/test-servers --durable. Rounds of all jobs are interleaved and the median is
printed, with the ratios, which are what counts on a machine that others use too.

    script/bench --engines --seconds 3 --json engines.json
"""

import argparse
import json
import os
import statistics
import subprocess
from contextlib import ExitStack
from pathlib import Path

import rows
import wrk
from clients import POOL, MySQLSlap, PGBench
from options import add_lengths, measuring, scratch
from programs import DjangoOnPostgres, Offstage
from servers import Server, end_on_signals

NEWEST = "/api/orders?sort=-created&limit=20"
JOBS = ["GET", "list", "POST"]


class Served:
    """A program that wrk asks."""

    def __init__(self, name: str, server: Server, newest: str, ids: Path):
        self.name, self.server, self.ids = name, server, ids
        self.asked = {"GET": ("/", "get.lua"), "list": (newest, None), "POST": ("/", "post-json.lua")}

    def measure(self, job: str, seconds: int) -> float:
        address, script = self.asked[job]
        return wrk.load(self.server, address, seconds, script, self.ids).rate


def main() -> None:
    parser = measuring("script/bench --engines", __doc__)
    add_lengths(parser)
    options = parser.parse_args()
    end_on_signals()
    with scratch() as folder, ExitStack() as running:
        seeded = rows.write(folder / "rows", options.rows)
        sides = [*offstage(options.binary, folder, seeded, running), *beside(folder, seeded, running)]
        rates = {
            name: {job: statistics.median(found) for job, found in jobs.items()}
            for name, jobs in rounds(sides, options.seconds, options.rounds).items()
        }
        resident = {side.name: side.server.memory() for side in sides if isinstance(side, Served)}
    tell(rates, resident, options)
    if options.json:
        options.json.write_text(json.dumps({"rates": rates, "resident_mb": resident, "rows": options.rows}, indent=2) + "\n")


def offstage(binary: Path, folder: Path, seeded: rows.Rows, running: ExitStack) -> list[Served]:
    """On each engine."""
    postgres, mysql = urls()
    subprocess.run(["psql", "-q", postgres, "-c", "CREATE DATABASE offstage_bench", "-c", "CREATE DATABASE offstage_django"], check=True)
    found = []
    for name, url in [("SQLite", None), ("PostgreSQL", postgres.replace("/offstage_test", "/offstage_bench")), ("MariaDB", mysql)]:
        program = Offstage(binary, folder / name, url)
        program.fill("orders", seeded.orders)
        found.append(Served(name, running.enter_context(program.serve()), NEWEST, seeded.ids))
    return found


def beside(folder: Path, seeded: rows.Rows, running: ExitStack) -> list:
    """What Offstage is held against, on the same databases."""
    postgres, mysql = urls()
    django = DjangoOnPostgres(postgres.replace("/offstage_test", "/offstage_django"), folder)
    django.fill(seeded)
    ids = seeded.ids.read_text().split()
    return [
        PGBench(postgres.replace("/offstage_test", "/offstage_bench"), ids, folder),
        MySQLSlap(mysql, ids),
        Served("Django REST framework", running.enter_context(django.serve()), "/api/orders?limit=20", seeded.ids),
    ]


def urls() -> tuple[str, str]:
    return os.environ["OFFSTAGE_TEST_POSTGRES_SOCKET"], os.environ["OFFSTAGE_TEST_MYSQL_SOCKET"]


def rounds(sides: list, seconds: int, number: int) -> dict[str, dict[str, list[float]]]:
    found: dict[str, dict[str, list[float]]] = {side.name: {job: [] for job in JOBS} for side in sides}
    for job in JOBS:
        for side in sides:
            # To warm up.
            side.measure(job, 1)
    for _ in range(number):
        for job in JOBS:
            for side in sides:
                found[side.name][job].append(side.measure(job, seconds))
    return found


def tell(rates: dict[str, dict[str, float]], resident: dict[str, float], options: argparse.Namespace) -> None:
    print(f"{options.rows} orders, wrk -t2 -c{wrk.CONNECTIONS}, {POOL} connections to a database, "
          f"{options.rounds} rounds of {options.seconds} s, median\n")
    print(f"{'a second':26}" + "".join(f"{job:>10}" for job in JOBS))
    for name, jobs in rates.items():
        print(f"{name:26}" + "".join(f"{jobs[job]:>10,.0f}" for job in JOBS))
    print()
    for engine, peer in [("PostgreSQL", "pgbench"), ("MariaDB", "mysqlslap"), ("PostgreSQL", "Django REST framework")]:
        ratios = "".join(f"{rates[engine][job] / rates[peer][job]:>10.2f}" for job in JOBS)
        print(f"{engine + ' / ' + peer.split()[0]:26}{ratios}")
    print("\nresident: " + ", ".join(f"{name} {size:.0f} MB" for name, size in resident.items()))


if __name__ == "__main__":
    main()
