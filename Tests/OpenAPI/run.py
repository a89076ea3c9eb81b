"""Tests the document of running apps: it is valid OpenAPI, schemathesis finds no request that is answered otherwise than it
says, and clients that are generated from it work. Each test is a function whose name starts with `test_`."""

import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request

from openapi_spec_validator import validate

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
        "RELATION_TARGETS": json.dumps({"place": PLACE, "nearby": PLACE, "follows": TICKET, "ticket": TICKET}), "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1",
    }
    with report.open("w") as output:
        done = subprocess.run(
            [
                os.environ["VENV"] + "/bin/schemathesis", "--config-file", HERE / "schemathesis.toml",
                "run", app.address + "/openapi.json", "--seed", SEED, "--max-examples", str(examples),
            ],
            cwd=report.parent, env=environment, stdout=output, stderr=subprocess.STDOUT, timeout=600,
        )
    text = report.read_text()
    tail = text[text.rfind("= SUMMARY =") :]
    assert done.returncode == 0, f"{report}:\n{tail}\n{text[:6000]}"
    print("        " + next(line.strip() for line in text.splitlines() if " generated, " in line))
    assert not any("error" in line.lower() or "panic" in line.lower() for line in app.said), app.said[:10]


def test_the_document_of_the_shop_is_valid():
    with shop() as app:
        is_valid(app)


def test_the_document_of_everything_is_valid():
    with everything() as app:
        is_valid(app)


def test_schemathesis_finds_nothing_in_the_shop():
    with shop() as app:
        schemathesis_finds_nothing(app, 10)


def test_schemathesis_finds_nothing_in_everything():
    with everything() as app:
        schemathesis_finds_nothing(app, 8)


def test_a_generated_python_client_works():
    with everything() as app:
        clients.python(app, PLACE)


def test_a_generated_typescript_client_works():
    with everything() as app:
        clients.typescript(app, PLACE)


def main():
    passed, failed, skipped = 0, 0, 0
    for name, function in list(globals().items()):
        if not name.startswith("test_") or (len(sys.argv) > 1 and sys.argv[1] not in name):
            continue
        name = name.removeprefix("test_").replace("_", " ")
        start = time.monotonic()
        try:
            function()
            passed += 1
            print(f"passed  {name} ({time.monotonic() - start:.1f} s)", flush=True)
        except clients.Missing as missing:
            skipped += 1
            print(f"skipped {name}: {missing}", flush=True)
        except Exception as error:
            failed += 1
            print(f"FAILED  {name}\n        {type(error).__name__} {str(error)[:8000]}", flush=True)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed or not passed else 0)


main()
