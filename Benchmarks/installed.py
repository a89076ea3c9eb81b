"""The Python programs of the comparison, installed from PyPI once and kept in .build-<name>/."""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def binaries(name: str) -> Path:
    """The folder of the commands that Benchmarks/<name>/requirements.txt brings. Installs anew when the file has changed."""
    requirements = HERE / name / "requirements.txt"
    home = HERE.parent / f".build-{name}"
    done = home / "installed.txt"
    if not done.exists() or done.read_text() != requirements.read_text():
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
        pip = [home / "venv/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", requirements], check=True)
        shutil.copy(requirements, done)
    return home / "venv/bin"


def version(name: str, package: str) -> str:
    read = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run([binaries(name) / "python", "-c", read], check=True, capture_output=True, text=True).stdout.strip()
