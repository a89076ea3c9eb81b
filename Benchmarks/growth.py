"""Measures how the cost of a request grows with the rows of a table, with connections, with collections and with the terms
of a rule, and what memory exports, imports and idle connections take. Exits with 1 where something grows by more than it
should (Benchmarks/growth_bounds.py).

    script/growth                                            # all of it, up to a million rows: half an hour
    script/growth --only rows --rows 100000 --seconds 1      # quick
    script/growth --only rows --rows 10000000                # ten million rows: an hour, and 30 GB of disk
    script/growth --memory                                   # memory alone
    script/growth --docs                                     # all, and the tables and charts of docs/growth.md with it
    script/growth --only rows --rows 100000 --without-index  # shows that the check bites: this must fail
"""

import argparse
import json
import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import growth_bounds
import growth_report
import machine
import memory
import rows
from growth_apps import App, program
from growth_measuring import Growth, Setting, measure
from options import add_lengths, chosen, count, scratch
from servers import end_on_signals

FEWEST = 10_000
LEAST_OF_MEMORY = 1_000_000
CONNECTIONS = [1, 4, 32, 128, 512, 1024]
COLLECTIONS = [1, 10, 50, 200]
TERMS = [1, 5, 10, 20, 30]


class Dimensions:
    """Each makes the apps of one dimension and measures it. All but `rows` do so with the fewest rows."""

    def __init__(self, options: argparse.Namespace, folder: Path):
        self.options, self.folder = options, folder
        self.all: dict[str, Callable[[], Growth]] = {
            "rows": self.rows, "connections": self.connections, "collections": self.collections, "terms": self.terms,
        }

    def rows(self) -> Growth:
        return self.measured("rows", "rows", [Setting(count, self.app(f"rows-{count}", count)) for count in sizes(self.options.rows)])

    def connections(self) -> Growth:
        app = self.app("connections")
        return self.measured("connections", "connections", [Setting(count, app, count) for count in CONNECTIONS])

    def collections(self) -> Growth:
        settings = [Setting(count, self.app(f"collections-{count}", collections=count)) for count in COLLECTIONS]
        return self.measured("collections", "collections", settings)

    def terms(self) -> Growth:
        settings = [Setting(count, self.app(f"terms-{count}", terms=count)) for count in TERMS]
        return self.measured("terms", "terms of a rule", settings)

    def app(self, name: str, count: int = FEWEST, **wanted: int) -> App:
        say(f"{name}: {count:,} orders and as many messages")
        written = rows.write(self.folder / f"{name}-rows", count)
        app = App(self.options.binary, self.folder / name, written, indexed=not self.options.without_index, **wanted)
        app.fill("messages", written.messages)
        return app

    def measured(self, name: str, label: str, settings: list[Setting]) -> Growth:
        say(f"by {label}")
        return measure(name, label, settings, self.options.seconds, self.options.rounds)


MEMORY = "memory"
NAMES = ["rows", "connections", "collections", "terms", MEMORY]


def main() -> None:
    options = parse()
    end_on_signals()
    memory.allow_files(max(CONNECTIONS))
    with scratch() as folder:
        report = Report(options, folder)
        for name in options.only:
            if name == MEMORY:
                report.add_memory(folder)
            else:
                report.add(Dimensions(options, folder).all[name]())
            for used in folder.iterdir():
                shutil.rmtree(used)
    report.end()


class Report:
    """Says what was found as soon as it is, and at the end what is over its bound."""

    def __init__(self, options: argparse.Namespace, folder: Path):
        self.options = options
        self.verdicts: list[growth_bounds.Verdict] = []
        self.found = {
            "machine": machine.describe(folder), "versions": machine.versions(options.binary, []),
            "command": command(),
        }
        lines = [", ".join(f"{name} {value}" for name, value in self.found[part].items()) for part in ("machine", "versions")]
        self.say("conditions", "\n".join([*lines, f"`{self.found['command']}`"]))

    def say(self, name: str, text: str) -> None:
        print(f"{name}\n\n{text}\n", flush=True)
        if self.options.docs:
            growth_report.put(name, text)

    def add(self, growth: Growth) -> None:
        self.say(growth.name, growth_report.markdown(growth))
        self.verdicts += [one for found in growth_bounds.judge(growth).values() for one in found]
        self.found[growth.name] = asdict(growth)
        if self.options.docs:
            growth_report.draw(growth)

    def add_memory(self, folder: Path) -> None:
        transfers, idle = memory.measure(self.options.binary, folder, self.options.rows, self.options.idle)
        self.say(MEMORY, growth_report.memory_markdown(transfers, idle))
        self.verdicts += growth_bounds.judge_memory(transfers, idle)
        self.found[MEMORY] = {
            name: {number: asdict(peak) for number, peak in peaks.items()} for name, peaks in {**transfers, **idle}.items()
        }
        if self.options.docs:
            growth_report.draw_memory(transfers)

    def end(self) -> None:
        if self.options.json:
            self.options.json.write_text(json.dumps(self.found, indent=2) + "\n")
        over = [str(verdict) for verdict in self.verdicts if not verdict.holds]
        if over:
            sys.exit("Grows by more than it should:\n  " + "\n  ".join(over))
        print(f"All {len(self.verdicts)} bounds hold.")


def command() -> str:
    """As it was given, but for what only this machine knows."""
    given = sys.argv[1:]
    for option in ("--binary", "--json"):
        if option in given:
            place = given.index(option)
            del given[place:place + 2]
    return shlex.join(["script/growth", *given])


def say(what: str) -> None:
    print(what, file=sys.stderr)


def sizes(largest: int) -> list[int]:
    """The powers of ten from the fewest on, and the largest."""
    found = [FEWEST]
    while found[-1] * 10 < largest:
        found.append(found[-1] * 10)
    return [*found, largest]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/growth", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=program, required=True, help="the program (default: what script/build makes)")
    parser.add_argument("--only", type=chosen(NAMES), default=NAMES, metavar="NAME,…", help=f"of {', '.join(NAMES)} (default: all)")
    parser.add_argument("--memory", dest="only", action="store_const", const=[MEMORY], help="the same as --only memory")
    parser.add_argument("--rows", type=count, default=1_000_000, help=f"the most rows, over {FEWEST:,} (default: 1,000,000)")
    parser.add_argument("--idle", type=count, default=10_000, help="the most idle connections (default: 10,000)")
    parser.add_argument("--without-index", action="store_true", help="leave the index out of the app file; the check must fail then")
    parser.add_argument("--docs", action="store_true", help="put the tables into docs/growth.md and draw docs/charts/growth-*.svg")
    add_lengths(parser, rows=None, seconds=3)
    options = parser.parse_args()
    if options.rows <= FEWEST:
        parser.error(f"--rows must be over {FEWEST:,}, which is what more are compared with")
    if MEMORY in options.only and options.rows < LEAST_OF_MEMORY:
        parser.error(f"memory is compared with a tenth of the rows, which must fill SQLite's caches: --rows {LEAST_OF_MEMORY} at least")
    if options.idle < 100:
        parser.error("--idle must be at least 100: a tenth of them is what all are compared with")
    return options


if __name__ == "__main__":
    main()
