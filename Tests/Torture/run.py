"""Runs the torture: every fault in its rounds, a line for each while it goes, and a table at the end.

Ends with 1 when an acknowledged write was lost, something was there twice, or anything else was not as promised.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import server
import shim
from connection import Gone
from faults import bite, clock, disk, errors, idle, kill, memory, power, slow
from ledger import Finding
from server import DidNotStart
from trial import Row, Settings

FAULTS = {
    "kill": kill, "power": power, "errors": errors, "disk": disk, "clock": clock, "slow": slow, "idle": idle, "memory": memory,
}
SHOWN = 10


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/torture", usage="script/torture [BINARY] [--rounds N] [--only FAULT[,FAULT]] [--seed N] [--hours H]",
        description="Durability under faults: kills, power cuts, failing disks, jumping clocks, slow clients.",
        epilog="Example: script/torture .build/debug/offstage --only kill,power --rounds 400 --seed 7",
    )
    parser.add_argument("binary", metavar="BINARY", help="the program; without one, script/build makes it")
    parser.add_argument("--rounds", type=positive, default=200, help="rounds of kill -9; the others follow from it (default: 200)")
    parser.add_argument("--only", type=named, default=list(FAULTS), metavar="FAULT[,FAULT]", help=", ".join(FAULTS))
    parser.add_argument("--seed", type=int, help="draws the faults of an earlier run again (default: another one each time)")
    parser.add_argument("--hours", type=float, default=0, help="goes on with new seeds for this long")
    return parser.parse_args()


def positive(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is no number of rounds")
    return int(text)


def named(text: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in FAULTS]:
        raise argparse.ArgumentTypeError(f"there is no fault {unknown[0]!r}; there are {', '.join(FAULTS)}")
    return names


def play(name: str, module, settings: Settings) -> list[Row]:
    """All rounds of a fault; what can't go on is a finding as well."""
    begun = time.monotonic()
    try:
        rows = module.run(settings)
    except (DidNotStart, Gone, subprocess.SubprocessError) as failure:
        rows = Row(f"{name}, not to its end", findings=[Finding("wrong", f"{type(failure).__name__}: {failure}")])
    finally:
        server.end_all()
    rows = rows if isinstance(rows, list) else [rows]
    for row in rows:
        print(f"{name:7} {row.fault}: {told(row)}", flush=True)
        for finding in row.findings[:SHOWN]:
            print(f"        {finding.kind}: {finding.text[:600]}", flush=True)
        if len(row.findings) > SHOWN:
            print(f"        … and {len(row.findings) - SHOWN} more", flush=True)
    print(f"        {time.monotonic() - begun:.0f} s", flush=True)
    return rows


def told(row: Row) -> str:
    if row.skipped:
        return "skipped, " + row.skipped
    counts = ", ".join(f"{row.count(kind)} {kind}" for kind in ("lost", "doubled", "wrong"))
    return f"{row.rounds} rounds, {row.acknowledged} writes acknowledged, {counts}" + (f"; {row.note}" if row.note else "")


def merged(rows: list[Row]) -> list[Row]:
    """One row for each fault, for runs of hours."""
    sums: dict[str, Row] = {}
    for row in rows:
        total = sums.setdefault(row.fault, Row(row.fault, skipped=row.skipped))
        total.rounds += row.rounds
        total.acknowledged += row.acknowledged
        total.unknown += row.unknown
        total.findings = total.findings + row.findings
        total.answers = total.answers + row.answers
        total.note = row.note
    return list(sums.values())


def table(rows: list[Row]) -> str:
    heads = ("fault", "rounds", "acknowledged", "unanswered", "lost", "doubled", "wrong", "answers", "")
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for row in rows:
        answers = ", ".join(f"{status} × {count:,}" for status, count in sorted(row.answers.items()))
        numbers = [row.rounds, row.acknowledged, row.unknown, *map(row.count, ("lost", "doubled", "wrong"))]
        note = "skipped: " + row.skipped if row.skipped else row.note
        cells = [row.fault, *(f"{number:,}" for number in numbers), answers, note]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def torture(options: argparse.Namespace, scratch: Path) -> list[Row]:
    until = time.monotonic() + options.hours * 3600
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    library, rows = shim.build(scratch), []
    while True:
        print(f"Seed {seed}, {options.rounds} rounds of kill -9, {options.binary}", flush=True)
        folder = scratch / str(seed)
        settings = Settings(os.path.abspath(options.binary), folder, library, seed, options.rounds)
        for name, module in {"bite": bite, **{name: FAULTS[name] for name in options.only}}.items():
            rows += play(name, module, settings)
        if not any(row.findings for row in rows):
            shutil.rmtree(folder)
        if time.monotonic() >= until:
            return merged(rows)
        seed += 1


def main() -> int:
    options = arguments()
    if not os.access(options.binary, os.X_OK):
        sys.exit(f"There is no program at {options.binary}.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    scratch = Path(tempfile.mkdtemp(prefix="offstage-torture-"))
    begun, rows = time.monotonic(), []
    try:
        rows = torture(options, scratch)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        server.end_all()
        if not any(row.findings for row in rows):
            shutil.rmtree(scratch, ignore_errors=True)
    failed, skipped = sum(bool(row.findings) for row in rows), sum(bool(row.skipped) for row in rows)
    print(f"\n{table(rows)}\n\n{time.monotonic() - begun:.0f} s" + (f"; what is left is in {scratch}" if failed else ""))
    print(f"{len(rows) - failed - skipped} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
