"""The shop, served by the real program from a fresh folder with its seeds imported."""

import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading


class Shop:
    """One app folder and one running server; `with Shop(program) as shop`."""

    def __init__(self, program):
        self.program = program

    def __enter__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="offstage-browser-"))
        try:
            self.start()
        except BaseException:
            shutil.rmtree(self.root, ignore_errors=True)
            raise
        return self

    def prepare(self):
        self.command("new", str(self.app), "--example", "shop", with_app=False)
        self.command("import", "categories", str(self.app / "seed/categories.csv"))
        self.command("import", "products", str(self.app / "seed/products.csv"))

    def start(self):
        self.app = self.root / "shop"
        self.prepare()
        self.server = subprocess.Popen(
            [self.program, "serve", "--app", str(self.app), "--port", "0", "--quiet"],
            stderr=subprocess.PIPE,
            text=True,
        )
        watchdog = threading.Timer(20, self.server.kill)
        watchdog.start()
        line = self.server.stderr.readline()
        watchdog.cancel()
        found = re.search(r"http://localhost:\d+", line)
        assert found, f"the server says: {line}{self.server.stderr.read()}"
        self.address = found.group()

    def __exit__(self, *_):
        self.server.send_signal(signal.SIGTERM)
        try:
            self.server.wait(40)
        except subprocess.TimeoutExpired:
            self.server.kill()
            raise
        finally:
            shutil.rmtree(self.root, ignore_errors=True)

    def command(self, *arguments, with_app=True):
        """What a command prints; it must end well."""
        place = ["--app", str(self.app)] if with_app else []
        done = subprocess.run([self.program, *arguments, *place], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def stored(self, query):
        """The rows of a query, asked of the file with the sqlite3 shell where there is one."""
        path = str(self.app / "data/offstage.db")
        shell = shutil.which("sqlite3")
        if shell:
            done = subprocess.run([shell, "-readonly", "-separator", "\x1f", path, query], capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            return [tuple(line.split("\x1f")) for line in done.stdout.splitlines()]
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            return [tuple(str(cell) for cell in row) for row in database.execute(query)]
