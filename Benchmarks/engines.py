"""Measures Offstage on each of its engines beside what the database's own benchmark reaches with the same statements and
as many connections, and beside a small Django REST framework app on the same PostgreSQL.

Run by script/bench --engines, inside script/test-servers --durable. Rounds of all jobs are interleaved and the median is
printed, with the ratios, which are what counts on a machine that others use too.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench import memory, seed

HERE = Path(__file__).parent
COLUMNS = ["id", "created", "updated", "version", "customer", "status", "total"]
POOL = 16
LIST = "/api/orders?sort=-created&limit=20"
JOBS = ["GET", "list", "POST"]


def run(command: list[str], **options) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


class Offstage:
    """The release binary on one engine."""

    def __init__(self, name: str, binary: str, url: str, folder: Path, rows: Path, ids: Path, port: int):
        self.name, self.ids, self.port = name, ids, port
        app = folder / name
        app.mkdir()
        shutil.copy(HERE / "offstage.yaml", app)
        environment = {**os.environ, "OFFSTAGE_DATABASE": url}
        run([binary, "import", "orders", str(rows), "--app", str(app)], env=environment)
        self.process = subprocess.Popen(
            [binary, "serve", "--app", str(app), "--port", str(port)], env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        wait(f"http://127.0.0.1:{port}/api/orders?limit=1", self.process)

    def measure(self, job: str, seconds: int) -> float:
        path, script = {"GET": ("/", "get.lua"), "list": (LIST, None), "POST": ("/", "post-json.lua")}[job]
        return wrk(f"http://127.0.0.1:{self.port}{path}", script and HERE / script, seconds, self.ids)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


class Django:
    """The Django REST framework app under gunicorn, on PostgreSQL."""

    name = "Django REST framework"

    def __init__(self, url: str, folder: Path, rows: Path, port: int):
        home = HERE.parent / ".build-django" / "venv"
        if not home.exists():
            run([sys.executable, "-m", "venv", str(home)])
            run([str(home / "bin/pip"), "install", "-q", "-r", str(HERE / "django/requirements.txt")])
        environment = {**os.environ, "DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1", "PORT": str(port)}
        self.ids = folder / "django-ids"
        run([str(home / "bin/python"), "prepare.py", "--ids", str(self.ids)], cwd=HERE / "django", env=environment)
        self.process = subprocess.Popen(
            [str(home / "bin/gunicorn"), "--log-level", "warning"], cwd=HERE / "django", env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.port, self.folder = port, folder
        wait(f"http://127.0.0.1:{port}/api/orders/", self.process)
        # Django's addresses end with a slash.
        for name, old, new in [("get.lua", "line end", 'line .. "/" end'), ("post-json.lua", '"/api/orders"', '"/api/orders/"')]:
            (folder / name).write_text((HERE / name).read_text().replace(old, new))

    def measure(self, job: str, seconds: int) -> float:
        path, script = {"GET": ("/", "get.lua"), "list": ("/api/orders/", None), "POST": ("/", "post-json.lua")}[job]
        return wrk(f"http://127.0.0.1:{self.port}{path}", script and self.folder / script, seconds, self.ids)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


def statements(ids: list[str], kind: str) -> dict[str, list[str]]:
    """The statements that Offstage runs for each job, as texts; many of GET, each with another id."""
    quote = '"' if kind == "postgres" else "`"
    columns = ", ".join(f"{quote}{name}{quote}" for name in COLUMNS)
    nothing = " NULLS LAST" if kind == "postgres" else ""
    journal = ", ".join(
        f"{quote}{name}{quote}" for name in ["transaction", "at", "actor", "collection", "record", "version", "kind", "before", "after"]
    )
    fresh, now = ("gen_random_uuid()", "now()") if kind == "postgres" else ("uuid()", "utc_timestamp(3)")
    body = '{"id":"0193b0c2-7d7e-7c51-9d4e-3a3f0f6f2b11","customer":"Customer 1","status":"paid","total":"1.00"}'
    return {
        "GET": [f"SELECT {columns} FROM orders WHERE id = '{id}';" for id in ids],
        "list": [f"SELECT {columns} FROM orders ORDER BY created DESC{nothing}, id DESC LIMIT 21;"],
        "POST": [
            f"BEGIN;\nINSERT INTO orders ({columns}) VALUES ({fresh}, {now}, {now}, 1, 'Customer 1', 'paid', 100);\n"
            f"INSERT INTO _journal ({journal}) VALUES ({fresh}, {now}, 'visitor', 'orders', {fresh}, 1, 'created', NULL, '{body}');\n"
            "COMMIT;"
        ],
    }


class PGBench:
    name = "pgbench"

    def __init__(self, url: str, ids: list[str], folder: Path):
        self.url, self.folder = url, folder
        for job, texts in statements(ids[:: len(ids) // 100], "postgres").items():
            for number, text in enumerate(texts):
                (folder / f"pgbench-{job}-{number}.sql").write_text(text + "\n")

    def measure(self, job: str, seconds: int) -> float:
        files = [part for file in sorted(self.folder.glob(f"pgbench-{job}-*.sql")) for part in ("-f", str(file))]
        text = run(["pgbench", "-n", "-M", "prepared", "-c", str(POOL), "-j", "2", "-T", str(seconds), *files, self.url])
        return float(re.search(r"tps = ([\d.]+)", text).group(1))

    def end(self) -> None:
        pass


class MySQLSlap:
    name = "mysqlslap"

    def __init__(self, url: str, ids: list[str]):
        user, password, database, socket = re.match(r"mysql://([^:]+):([^@]+)@[^/]+/([^?]+)\?socket=(.+)", url).groups()
        self.base = [
            "mariadb-slap", f"--user={user}", f"--password={password}", f"--socket={socket}", f"--create-schema={database}",
            f"--concurrency={POOL}", "--delimiter=;", "--csv",
        ]
        self.texts = statements(ids[:: len(ids) // 100], "mysql")
        self.count = {"GET": 20_000, "list": 20_000, "POST": 8_000}

    def measure(self, job: str, seconds: int) -> float:
        """mysqlslap runs a number of queries, so the number follows the pace of the round before."""
        queries = 4 if job == "POST" else 1
        text = run([*self.base, f"--number-of-queries={self.count[job] * queries}", "--query=" + "\n".join(self.texts[job])])
        took = float(text.strip().split(",")[2])
        rate = self.count[job] / max(took, 0.001)
        self.count[job] = max(2_000, int(rate * seconds))
        return rate

    def end(self) -> None:
        pass


def wait(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=1).read()
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.02)
    sys.exit(f"nothing answers at {url}")


def wrk(url: str, script: Path | None, seconds: int, ids: Path) -> float:
    command = ["wrk", "-t2", "-c32", f"-d{seconds}s"] + (["-s", str(script)] if script else []) + [url]
    text = run(command, env={**os.environ, "IDS": str(ids)})
    if "Non-2xx" in text:
        sys.exit(f"{url}: {text}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=5, help="of each job in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    postgres, mysql = os.environ["OFFSTAGE_TEST_POSTGRES_SOCKET"], os.environ["OFFSTAGE_TEST_MYSQL_SOCKET"]
    folder = Path(tempfile.mkdtemp(prefix="offstage-engines-"))
    running: list = []
    try:
        rows, ids = folder / "orders.csv", folder / "ids"
        seed(rows, ids, options.rows)
        known = ids.read_text().split()
        run(["psql", "-q", postgres, "-c", "CREATE DATABASE offstage_bench", "-c", "CREATE DATABASE offstage_django"])
        bench = postgres.replace("/offstage_test", "/offstage_bench")
        sqlite = f"sqlite:{folder}/sqlite.db"
        for name, url, port in [("SQLite", sqlite, 18081), ("PostgreSQL", bench, 18082), ("MariaDB", mysql, 18083)]:
            running.append(Offstage(name, options.binary, url, folder, rows, ids, port))
        running.append(PGBench(bench, known, folder))
        running.append(MySQLSlap(mysql, known))
        running.append(Django(postgres.replace("/offstage_test", "/offstage_django"), folder, rows, 18084))
        results: dict[str, dict[str, list[float]]] = {one.name: {job: [] for job in JOBS} for one in running}
        for round_number in range(options.rounds + 1):
            for job in JOBS:
                for one in running:
                    rate = one.measure(job, options.seconds if round_number else 1)
                    # The first round warms up.
                    if round_number:
                        results[one.name][job].append(rate)
        resident = {one.name: memory(one.process) for one in running if isinstance(one, Offstage)}
    finally:
        for one in running:
            one.end()
        shutil.rmtree(folder, ignore_errors=True)
    rates = {name: {job: statistics.median(found) for job, found in jobs.items()} for name, jobs in results.items()}
    print(f"{options.rows} orders, wrk -t2 -c32, {POOL} connections to a database, {options.rounds} rounds of {options.seconds} s, median\n")
    print(f"{'a second':26}" + "".join(f"{job:>10}" for job in JOBS))
    for name, jobs in rates.items():
        print(f"{name:26}" + "".join(f"{jobs[job]:>10,.0f}" for job in JOBS))
    print()
    for engine, peer in [("PostgreSQL", "pgbench"), ("MariaDB", "mysqlslap"), ("PostgreSQL", "Django REST framework")]:
        ratios = "".join(f"{rates[engine][job] / rates[peer][job]:>10.2f}" for job in JOBS)
        print(f"{engine + ' / ' + peer.split()[0]:26}{ratios}")
    print("\nresident: " + ", ".join(f"{name} {size:.0f} MB" for name, size in resident.items()))
    if options.json:
        options.json.write_text(json.dumps({"rates": rates, "resident_mb": resident, "rows": options.rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
