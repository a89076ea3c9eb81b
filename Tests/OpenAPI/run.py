"""Tests the document of running apps: it is valid OpenAPI, schemathesis finds no request that is answered otherwise than it
says, and clients that are generated from it work. Each test is a function whose name starts with `test_`; it returns what is to
be said about it. Two run at a time."""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request

from openapi_spec_validator import validate

import accounts_walk
import clients
from app import App

HERE = pathlib.Path(__file__).resolve().parent
SHOP = HERE.parent.parent / "examples/shop"
PLACE = "00000000-0000-4000-8000-000000000001"
# Neither can be deleted by a visitor; the second is not theirs to see.
TICKET, CLOSED = "00000000-0000-4000-8000-000000000002", "00000000-0000-4000-8000-000000000003"
# The same cases each time; another seed is for who looks for more.
SEED = os.environ.get("SEED", "20261122")


def everything():
    tickets = [
        {"id": TICKET, "title": "Green tea is out", "severity": 9, "reason": "thirst", "place": PLACE, "nearby": [PLACE]},
        {"id": CLOSED, "title": "Done", "state": "closed", "follows": TICKET},
    ]
    rows = {
        "places": [{"id": PLACE, "name": "Here"}], "tickets": tickets, "notices": [{"text": "Look", "ticket": CLOSED}],
    }
    lines = {name: "".join(json.dumps(row) + "\n" for row in all) for name, all in rows.items()}
    return App(os.environ["OFFSTAGE_BINARY"], HERE / "app", lines)


def shop():
    seeds = {name: SHOP / f"seed/{name}.csv" for name in ("categories", "products")}
    return App(os.environ["OFFSTAGE_BINARY"], SHOP, seeds)


def document(app):
    with urllib.request.urlopen(app.address + "/openapi.json", timeout=20) as answer:
        return json.load(answer)


def is_valid(app):
    found = document(app)
    assert found["openapi"].startswith("3.1."), found["openapi"]
    assert len(found["paths"]) > 5
    validate(found)


def schemathesis_finds_nothing(app, examples):
    report = pathlib.Path(os.environ["REPORTS"]) / f"schemathesis-{app.folder.name}.txt"
    environment = os.environ | {
        "RELATION_TARGETS": json.dumps({"place": PLACE, "nearby": PLACE, "follows": TICKET, "ticket": TICKET}), "APP_ADDRESS": app.address, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1",
    }
    with report.open("w") as output:
        done = subprocess.run(
            [
                os.environ["VENV"] + "/bin/schemathesis", "--config-file", HERE / "schemathesis.toml",
                "run", app.address + "/openapi.json", "--seed", SEED, "--max-examples", str(examples),
            ],
            cwd=report.parent, env=environment, stdout=output, stderr=subprocess.STDOUT, timeout=1200,
        )
    text = report.read_text()
    tail = text[text.rfind("= SUMMARY =") :]
    assert done.returncode == 0, f"{report}:\n{tail}\n{text[:6000]}"
    assert not any("error" in line.lower() or "panic" in line.lower() for line in app.said), app.said[:10]
    return "        " + next(line.strip() for line in text.splitlines() if " generated, " in line) + "\n"


def test_the_document_of_the_shop_is_valid():
    with shop() as app:
        is_valid(app)


def test_the_document_of_everything_is_valid():
    with everything() as app:
        is_valid(app)


def test_accounts_answer_as_the_document_says():
    with everything() as app:
        return accounts_walk.walk(app, document(app))


def test_schemathesis_finds_nothing_in_the_shop():
    with shop() as app:
        return schemathesis_finds_nothing(app, 6)


def test_schemathesis_finds_nothing_in_everything():
    with everything() as app:
        return schemathesis_finds_nothing(app, 6)


def test_a_generated_python_client_works():
    with everything() as app:
        return clients.python(app, PLACE)


def test_a_generated_typescript_client_works():
    with everything() as app:
        return clients.typescript(app, PLACE)


def outcome(name, function):
    """How a test ends, and what is to be said of it."""
    start = time.monotonic()
    try:
        said = function() or ""
        return "passed", f"{said}passed  {name} ({time.monotonic() - start:.1f} s)"
    except clients.Missing as missing:
        return "skipped", f"skipped {name}: {missing}"
    except Exception as error:
        return "failed", f"FAILED  {name}\n        {type(error).__name__} {str(error)[:8000]}"


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    tests = [(name, function) for name, function in globals().items() if name.startswith("test_") and wanted in name]
    # The long ones first, so that no core waits at the end.
    tests.sort(key=lambda test: "finds_nothing_in_everything" not in test[0])
    counts = dict.fromkeys(["passed", "failed", "skipped"], 0)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        started = [pool.submit(outcome, name.removeprefix("test_").replace("_", " "), function) for name, function in tests]
        for one in concurrent.futures.as_completed(started):
            kind, said = one.result()
            counts[kind] += 1
            print(said, flush=True)
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()))
    sys.exit(1 if counts["failed"] or not counts["passed"] else 0)


main()
