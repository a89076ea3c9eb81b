"""The accounts that sign-in.lua signs in to, again and again."""

import http.client
import json
import sys

from servers import Server

CLIENTS = 32
SCRIPT = "sign-in.lua"
PASSWORD = "correct horse battery"


def sign_up(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for number in range(CLIENTS):
        account = json.dumps({"email": f"person{number}@example.com", "password": PASSWORD})
        connection.request("POST", "/auth/sign-up", account, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 201:
            sys.exit(f"signing up: {answer.status} {text}")
