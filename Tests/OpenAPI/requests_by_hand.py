"""Filters, searches and batches that mean something in the apps of the tests, and values that their rules and checks let pass.

They can't be generated: a schema has no grammar of expressions, and does not know who asks.
"""

import itertools
import re
import uuid

UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")
COUNTER = itertools.count()

# With the values that they name. They go for all collections.
FILTERS = [
    ("version > 0", {}),
    ("version <= int(arg.most)", {"arg.most": "3"}),
    ('created > timestamp("2026-01-01T00:00:00Z") || !(version == 1)', {}),
    ("created < timestamp(arg.until) && id != arg.other", {"arg.until": "2100-01-01T00:00:00Z", "arg.other": "a"}),
    ("updated >= created && user.id != id", {}),
]
SEARCHES = ["lamp", "gre te", '"green tea"', "tea -black", "Zür 7"]
# What visitors can't see of every record, and so can't name.
HIDDEN = re.compile(r"\b(?:cost|cause|handler)\b")
# What visitors can't write.
UNWRITABLE = ("cost", "handler", "team")

PLACE = "00000000-0000-4000-8000-000000000001"
RECORDS = {
    "things": {"name": "Lamp", "level": 3, "price": "1.50", "tags": ["@@home"]},
    "tickets": {"title": "Broken", "place": PLACE},
    "order_lines": {"place": PLACE, "amount": 2},
    "dropbox": {"word": "hello"},
    "notices": {"text": "hello"},
    "products": {"name": "Tea", "sku": "TEA-0001", "price": "3.50"},
}


def choose_records(case, is_meant):
    """Puts a filter and a search that can be read where there is a text for them."""
    query = case.query
    if not query:
        return
    text = query.get("filter")
    if isinstance(text, str) and 0 < len(text) <= 4096:
        for name in [name for name in query if name.startswith("arg.")]:
            del query[name]
        text, values = FILTERS[next(COUNTER) % len(FILTERS)]
        query["filter"] = text
        query.update(values)
    elif isinstance(text, bool):
        # The one word that is no text and still a filter.
        query["filter"] = "0"
    elif is_meant:
        for name in [name for name in query if name.startswith("arg.")]:
            del query[name]
    text = query.get("search")
    if isinstance(text, str) and 0 < len(text) <= 256:
        query["search"] = SEARCHES[next(COUNTER) % len(SEARCHES)]
    if is_meant:
        for name in ("sort", "fields", "group", "value", "expand"):
            if HIDDEN.search(str(query.get(name, ""))):
                del query[name]


def keep_rules(case, is_meant):
    """Keeps a right body from being refused for who sends it, or by a check."""
    body = case.body
    if not is_meant:
        return
    if case.operation.path == "/api/batch" and isinstance(body, dict) and isinstance(body.get("operations"), list):
        body["operations"] = as_one_batch(body["operations"])
        return
    for row in body if isinstance(body, list) else [body]:
        if not isinstance(row, dict):
            continue
        for name in UNWRITABLE:
            row.pop(name, None)
        if case.operation.path.startswith("/api/tickets"):
            # One that is not open is not there for visitors, not even right after it was made.
            if "state" in row:
                row["state"] = "open"
            if str(row.get("severity")) == "9":
                row["severity"] = 8


def as_one_batch(operations):
    """The same operations with values that the collections take, and references to what was made before."""
    made = {}
    done = []
    for number, operation in enumerate(operations):
        verb = next(name for name in ("create", "update", "replace", "delete") if name in operation)
        operation = dict(operation)
        collection = operation[verb].split("/")[0]
        if "as" in operation:
            operation["as"] = f"r{number}"
        if "values" in operation:
            operation["values"] = RECORDS.get(collection, {})
        if verb == "create" and "as" in operation:
            made[collection] = operation["as"]
        elif verb != "create":
            known = made.get(collection)
            operation[verb] = f"{collection}/@{known}.id" if known else f"{collection}/{uuid.uuid4()}"
        done.append(operation)
    return done
