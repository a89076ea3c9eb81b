"""What schemathesis can't know from the document: how tables are written, and what only the server can make.

No check is switched off. Each hook changes a request to one that the document means, and says why it has to. Wrong texts and
values are left to schemathesis.
"""

import base64
import binascii
import csv
import io
import itertools
import json
import os
import re
import uuid

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.openapi.checks import UnsupportedMethodResponse
from schemathesis.specs.openapi.checks import unsupported_method

import accounts_by_hand
import requests_by_hand

UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")
KEY = re.compile(r'(?:[!#-~](?:[ -~]{0,253}[!-~])?|"[!#-~](?:[ -~]{0,253}[!-~])?")\Z')
COUNTER = itertools.count()
# Relations by the names of their fields, with the id of a record that is there.
TARGETS = json.loads(os.environ.get("RELATION_TARGETS", "{}"))


def cell(value):
    """A value as an import reads it from a cell: nothing is nothing, the empty text is in quotes."""
    if value is None:
        return ""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return '"' + json.dumps(value).replace('"', '""') + '"'


def is_table(value):
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


@schemathesis.serializer("text/csv")
def as_csv(ctx, value):
    if not is_table(value):
        return json.dumps(value).encode()
    names = list(dict.fromkeys(name for row in value for name in row)) or ["id"]
    header = io.StringIO()
    csv.writer(header, quoting=csv.QUOTE_ALL).writerow(names)
    lines = [",".join(cell(row.get(name)) for name in names) + "\r\n" for row in value]
    return (header.getvalue() + "".join(lines)).encode()


@schemathesis.serializer("application/x-ndjson")
def as_ndjson(ctx, value):
    if not isinstance(value, list):
        return json.dumps(value).encode()
    return "".join(json.dumps(row) + "\n" for row in value).encode()


@schemathesis.serializer("application/merge-patch+json")
def as_merge_patch(ctx, value):
    return json.dumps(value).encode()


def is_cursor(text):
    """Whether the server made it: base64url of the sort and the values at the place."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return None
    return parts[0] if isinstance(parts, list) and parts else None


def with_targets(row):
    """Any UUID is a well-formed relation, and the document can't say which records are there."""
    for name, target in TARGETS.items():
        value = row.get(name)
        if isinstance(value, str) and UUID.match(value):
            row[name] = target
        elif isinstance(value, list):
            row[name] = [target if isinstance(one, str) and UUID.match(one) else one for one in value]


# Fields whose values are texts without a pattern or a least length, by their names in both apps.
TEXTS = {"name", "serial", "tags", "secret", "word", "message", "item", "reason", "_key", "title", "story", "cause", "text"}
LISTS = {"tags", "sizes", "colours", "nearby"}
BOOLEANS = {"active", "tell_me"}


def as_in_a_form(row, is_table):
    """Keeps wrong what was meant to be wrong where forms and tables know only texts, the empty one being no value."""
    for name, value in row.items():
        if name in LISTS and value is not None and not isinstance(value, list):
            # One text under a list's name is a list of one.
            row[name] = "\x00"
        elif name in BOOLEANS and value is not None and not isinstance(value, bool):
            # A form says yes and no in several ways: 1 and 0, on and off.
            row[name] = "-"
        elif name not in TEXTS:
            if value == "" or value is None and name == "id":
                row[name] = "-"
            elif isinstance(value, list):
                row[name] = ["-" if one == "" else one for one in value]
        elif isinstance(value, dict):
            # An object is sent as its text, and would be a right one.
            row[name] = "\x00"
    # There is no null in a form: what is nothing is not sent.
    if not is_table:
        for name in [name for name, value in row.items() if value is None]:
            del row[name]


def without_nul(value):
    """Any JSON is right in a `json` field but for NUL in its texts, which would take a recursive schema to say."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [without_nul(one) for one in value]
    if isinstance(value, dict):
        return {name.replace("\x00", ""): without_nul(one) for name, one in value.items()}
    return value


# What an address may have, by how it ends. A method that is nobody's is refused with 401 when it would create, and with 404
# else.
METHODS = {"import": {"POST"}, "summary": {"GET"}, "{id}": {"GET", "PATCH", "PUT", "DELETE"}}


@schemathesis.check
def unsupported_method_or_nobodys(ctx, response, case):
    """`unsupported_method`, which can't be told of more statuses: 405, or what the rules say of a method that is nobody's."""
    try:
        return unsupported_method(ctx, response, case)
    except UnsupportedMethodResponse:
        methods = METHODS.get(case.operation.path.rsplit("/", 1)[-1], {"GET", "POST"})
        method = response.request.method
        if case.operation.path.startswith("/api/") and method in methods:
            if response.status_code == (401 if method in ("POST", "PUT") else 404):
                return None
        raise


@schemathesis.auth(refresh_interval=None).apply_to(path_regex="^/auth/")
class OwnSession:
    """The session of an account that is there, wherever one is needed. Below /api everybody is a visitor."""

    def get(self, case, ctx):
        return accounts_by_hand.session_for(case)

    def set(self, case, data, ctx):
        if data:
            case.headers = case.headers or {}
            case.headers["Authorization"] = "Bearer " + data


def is_meant(case, place):
    """Whether this part of the request is meant to be right."""
    part = case.meta.components.get(place) if case.meta else None
    return part is None or part.mode == GenerationMode.POSITIVE


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.operation.path.startswith("/auth/"):
        accounts_by_hand.prepare(case, is_meant(case, ParameterLocation.BODY))
    requests_by_hand.choose_records(case, is_meant(case, ParameterLocation.QUERY))
    requests_by_hand.keep_rules(case, is_meant(case, ParameterLocation.BODY))
    headers = case.headers or {}
    # A key stands for one request. A generator that sends one twice with other bodies is told so (422).
    key = headers.get("Idempotency-Key")
    if isinstance(key, str) and KEY.match(key):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    # A made-up tag is no version, and would let hardly any write get further than 412: every second one stays.
    if "If-Match" in headers and not re.fullmatch(r'"[0-9]+"', str(headers["If-Match"])) and next(COUNTER) % 2:
        del case.headers["If-Match"]
    # A cursor is made by the server, for one order.
    query = case.query or {}
    if isinstance(query.get("after"), str):
        sort = is_cursor(query["after"])
        if sort != "id" or query.get("sort") is not None:
            del case.query["after"]
    body = case.body
    for row in body if isinstance(body, list) else [body]:
        if isinstance(row, dict):
            with_targets(row)
            if (case.media_type or "").startswith(("text/csv", "multipart/", "application/x-www-form-urlencoded")):
                as_in_a_form(row, case.media_type.startswith("text/csv"))
            # What fills the trap is thanked, whatever else is wrong with it.
            row.pop("_trap", None)
            if "details" in row:
                row["details"] = without_nul(row["details"])
                # The document says that a form has it as JSON (contentType), which schemathesis does not read.
                if (case.media_type or "").startswith(("multipart/", "application/x-www-form-urlencoded")):
                    row["details"] = json.dumps(row["details"])
