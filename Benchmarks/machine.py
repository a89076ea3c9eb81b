"""What machine this is and which versions are on it, since figures mean nothing without."""

import datetime
import os
import platform
import re
import sqlite3
import subprocess
from pathlib import Path

import installed

PACKAGES = {"fastapi": ["fastapi", "uvicorn", "uvloop"], "django": ["django", "djangorestframework", "gunicorn"]}


def describe(folder: Path) -> dict[str, str]:
    """The machine, with the file system that a folder is on."""
    processor = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text()).group(1)) / 2**20
    return {
        "date": datetime.date.today().isoformat(),
        "processor": processor.group(1) if processor else platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GB",
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", "Linux") + ", Linux " + platform.release().split("-")[0],
        "file system": output(["findmnt", "-no", "FSTYPE", "-T", folder]),
    }


def versions(binary: Path, peers: list[str]) -> dict[str, str]:
    found = {
        "Offstage": output([binary, "--version"]),
        "Swift": first(r"Swift version (\S+)", output(["swift", "--version"])),
        "SQLite": output(["dpkg-query", "-W", "-f", "${Version}", "libsqlite3-dev"]).split("-")[0],
        "wrk": first(r"wrk (?:debian/)?([\d.]+)", output(["wrk", "-v"], statuses=(0, 1))),
    }
    if peers:
        found |= {"Python": platform.python_version(), "SQLite of Python": sqlite3.sqlite_version}
    for peer in peers:
        found |= {package: installed.version(peer, package) for package in PACKAGES[peer]}
    return found


def output(command: list, statuses: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in statuses:
        done.check_returncode()
    return (done.stdout + done.stderr).strip()


def first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found.group(1) if found else text
