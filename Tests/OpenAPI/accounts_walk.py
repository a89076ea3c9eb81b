"""Goes through an account's life, and holds each answer against the document: its status and its body."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time
import urllib.error
import urllib.request

from jsonschema import Draft202012Validator

FIRST, SECOND, THIRD = "a few words in a row", "another few of them", "and some more words"
# What takes an authenticator that signs; Tests/Accounts has one.
NEEDS_A_PASSKEY = {("addPasskey", 201), ("removePasskey", 204), ("signInWithPasskey", 200)}


class Walk:
    def __init__(self, app, document):
        self.app, self.document = app, document
        self.token = None
        self.seen = set()
        self.mails = 0

    def ask(self, method, path, status, body=None, **values):
        """The JSON of the answer, which must be as the operation says."""
        operation = self.document["paths"][path][method.lower()]
        headers = {"Authorization": "Bearer " + self.token} if self.token else {}
        data = None
        if body is not None:
            self.holds(body, operation["requestBody"]["content"]["application/json"]["schema"])
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(self.app.address + path.format(**values), data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                found, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            found, text = error.code, error.read()
        assert found == status, f"{method} {path}: {found}, not {status}: {text[:500]}"
        assert str(status) in operation["responses"], f"{method} {path}: {status} is not described"
        self.seen.add((operation["operationId"], status))
        if status >= 400:
            return json.loads(text)
        content = operation["responses"][str(status)].get("content")
        if not content:
            assert not text
            return None
        answer = json.loads(text)
        self.holds(answer, content["application/json"]["schema"])
        return answer

    def holds(self, value, schema):
        Draft202012Validator(schema | {"components": self.document["components"]}).validate(value)

    def link(self):
        """The token in the next mail, which a server without mail says."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = re.findall(r"^ +\S+(?:token)=(\S+)$", "".join(self.app.said), re.M)
            if len(found) > self.mails:
                self.mails += 1
                return found[self.mails - 1]
            time.sleep(0.05)  # polls
        raise AssertionError(f"no mail: {self.app.said}")


def code(secret):
    """RFC 6238: six digits of SHA-1, each 30 seconds."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def walk(app, document):
    w = Walk(app, document)
    enter(w)
    mails(w)
    codes(w)
    rest(w)
    wanted = {
        (operation["operationId"], int(status))
        for path, operations in document["paths"].items() if path.startswith("/auth/")
        for operation in operations.values() if operation["tags"] == ["Accounts"]
        for status in operation["responses"] if status < "300"
    }
    missing = wanted - w.seen - NEEDS_A_PASSKEY
    assert not missing, f"never seen: {sorted(missing)}"
    return f"        {len(w.seen)} answers of /auth\n"


def enter(w):
    new = {"email": "ada@example.com", "password": FIRST, "name": "Ada", "nickname": "A"}
    made = w.ask("POST", "/auth/sign-up", 201, new)
    assert made["user"]["role"] == "customer" and "password" not in made["user"]
    verification = w.link()
    w.ask("POST", "/auth/sign-up", 201, new)
    w.ask("POST", "/auth/sign-up", 409, new | {"password": SECOND})
    w.ask("POST", "/auth/sign-up", 422, {"email": "grace@example.com", "password": "password1234"})
    w.ask("GET", "/auth/me", 401)
    w.ask("POST", "/auth/sign-in", 401, {"email": "ada@example.com", "password": SECOND})
    w.token = w.ask("POST", "/auth/sign-in", 200, {"email": "ADA@example.com", "password": FIRST})["token"]
    assert w.ask("GET", "/auth/me", 200)["email"] == "ada@example.com"
    assert w.ask("PATCH", "/auth/me", 200, {"nickname": "Countess"})["nickname"] == "Countess"
    assert [one["current"] for one in w.ask("GET", "/auth/sessions", 200)["items"]].count(True) == 1
    w.ask("POST", "/auth/verify", 202)
    w.ask("POST", "/auth/verify", 401, {"token": verification})
    w.ask("POST", "/auth/verify", 204, {"token": w.link()})
    assert w.ask("GET", "/auth/me", 200)["verified"]


def mails(w):
    w.ask("POST", "/auth/email", 422, {"email": "ada@example.org", "password": SECOND})
    w.ask("POST", "/auth/email", 202, {"email": "ada@example.org", "password": FIRST})
    w.ask("POST", "/auth/verify", 204, {"token": w.link()})
    w.ask("POST", "/auth/password", 204, {"password": FIRST, "new_password": SECOND})
    w.ask("POST", "/auth/reset", 202, {"email": "nobody@example.com"})
    w.ask("POST", "/auth/reset", 202, {"email": "ada@example.org"})
    w.ask("POST", "/auth/reset", 204, {"token": w.link(), "password": THIRD})
    w.ask("GET", "/auth/me", 401)
    w.token = None
    w.ask("POST", "/auth/link", 202, {"email": "ada@example.org"})
    link = w.link()
    w.token = w.ask("POST", "/auth/link", 200, {"token": link})["token"]
    w.ask("POST", "/auth/link", 401, {"token": link})


def codes(w):
    w.ask("POST", "/auth/totp", 409, {"code": "123456"})
    secret = w.ask("POST", "/auth/totp/setup", 200, {"password": THIRD})
    confirmation = {"ticket": secret["ticket"], "code": code(secret["secret"])}
    recovery = w.ask("POST", "/auth/totp/confirm", 200, confirmation)["recovery_codes"]
    assert w.ask("GET", "/auth/totp", 200) == {"enabled": True, "recovery_codes_left": 10}
    w.ask("POST", "/auth/totp", 422, {"code": "nothing"})
    w.ask("POST", "/auth/totp", 204, {"code": recovery[0]})
    needed = w.ask("POST", "/auth/sign-in", 200, {"email": "ada@example.org", "password": THIRD})
    assert needed["needs"] == "totp"
    w.token = w.ask("POST", "/auth/totp", 200, {"ticket": needed["ticket"], "code": recovery[1]})["token"]
    recovery = w.ask("POST", "/auth/totp/recovery", 200, {"code": recovery[2]})["recovery_codes"]
    w.ask("DELETE", "/auth/totp", 204, {"code": recovery[0]})


def rest(w):
    w.ask("GET", "/auth/passkeys", 200)
    w.ask("POST", "/auth/passkeys/options", 200, {"password": THIRD})
    w.ask("POST", "/auth/passkeys/sign-in/options", 200)
    w.ask("GET", "/auth/with", 200)
    key = w.ask("POST", "/auth/keys", 201, {"name": "Export", "scope": {"things": ["read"]}, "password": THIRD})
    w.ask("GET", "/auth/keys", 200)
    person, w.token = w.token, key["token"]
    w.ask("GET", "/auth/me", 200)
    w.ask("GET", "/auth/keys", 403)
    w.token = person
    w.ask("DELETE", "/auth/keys/{id}", 204, id=key["id"])
    other = w.ask("POST", "/auth/sign-up", 201, {"email": "grace@example.com", "password": FIRST})
    w.token = other["token"]
    w.link()
    again = w.ask("GET", "/auth/sessions", 200)["items"]
    assert len(again) == 1
    w.ask("DELETE", "/auth/sessions", 204)
    w.ask("DELETE", "/auth/sessions/{id}", 204, id=again[0]["id"])
    w.token = w.ask("POST", "/auth/sign-in", 200, {"email": "grace@example.com", "password": FIRST})["token"]
    w.ask("DELETE", "/auth/me", 422)
    w.ask("DELETE", "/auth/me", 204, {"password": FIRST})
    w.token = None
    w.ask("POST", "/auth/sign-out", 204)
