"""The Python programs of the comparison, installed from PyPI once and kept in .build-<name>/."""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def binaries(name: str) -> Path:
    """The folder of the commands that Benchmarks/<name>/requirements.txt brings. Installs anew when the file has changed."""
    home = HERE.parent / f".build-{name}"
    home.mkdir(exist_ok=True)
    # One installation at a time: they share the folder.
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install(HERE / name / "requirements.txt", home)
    return home / "venv/bin"


def install(requirements: Path, home: Path) -> None:
    done = home / "installed.txt"
    if done.exists() and done.read_text() == requirements.read_text():
        return
    shutil.rmtree(home / "venv", ignore_errors=True)
    pip = [home / "venv/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]
    for command in ([sys.executable, "-m", "venv", home / "venv"], pip):
        if subprocess.run(command).returncode:
            sys.exit(f"what {requirements.relative_to(HERE.parent)} names can't be had; --peers offstage,floor does without")
    shutil.copy(requirements, done)


def version(name: str, package: str) -> str:
    read = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run([binaries(name) / "python", "-c", read], check=True, capture_output=True, text=True).stdout.strip()
