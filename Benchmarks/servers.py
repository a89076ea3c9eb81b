"""Starts a program that serves HTTP, waits until it answers, tells what memory it takes, and ends all of its processes."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

START_SECONDS_MAX = 60
END_SECONDS_MAX = 35
ESTABLISHED = "01"


class Server:
    """A served program. Use it with `with`, so that it ends however the measurement does."""

    def __init__(self, command: list, port: int, ready: str, log: Path, environment: dict[str, str] | None = None, folder: Path | None = None):
        self.command, self.port, self.ready, self.log = list(map(str, command)), port, ready, log
        self.environment, self.folder = {**os.environ, **(environment or {})}, folder

    def __enter__(self) -> "Server":
        begin = time.perf_counter()
        with self.log.open("w") as log:
            # A session of its own makes its processes a group, which is measured and ended as one.
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, env=self.environment, cwd=self.folder, start_new_session=True,
            )
        try:
            self.wait()
        except BaseException:
            self.end()
            raise
        self.first_answer_ms = (time.perf_counter() - begin) * 1000
        return self

    def __exit__(self, *_) -> None:
        self.end()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                urllib.request.urlopen(self.url + self.ready, timeout=1).read()
                return
            except OSError:
                time.sleep(0.001)
        sys.exit(f"{self.command[0]} does not answer at {self.url}{self.ready}:\n{self.log.read_text()[-2000:]}")

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(END_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            print(f"{self.command[0]} did not end by itself", file=sys.stderr)
        for process in self.processes():
            os.kill(process, signal.SIGKILL)
        self.process.wait()

    def processes(self) -> list[int]:
        """Those of the group."""
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.getpgid(int(name)) == self.process.pid:
                    found.append(int(name))
            except ProcessLookupError:
                pass
        return found

    def memory(self) -> float:
        """In MB, of all processes; what several of them share counts once (PSS)."""
        kilobytes = 0
        for process in self.processes():
            try:
                rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            kilobytes += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return kilobytes / 1024

    def connections(self) -> int:
        """How many clients are connected."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(row[3] == ESTABLISHED and int(row[1].split(":")[1], 16) == self.port for row in rows)


def end_on_signals() -> None:
    """On Ctrl-C and SIGTERM the program exits, and so ends every server first."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: sys.exit(128 + number))


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
