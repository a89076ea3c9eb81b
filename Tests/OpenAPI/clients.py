"""Generates clients from the document of a running app and lets each do a round of work against it."""

import os
import pathlib
import shutil
import subprocess
import sys
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent


class Missing(Exception):
    """A program that a test needs and that can't be had here."""


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **options)
    assert done.returncode == 0, f"{command}: {done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done.stdout


def generate(app, generator, *options):
    """The folder of a new client."""
    if not shutil.which("java"):
        raise Missing("there is no Java (Debian: apt-get install default-jre-headless)")
    folder = app.root / generator
    described = app.root / "openapi.json"
    with urllib.request.urlopen(app.address + "/openapi.json", timeout=20) as answer:
        described.write_bytes(answer.read())
    run(
        os.environ["VENV"] + "/bin/openapi-generator-cli", "generate", "-g", generator, "-i", str(described),
        "-o", str(folder), *options,
    )
    return folder


def python(app, place):
    folder = generate(app, "python", "--additional-properties=packageName=everything")
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return run(sys.executable, str(HERE / "python_client.py"), app.address, place, env=environment)


def typescript(app, place):
    for program, package in (("tsc", "node-typescript"), ("node", "nodejs")):
        if not shutil.which(program):
            raise Missing(f"there is no {program} (Debian: apt-get install {package})")
    folder = generate(app, "typescript-fetch")
    shutil.copy(HERE / "typescript_client.ts", folder)
    (folder / "node.d.ts").write_text("declare const process: { argv: string[]; exitCode: number };\n")
    # Not --strict: what the generator writes narrows with `in`, which the compiler of Debian 12 (4.8) does not yet.
    run(
        "tsc", "--strictNullChecks", "--strictFunctionTypes", "--target", "es2020", "--module", "commonjs", "--lib", "es2020,dom,dom.iterable",
        "--outDir", "made", "node.d.ts", "typescript_client.ts", cwd=folder,
    )
    return run("node", str(folder / "made/typescript_client.js"), app.address, place)
