"""The programs that are measured. Each fills its database with the rows of rows.py and serves them at the same addresses:

/api/orders/ID, /api/orders and /forms/contact. Only how a list is asked for differs.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import installed
from rows import Rows
from servers import Server, free_port

HERE = Path(__file__).resolve().parent
READY = "/api/orders?limit=1"
PYTHON = {"PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}


class Offstage:
    """The release binary with the app file of this folder."""

    name = "Offstage"
    listed = "/api/orders?filter=status%20%3D%3D%20arg.status&arg.status=paid&sort=-created&limit=20"
    counted = listed + "&count=true"

    def __init__(self, binary: Path, folder: Path, url: str | None = None):
        self.binary, self.folder = binary, folder
        self.environment = {"OFFSTAGE_DATABASE": url} if url else {}
        self.database = folder / "data/offstage.db"
        folder.mkdir()
        shutil.copy(HERE / "offstage.yaml", folder)

    def fill(self, collection: str, file: Path) -> None:
        run([self.binary, "import", collection, file, "--app", self.folder], self.environment)

    def serve(self) -> Server:
        port = free_port()
        command = [self.binary, "serve", "--app", self.folder, "--port", port, "--quiet"]
        return Server(command, port, READY, self.folder / "log", self.environment)


class FastAPI:
    """Benchmarks/fastapi under uvicorn, on a SQLite file of its own. The workers are processes."""

    name = "FastAPI"
    listed = "/api/orders?status=paid&limit=20"
    counted = listed + "&count=true"
    ways = [{"workers": 1}, {"workers": 2}]
    home = HERE / "fastapi"

    def __init__(self, database: Path, synchronous: str):
        self.database, self.log = database, database.with_suffix(".log")
        self.environment = {**PYTHON, "DATABASE": str(database), "SYNCHRONOUS": synchronous}

    def fill(self, rows: Rows) -> None:
        run([installed.binaries("fastapi") / "python", "prepare.py", rows.orders, rows.messages], self.environment, self.home)

    def serve(self, workers: int = 1) -> Server:
        port = free_port()
        command = [installed.binaries("fastapi") / "uvicorn", "app:app", "--port", port, "--workers", workers,
                   "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
        return Server(command, port, READY, self.log, self.environment, self.home)


class Django:
    """Benchmarks/django under gunicorn, on a SQLite file of its own. The workers are processes."""

    name = "Django REST"
    listed = "/api/orders?status=paid&limit=20"
    counted = listed + "&count=true"
    ways = [{"workers": 2, "threads": 1}, {"workers": 2, "threads": 4}]
    home = HERE / "django"

    def __init__(self, database: Path, synchronous: str):
        self.database, self.log = database, database.with_suffix(".log")
        self.environment = {**PYTHON, "DATABASE_URL": f"sqlite://{database}", "SYNCHRONOUS": synchronous}

    def fill(self, rows: Rows) -> None:
        run([installed.binaries("django") / "python", "prepare.py", rows.orders, rows.messages], self.environment, self.home)

    def serve(self, workers: int = 2, threads: int = 4) -> Server:
        port = free_port()
        environment = {**self.environment, "PORT": str(port), "WORKERS": str(workers), "THREADS": str(threads)}
        command = [installed.binaries("django") / "gunicorn", "--log-level", "warning"]
        return Server(command, port, READY, self.log, environment, self.home)


class DjangoOnPostgres(Django):
    """The same on a database of a PostgreSQL server."""

    def __init__(self, url: str, folder: Path):
        self.log = folder / "django.log"
        self.environment = {**PYTHON, "DATABASE_URL": url}


class Hummingbird:
    """A constant from a bare Hummingbird server, whatever is asked: Benchmarks/Floor."""

    name = "Hummingbird alone"

    def __init__(self, binary: Path, folder: Path):
        self.binary, self.log = binary, folder / "floor.log"

    def serve(self) -> Server:
        port = free_port()
        return Server([self.binary, "http", "--port", port], port, "/", self.log)


def run(command: list, environment: dict[str, str], folder: Path | None = None) -> None:
    done = subprocess.run(command, stdout=subprocess.DEVNULL, env={**os.environ, **environment}, cwd=folder)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed")
