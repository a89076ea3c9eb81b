"""Runs wrk against a server and reads what it measured. Whatever is not answered with 2xx or 3xx ends the run."""

import os
import re
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from servers import Server

HERE = Path(__file__).resolve().parent
CONNECTIONS = 32
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
CONNECT_SECONDS_MAX = 10


@dataclass
class Load:
    """Answers a second, latencies in milliseconds, and the number of answers."""

    rate: float
    p50: float
    p99: float
    answers: int


def load(server: Server, address: str, seconds: int, script: str | None = None, ids: Path | None = None, connections: int = CONNECTIONS) -> Load:
    """From as many connections, each asking again once it is answered. A script of this folder takes the place of the address."""
    with start(server, address, seconds, script, ids, connections) as process:
        text = read(process)
    return parse(text)


def medians(loads: list[Load]) -> dict[str, float | list[float]]:
    """With the rate of each round, which tell how noisy the machine was."""
    return {
        "rate": statistics.median(load.rate for load in loads),
        "p50_ms": statistics.median(load.p50 for load in loads),
        "p99_ms": statistics.median(load.p99 for load in loads),
        "rates": [load.rate for load in loads],
    }


class Beside:
    """What is sent beside a measurement, for as long as it lasts; then `rate` says how many a second were answered."""

    def __init__(self, server: Server, script: str, connections: int):
        self.server, self.script, self.connections = server, script, connections

    def __enter__(self) -> "Beside":
        already = self.server.connections()
        self.process = start(self.server, "/", 3600, self.script, None, self.connections)
        deadline = time.monotonic() + CONNECT_SECONDS_MAX
        while self.server.connections() < already + self.connections:
            if time.monotonic() > deadline or self.process.poll() is not None:
                self.process.kill()
                sys.exit(f"wrk did not open {self.connections} connections for {self.script}")
            time.sleep(0.01)
        return self

    def __exit__(self, *failure) -> None:
        # wrk ends at once on SIGINT, and tells what it measured until then.
        self.process.send_signal(signal.SIGINT)
        with self.process:
            self.rate = rate(read(self.process))


def start(server: Server, address: str, seconds: int, script: str | None, ids: Path | None, connections: int) -> subprocess.Popen:
    command = ["wrk", f"-t{max(1, min(2, connections // 4))}", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "--latency"]
    command += ["-s", script] if script else []
    return subprocess.Popen(
        [*command, server.url + address], stdout=subprocess.PIPE, text=True, cwd=HERE, env={**os.environ, "IDS": str(ids)},
    )


def read(process: subprocess.Popen) -> str:
    text, _ = process.communicate()
    if process.returncode or "Non-2xx" in text or "Socket errors" in text:
        sys.exit(f"{' '.join(process.args)}:\n{text}")
    return text


def parse(text: str) -> Load:
    def latency(share: int) -> float:
        found = re.search(rf"^ +{share}%\s+([\d.]+)(us|ms|s|m) *$", text, re.MULTILINE)
        if not found:
            sys.exit(f"nothing was answered:\n{text}")
        return float(found.group(1)) * MILLISECONDS[found.group(2)]

    answers = int(re.search(r"(\d+) requests in", text).group(1))
    return Load(rate=rate(text), p50=latency(50), p99=latency(99), answers=answers)


def rate(text: str) -> float:
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
