"""The server under valgrind's callgrind, which counts every instruction that it runs and every call of a function.

Each dump sets the counts back to nothing, so what a piece of work costs is the dump at its end; start-up and warm-up fall
out. Valgrind runs one thread at a time; one event loop, on one processor, leaves as little to chance as can be.
"""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from programs import READY, Offstage
from servers import Server, free_port

DUMP_SECONDS_MAX = 60
# Of the C library. `operator new` and Swift's allocator end in one of them.
ALLOCATING = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign"}


@dataclass
class Counts:
    instructions: int
    allocations: int


class CountedServer(Server):
    """`offstage serve` of a program, counted."""

    def __init__(self, program: Offstage):
        port = free_port()
        self.out = program.folder / "counts"
        self.dumps = 0
        # The processor with the highest number, as interrupts mostly go to the first.
        command = [
            "taskset", "-c", max(os.sched_getaffinity(0)),
            "valgrind", "--tool=callgrind", "--fair-sched=yes", f"--callgrind-out-file={self.out}",
            program.binary, "serve", "--app", program.folder, "--port", port, "--quiet",
        ]
        super().__init__(command, port, READY, program.folder / "log", {"NIO_SINGLETON_GROUP_LOOP_COUNT": "1"})

    def counts(self) -> Counts:
        """What was counted since the last time, or since the start."""
        self.dumps += 1
        file = Path(f"{self.out}.{self.dumps}")
        asked = subprocess.run(["callgrind_control", "--dump", str(self.process.pid)], capture_output=True, text=True, timeout=DUMP_SECONDS_MAX)
        deadline = time.monotonic() + DUMP_SECONDS_MAX
        while not (file.exists() and "\ntotals: " in (text := file.read_text(errors="replace"))):
            if time.monotonic() > deadline or self.process.poll() is not None:
                sys.exit(f"callgrind writes no {file.name}: {asked.stdout}{asked.stderr}{self.log.read_text()[-2000:]}")
            time.sleep(0.01)
        return read(text)


def read(dump: str) -> Counts:
    """The sums of a dump: valgrind's manual, "Callgrind Format Specification"."""
    names: dict[str, str] = {}
    caller = called = ""
    allocations = 0
    for line in dump.splitlines():
        # "(12) malloc" gives a name a number, "(12)" is that name again. What follows a quote is how deep a recursion is.
        if found := re.match(r"(c?fn)=\((\d+)\)(?: ([^']*))?", line):
            kind, number, name = found.groups()
            name = names.setdefault(number, name or "")
            caller, called = (name, called) if kind == "fn" else (caller, name)
        elif line.startswith("calls=") and called in ALLOCATING and caller not in ALLOCATING:
            allocations += int(line.split()[0].removeprefix("calls="))
    return Counts(int(re.search(r"^totals: (\d+)", dump, re.MULTILINE).group(1)), allocations)
