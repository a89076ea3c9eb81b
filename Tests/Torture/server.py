"""The program under test as a process on a folder of its own."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from connection import Connection, Gone
from shim import Shim

APP = Path(__file__).with_name("offstage.yaml")


# Servers that may be running, to be ended whatever happens.
STARTED: set["Server"] = set()


def end_all() -> None:
    for server in list(STARTED):
        server.kill()


class DidNotStart(Exception):
    """The program ended, or said nothing, before it served."""


class Server:
    """Starts, kills and stops the program. The folder and its database stay over restarts."""

    def __init__(self, binary: str, folder: Path, shim: Shim | None = None, limits: tuple[str, ...] = ()):
        self.binary, self.folder, self.shim, self.limits = binary, folder, shim, limits
        self.data, self.output = folder / "data", folder / "output.txt"
        self.process: subprocess.Popen | None = None
        self.port = 0
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(APP, folder / "offstage.yaml")

    @property
    def environment(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not name.startswith("OFFSTAGE_")}

    def make_database(self) -> None:
        """An empty database with an owner: without one, each start writes an invitation, and so syncs."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        command = [self.binary, "user", "add", "owner@example.com", "--team", "owner", "--app", str(self.folder)]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)

    def launch(self) -> None:
        """Starts the process without waiting until it serves."""
        environment = self.environment | (self.shim.environment if self.shim else {})
        prefix = ["prlimit", *self.limits, "--"] if self.limits else []
        STARTED.add(self)
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*prefix, self.binary, "serve", "--app", str(self.folder), "--port", "0", "--quiet"],
                env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )

    def start(self, seconds: float = 30) -> "Server":
        self.launch()
        until = time.monotonic() + seconds
        while not (found := re.search(rb"is served at http://\S+:(\d+)", self.output.read_bytes())):
            if self.process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise DidNotStart(self.said())
            time.sleep(0.001)
        self.port = int(found.group(1))
        return self

    def said(self) -> str:
        """The end of what it printed since it was started."""
        return self.output.read_text(errors="replace")[-2000:].strip()

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.forget()

    def wait(self, seconds: float) -> bool:
        """Whether the process ends by itself within a time."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> int:
        """Asks it to stop, as an operator does; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.forget()
        return code

    def forget(self) -> None:
        if self.process:
            self.process.wait()
            self.process = None
        STARTED.discard(self)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def status_of(self, path: str) -> int:
        """What a GET is answered with; 0 when nobody answers."""
        try:
            connection = Connection(self.port)
            try:
                return connection.ask("GET", path).status
            finally:
                connection.close()
        except Gone:
            return 0

    def memory(self, which: str = "VmRSS") -> float:
        """Megabytes in memory now, or at most so far (VmHWM)."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(which + ":"):
                return int(line.split()[1]) / 1024
        return 0.0
