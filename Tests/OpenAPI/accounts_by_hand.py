"""The account in whose name schemathesis asks below /auth, and what it knows: its password.

Requests that end its session or delete it are made like all others; the next request gets a new account then.
"""

import itertools
import json
import os
import urllib.error
import urllib.request

PASSWORD = "a few words in a row"
COUNTER = itertools.count()
KNOWN = {}
# Whose body holds the password that the account has now.
PROVEN = {"deleteOwnAccount", "changePassword", "changeEmail", "startCodes", "startPasskey", "makeKey"}


def from_elsewhere():
    """A network address that nobody else has: limits count by it."""
    number = next(COUNTER)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def ask(method, path, body=None, token=None):
    headers = {"X-Forwarded-For": from_elsewhere()}
    if token:
        headers["Authorization"] = "Bearer " + token
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(os.environ["APP_ADDRESS"] + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def is_open():
    return bool(KNOWN) and ask("GET", "/auth/me", token=KNOWN["token"])[0] == 200


def session():
    """The session of an account that is there; None where nobody may sign up."""
    if not is_open():
        KNOWN.clear()
        email = f"person{next(COUNTER)}@example.com"
        status, body = ask("POST", "/auth/sign-up", {"email": email, "password": PASSWORD})
        if status != 201:
            return None
        KNOWN.update(email=email, token=json.loads(body)["token"])
    return KNOWN["token"]


def identifier(case):
    return case.operation.definition.raw.get("operationId", "").removesuffix("ByForm")


def session_for(case):
    ways = case.operation.definition.raw.get("security", [])
    if any("bearer" in way for way in ways) or identifier(case) == "signIn":
        token = session()
        return token if ways else None
    return None


def prepare(case, is_meant):
    case.headers = case.headers or {}
    case.headers["X-Forwarded-For"] = from_elsewhere()
    if not is_meant or not isinstance(case.body, dict):
        return
    if identifier(case) in PROVEN:
        case.body["password"] = PASSWORD
    # Every second sign-in is one of somebody who is known.
    if identifier(case) == "signIn" and KNOWN and next(COUNTER) % 2:
        case.body.update(email=KNOWN["email"], password=PASSWORD)
    # Its password is another one afterwards.
    if identifier(case) == "changePassword":
        KNOWN.clear()
