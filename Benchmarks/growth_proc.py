"""What the system tells about a process: proc(5), and of schedstat the kernel's Documentation/scheduler/sched-stats.rst."""

import os
from pathlib import Path

TICK_US = 1_000_000 / os.sysconf("SC_CLK_TCK")


def processor_us(process: int) -> float:
    """User and system time of all its threads since its start, in microseconds."""
    # The name, in brackets, may hold anything; what follows it is fields 3 and up, of which 14 and 15 are wanted.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_US


def run_ms(process: int) -> float:
    """Time that the threads it has at the moment have run, in milliseconds: finer than ticks of 10, as a start needs it."""
    return sum(int(file.read_text().split()[0]) for file in Path(f"/proc/{process}/task").glob("*/schedstat")) / 1e6


def peak_mb(process: int) -> float:
    """The most memory that was ever resident; 0 when the process has ended.

    wait4(2) would tell it afterwards, but not less than the program that started the process had.
    """
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0)
