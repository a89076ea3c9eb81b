"""An app, served by the real program from a throw-away folder on a free port."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading


class App:
    """One app folder and one running server; `with App(program, folder, rows) as app`."""

    def __init__(self, program, folder, rows):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.rows = rows

    def __enter__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="offstage-openapi-"))
        try:
            self.start()
        except BaseException:
            shutil.rmtree(self.root, ignore_errors=True)
            raise
        return self

    def start(self):
        place = self.root / "app"
        shutil.copytree(self.folder, place, ignore=shutil.ignore_patterns("data"))
        for collection, rows in self.rows.items():
            if isinstance(rows, str):
                file = self.root / f"{collection}.ndjson"
                file.write_text(rows)
            else:
                file = rows
            self.command("import", collection, str(file), "--app", str(place))
        # Limits of accounts count by network address. The tests stand for many people, so each request to /auth may say whose
        # it is, as it does behind a proxy.
        environment = os.environ | {"OFFSTAGE_TRUSTED_PROXIES": "127.0.0.1"}
        self.server = subprocess.Popen(
            [self.program, "serve", "--app", str(place), "--port", "0", "--quiet"], stderr=subprocess.PIPE, text=True, env=environment
        )
        watchdog = threading.Timer(20, self.server.kill)
        watchdog.start()
        line = self.server.stderr.readline()
        watchdog.cancel()
        found = re.search(r"http://localhost:(\d+)", line)
        assert found, f"the server says: {line}{self.server.stderr.read()}"
        # What it goes on to say is read, so that it never waits for a reader, and shown when something fails.
        self.said = []
        threading.Thread(target=lambda: self.said.extend(self.server.stderr), daemon=True).start()
        self.address = f"http://127.0.0.1:{found.group(1)}"

    def command(self, *arguments):
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"

    def __exit__(self, *_):
        self.server.send_signal(signal.SIGTERM)
        try:
            self.server.wait(40)
        except subprocess.TimeoutExpired:
            self.server.kill()
            raise
        finally:
            shutil.rmtree(self.root, ignore_errors=True)
