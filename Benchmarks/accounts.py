"""The accounts that sign-in.lua signs in to, again and again."""

import http.client
import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import wrk
from servers import Server

ACCOUNTS = 32
SCRIPT = "sign-in.lua"
# For a server with more than one client that signs in; see the script.
PROXY = {"OFFSTAGE_TRUSTED_PROXIES": "127.0.0.1"}
SETTLE_SECONDS_MAX = 60
PASSWORD = "correct horse battery"


def sign_up(server: Server) -> None:
    for number in range(ACCOUNTS):
        status, text = post(server, "/auth/sign-up", number)
        if status != 201:
            sys.exit(f"signing up: {status} {text}")


@contextmanager
def signing_in(server: Server, clients: int) -> Iterator[wrk.Beside]:
    """While others sign in, again and again. Then waits for the hashes that they have left behind."""
    with wrk.Beside(server, SCRIPT, clients) as beside:
        yield beside
    deadline = time.monotonic() + SETTLE_SECONDS_MAX
    # Hashes are made in turn, so this one is the last; while the queue is full it is refused.
    while (answer := post(server, "/auth/sign-in", 0))[0] != 200:
        if answer[0] != 503 or time.monotonic() > deadline:
            sys.exit(f"signing in: {answer[0]} {answer[1]}")
        time.sleep(0.1)


def post(server: Server, path: str, number: int) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=SETTLE_SECONDS_MAX)
    with closing(connection):
        account = json.dumps({"email": f"person{number}@example.com", "password": PASSWORD})
        connection.request("POST", path, account, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
