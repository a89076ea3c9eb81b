"""Measures the release binary with wrk on this machine: requests/s, latencies and memory for the usual jobs.

Rounds of all jobs are interleaved and the median is printed, since machines are noisy. With --json the figures go to a
file as well.
"""

import argparse
import csv
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

HERE = Path(__file__).parent
FILTERED = "filter=status%20%3D%3D%20arg.status&arg.status=paid&sort=-created&limit=20"
JOBS = {
    "GET by id": ("/", "get.lua"),
    "list of 20, newest first": ("/api/orders?sort=-created&limit=20", None),
    "the same with its total": ("/api/orders?sort=-created&limit=20&count=true", None),
    "list of 20, filtered and sorted": ("/api/orders?" + FILTERED, None),
    "the same under a rule": ("/api/ruled_orders?" + FILTERED, None),
    "POST JSON": ("/", "post-json.lua"),
    "POST form": ("/", "post-form.lua"),
}


def seed(path: Path, ids: Path, rows: int) -> None:
    """Writes a CSV of orders, 30/50/20 % new/paid/shipped, spread over a year, and the ids alone."""
    chance = random.Random(1)
    start = 1_735_689_600_000
    with path.open("w", newline="") as file, ids.open("w") as names:
        writer = csv.writer(file)
        writer.writerow(["id", "customer", "status", "total", "created"])
        for row in range(rows):
            at = start + row * 300_000
            identifier = str(uuid.UUID(int=at << 80 | 7 << 76 | chance.getrandbits(12) << 64 | 2 << 62 | chance.getrandbits(62)))
            status = chance.choices(["new", "paid", "shipped"], [30, 50, 20])[0]
            stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at / 1000)) + f".{at % 1000:03d}Z"
            writer.writerow([identifier, f"Customer {row}", status, f"{chance.randrange(100000) / 100:.2f}", stamp])
            names.write(identifier + "\n")


def memory(process: subprocess.Popen) -> float:
    """Resident memory in MB."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def start(binary: str, app: Path, port: int) -> tuple[subprocess.Popen, float]:
    """The server, and the milliseconds until it had answered for the first time."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        [binary, "serve", "--app", str(app), "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/orders?limit=1", timeout=1).read()
            return process, (time.perf_counter() - begin) * 1000
        except OSError:
            if process.poll() is not None:
                sys.exit("the server did not start")
            time.sleep(0.001)


def measure(job: str, port: int, seconds: int, ids: Path) -> dict:
    path, script = JOBS[job]
    command = ["wrk", "-t2", "-c32", f"-d{seconds}s", "--latency"]
    if script:
        command += ["-s", str(HERE / script)]
    command.append(f"http://127.0.0.1:{port}{path}")
    text = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "IDS": str(ids)}).stdout
    if "Non-2xx" in text:
        sys.exit(f"{job}: {text}")
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0}

    def latency(share: str) -> float:
        value, unit = re.search(rf"{share}%\s+([\d.]+)(us|ms|s)", text).groups()
        return float(value) * units[unit]

    return {
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)),
        "p50": latency("50"),
        "p99": latency("99"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=5, help="of each job in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--port", type=int, default=18080)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()

    folder = Path(tempfile.mkdtemp(prefix="offstage-bench-"))
    try:
        shutil.copy(HERE / "offstage.yaml", folder)
        seed(folder / "orders.csv", folder / "ids", options.rows)
        begin = time.perf_counter()
        subprocess.run(
            [options.binary, "import", "orders", str(folder / "orders.csv"), "--app", str(folder)],
            check=True, stdout=subprocess.DEVNULL,
        )
        imported = options.rows / (time.perf_counter() - begin)
        subprocess.run(
            [options.binary, "import", "ruled_orders", str(folder / "orders.csv"), "--app", str(folder)],
            check=True, stdout=subprocess.DEVNULL,
        )
        process, first_answer = start(options.binary, folder, options.port)
        idle = memory(process)
        results: dict[str, list[dict]] = {job: [] for job in JOBS}
        most = idle
        for _ in range(options.rounds):
            for job in JOBS:
                results[job].append(measure(job, options.port, options.seconds, folder / "ids"))
                most = max(most, memory(process))
        process.terminate()
        process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)

    summary = {
        job: {key: statistics.median(round[key] for round in rounds) for key in ("rate", "p50", "p99")}
        for job, rounds in results.items()
    }
    size = os.path.getsize(options.binary) / 1e6
    print(f"{options.rows} orders, wrk -t2 -c32, {options.rounds} rounds of {options.seconds} s, median\n")
    print(f"{'job':34}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}")
    for job, figures in summary.items():
        print(f"{job:34}{figures['rate']:>12,.0f}{figures['p50']:>10.2f}{figures['p99']:>10.2f}")
    ruled, plain = (summary[job]["rate"] for job in ("the same under a rule", "list of 20, filtered and sorted"))
    print(f"\nthe list under a rule: {ruled / plain:.0%} of the same list without one")
    print(f"start to first answer {first_answer:.0f} ms; memory idle {idle:.0f} MB, under load {most:.0f} MB")
    print(f"import {imported:,.0f} records/s; binary {size:.1f} MB")
    if options.json:
        options.json.write_text(json.dumps({
            "jobs": summary, "first_answer_ms": first_answer, "idle_mb": idle, "load_mb": most,
            "import_rate": imported, "binary_mb": size, "rows": options.rows,
        }, indent=2) + "\n")


if __name__ == "__main__":
    main()
