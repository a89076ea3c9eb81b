"""The databases' own benchmarks, pgbench and mysqlslap, with the statements that Offstage runs for each job."""

import re
import subprocess
from pathlib import Path

COLUMNS = ["id", "created", "updated", "version", "customer", "status", "total"]
JOURNAL = ["transaction", "at", "actor", "collection", "record", "version", "kind", "before", "after"]
# Connections to a database, as many as Offstage opens.
POOL = 16


def run(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def statements(ids: list[str], kind: str) -> dict[str, list[str]]:
    """As texts; many of GET, each with another id."""
    quote = '"' if kind == "postgres" else "`"
    columns = ", ".join(f"{quote}{name}{quote}" for name in COLUMNS)
    nothing = " NULLS LAST" if kind == "postgres" else ""
    journal = ", ".join(f"{quote}{name}{quote}" for name in JOURNAL)
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


def some(ids: list[str]) -> list[str]:
    """About a hundred of them."""
    return ids[:: max(1, len(ids) // 100)]


class PGBench:
    name = "pgbench"

    def __init__(self, url: str, ids: list[str], folder: Path):
        self.url, self.folder = url, folder
        for job, texts in statements(some(ids), "postgres").items():
            for number, text in enumerate(texts):
                (folder / f"pgbench-{job}-{number}.sql").write_text(text + "\n")

    def measure(self, job: str, seconds: int) -> float:
        files = [part for file in sorted(self.folder.glob(f"pgbench-{job}-*.sql")) for part in ("-f", str(file))]
        text = run(["pgbench", "-n", "-M", "prepared", "-c", str(POOL), "-j", "2", "-T", str(seconds), *files, self.url])
        return float(re.search(r"tps = ([\d.]+)", text).group(1))


class MySQLSlap:
    name = "mysqlslap"

    def __init__(self, url: str, ids: list[str]):
        user, password, database, socket = re.match(r"mysql://([^:]+):([^@]+)@[^/]+/([^?]+)\?socket=(.+)", url).groups()
        self.base = [
            "mariadb-slap", f"--user={user}", f"--password={password}", f"--socket={socket}", f"--create-schema={database}",
            f"--concurrency={POOL}", "--delimiter=;", "--csv",
        ]
        self.texts = statements(some(ids), "mysql")
        self.count = {"GET": 20_000, "list": 20_000, "POST": 8_000}

    def measure(self, job: str, seconds: int) -> float:
        """mysqlslap runs a number of queries, so the number follows the pace of the round before."""
        queries = 4 if job == "POST" else 1
        text = run([*self.base, f"--number-of-queries={self.count[job] * queries}", "--query=" + "\n".join(self.texts[job])])
        took = float(text.strip().split(",")[2])
        rate = self.count[job] / max(took, 0.001)
        self.count[job] = max(2_000, int(rate * seconds))
        return rate
