"""Counts what a request costs the server: instructions and allocations, which are nearly the same each time, so that a
change of some percent shows. Exits with 1 where a figure is over 10 % above that of Benchmarks/cost.json.

    script/cost                     # counts in three runs, and compares
    script/cost --write             # counts, and keeps the figures as the new baseline, in docs/growth.md too
    script/cost --binary FILE       # another binary than the one that script/build makes

valgrind's callgrind counts, with one connection, one request after the other, one event loop and one processor.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cost_requests
import growth_report
import machine
import rows
from cost_callgrind import Counts, CountedServer
from growth_apps import App, program
from options import count as whole_number
from report import table
from servers import end_on_signals

BASELINE = Path(__file__).resolve().parent / "cost.json"
FIGURES = ["instructions", "allocations"]
ROWS = 2_000
REQUESTS = 500
WARM_UP = 200
GROWN = 0.10


@dataclass
class Cost:
    """Of one request, in each run."""

    instructions: list[float]
    allocations: list[float]

    def median(self, figure: str) -> float:
        return statistics.median(getattr(self, figure))

    def spread(self, figure: str) -> str:
        """The widest distance between two runs, as a share of the median."""
        values = getattr(self, figure)
        return f"{(max(values) - min(values)) / self.median(figure):.1%}" if len(values) > 1 else ""


def main() -> None:
    options = parse()
    end_on_signals()
    costs = count(options)
    place = conditions(options.binary)
    baselines = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    print(markdown(costs, baselines.get(place, {}), place, options))
    if options.write:
        baselines[place] = {job: {figure: round(cost.median(figure), 1) for figure in FIGURES} for job, cost in costs.items()}
        BASELINE.write_text(json.dumps(baselines, indent=2) + "\n")
        growth_report.put("cost", kept(costs, place, options))
        print(f"\nThese are the baseline of {place} now, and stand in docs/growth.md.")
    elif place not in baselines:
        sys.exit(f"\nThere is no baseline of {place}; script/cost --write makes these figures one. There is: {', '.join(baselines) or 'none'}.")
    elif set(baselines[place]) != set(costs):
        sys.exit(f"\nThe baseline is of other jobs, {', '.join(baselines[place])}; script/cost --write makes these figures one.")
    else:
        compare(costs, baselines[place])


def count(options: argparse.Namespace) -> dict[str, Cost]:
    runs = []
    for run in range(options.runs):
        print(f"run {run + 1} of {options.runs}", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="offstage-cost-") as name:
            folder = Path(name)
            # Valgrind may not know the form of what a compiler tells debuggers; the code is the same without.
            subprocess.run(["strip", "-o", folder / "offstage", options.binary], check=True)
            runs.append(one_run(folder / "offstage", folder, options.requests))
    return {
        job: Cost([run[job].instructions / options.requests for run in runs], [run[job].allocations / options.requests for run in runs])
        for job in runs[0]
    }


def one_run(binary: Path, folder: Path, requests: int) -> dict[str, Counts]:
    """All jobs, on a server of their own."""
    app = App(binary, folder / "app", rows.write(folder / "rows", ROWS))
    jobs = cost_requests.jobs(app.rows.ids.read_text().split())
    found = {}
    with CountedServer(app) as server, cost_requests.Client(server.port) as client:
        for job, request in jobs.items():
            for warming in range(WARM_UP):
                client.ask(request(warming))
            server.counts()
            for counted in range(requests):
                client.ask(request(WARM_UP + counted))
            found[job] = server.counts()
    return found


def conditions(binary: Path) -> str:
    """What figures must have in common to be compared: they are those of one compiler and one processor's instructions."""
    return f"{platform.machine()}, Swift {machine.versions(binary, [])['Swift']}"


def markdown(costs: dict[str, Cost], baseline: dict, place: str, options: argparse.Namespace) -> str:
    lines = []
    for job, cost in costs.items():
        line = [job]
        for figure in FIGURES:
            before = baseline.get(job, {}).get(figure)
            now = cost.median(figure)
            line += [f"{now:,.0f}", f"{before:,.0f}" if before else "", f"{now / before - 1:+.1%}" if before else "", cost.spread(figure)]
        lines.append(line)
    head = [cell for figure in FIGURES for cell in (figure, "baseline", "change", "spread")]
    said = f"{place}; of one request, the median of {options.runs} runs of {options.requests:,}; spread is between the runs."
    return f"{said}\n\n{table(['', *head], lines)}"


def kept(costs: dict[str, Cost], place: str, options: argparse.Namespace) -> str:
    lines = [[job, *(cell for figure in FIGURES for cell in (f"{cost.median(figure):,.0f}", cost.spread(figure)))] for job, cost in costs.items()]
    head = ["of one request", *(cell for figure in FIGURES for cell in (figure, "between runs"))]
    return f"{place}; the median of {options.runs} runs of {options.requests} requests each.\n\n{table(head, lines)}"


def compare(costs: dict[str, Cost], baseline: dict) -> None:
    """Says what grew and what fell, and ends with 1 when something grew too much."""
    grown, fallen = [], []
    for job, cost in costs.items():
        for figure in FIGURES:
            change = cost.median(figure) / baseline[job][figure] - 1
            said = f"{job}, {figure}: {change:+.1%}"
            if change > GROWN:
                grown.append(said)
            elif change < -GROWN:
                fallen.append(said)
    if fallen:
        print("\nFell by over 10 %; script/cost --write keeps that from growing back unseen:\n  " + "\n  ".join(fallen))
    if grown:
        sys.exit("\nGrew by over 10 %:\n  " + "\n  ".join(grown))
    print("\nNothing grew by over 10 %.")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/cost", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=program, required=True, help="the program (default: what script/build makes)")
    parser.add_argument("--runs", type=whole_number, default=3, help="each with a server of its own; the median counts (default: 3)")
    parser.add_argument("--requests", type=whole_number, default=REQUESTS, help=f"of each job that are counted (default: {REQUESTS})")
    parser.add_argument("--write", action="store_true", help="keep the figures in Benchmarks/cost.json and docs/growth.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
