"""Serves an app with the program under test, and asks it things as clients do."""

import json, os, re, secrets, subprocess, sys, tempfile, threading, time
from pathlib import Path

import requests

FOLDER = Path(__file__).resolve().parent
PASSWORD = "correct horse battery"

APP = """
offstage: 1
name: Corner Shop
collections:
  orders:
    fields:
      customer: {type: relation, to: users, assign: user.id, on_delete: cascade}
      note: {type: text}
    access: {read: customer == user.id || user.role == "staff", create: has(user.id)}
accounts:
  sign_up: open
  fields:
    role: {type: choice, of: [customer, staff], default: customer, writable: false}
"""


class Lines:
    """What a process prints, kept as it comes."""

    def __init__(self, stream):
        self.lines, self.has_more = [], threading.Condition()
        threading.Thread(target=self.read, args=[stream], daemon=True).start()

    def read(self, stream):
        for line in stream:
            with self.has_more:
                self.lines.append(line.rstrip("\n"))
                self.has_more.notify_all()

    def wait(self, pattern, seconds=20):
        """The first line that matches."""
        until = time.monotonic() + seconds
        with self.has_more:
            while True:
                for line in self.lines:
                    if found := re.search(pattern, line):
                        return found
                left = until - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"nothing matched {pattern!r} in:\n" + "\n".join(self.lines))
                self.has_more.wait(left)

    @property
    def text(self):
        with self.has_more:
            return "\n".join(self.lines)


class Served:
    """An app that is served until the block ends."""

    program = None

    def __init__(self, app=APP, more="", environment=None, folder=None):
        self.own = tempfile.TemporaryDirectory() if folder is None else None
        self.folder = Path(folder or self.own.name)
        if folder is None:
            (self.folder / "offstage.yaml").write_text(app + more)
        self.environment = {**os.environ, **(environment or {})}
        for name in ("OFFSTAGE_MAIL", "OFFSTAGE_SECRET", "OFFSTAGE_DATABASE"):
            if name not in (environment or {}):
                self.environment.pop(name, None)

    def __enter__(self):
        self.start()
        return self

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "serve", "--app", self.folder, "--port", "0"], env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.output = Lines(self.process.stdout)
        self.base = self.output.wait(r"is served at (http://\S+)").group(1)

    def stop(self):
        self.process.terminate()
        assert self.process.wait(35) == 0, self.output.text

    def __exit__(self, *failure):
        if self.process.poll() is None:
            self.stop()
        if self.own:
            self.own.cleanup()

    def command(self, *arguments, code=0, input=None):
        """Runs a command of the program on the app; what it printed."""
        done = subprocess.run([self.program, *arguments, "--app", self.folder], env=self.environment, text=True,
                              input=input, capture_output=True, timeout=60)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done

    # Requests

    def post(self, path, body=None, token=None, **more):
        return self.send("POST", path, body, token, **more)

    def get(self, path, token=None, **more):
        return self.send("GET", path, None, token, **more)

    def send(self, method, path, body=None, token=None, **more):
        headers = more.pop("headers", {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return requests.request(method, self.base + path, json=body, headers=headers, timeout=30,
                                allow_redirects=False, **more)

    def sign_up(self, email=None, password=PASSWORD):
        email = email or f"{secrets.token_hex(6)}@example.com"
        answer = self.post("/auth/sign-up", {"email": email, "password": password})
        assert answer.status_code == 201, answer.text
        return email, answer.json()["token"]

    def sign_in(self, email, password=PASSWORD, **more):
        return self.post("/auth/sign-in", {"email": email, "password": password, **more})


def unpadded(data: bytes) -> str:
    import base64
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def padded(text: str) -> bytes:
    import base64
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
