"""Tells how cost and memory grow: tables in Markdown, charts, and what is over its bound."""

import sys
from pathlib import Path

import chart
import growth_bounds
from growth_measuring import Cost, Growth
from memory import Peak, Peaks
from report import table

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = DOCS / "growth.md"
CHARTS = DOCS / "charts"
TITLES = {
    "rows": "Processor time of a request, and rows of the table",
    "connections": "Processor time of a request, and connections",
    "collections": "Processor time of a request, and collections in the app file",
    "terms": "Processor time of a request, and terms of the read rule",
}


def markdown(growth: Growth) -> str:
    """Processor time with its growth, and what the machine made of that in answers a second."""
    head = [f"{value:,}" for value in growth.values]
    last = {job: found[-1] for job, found in growth_bounds.judge(growth).items()}
    times = [
        [job, *(f"{cost.cpu_us:.0f}" for cost in costs.values()), f"{last[job].grew:.2f}", f"{last[job].allowed:.2f}"]
        for job, costs in growth.costs.items()
    ]
    rates = [[job, *(shown(cost) for cost in costs.values())] for job, costs in growth.costs.items()]
    return "\n\n".join([
        table([f"µs by {growth.label}", *head, "grew, times", "allowed"], times),
        table(["answers/s; p50, p99 in ms", *head], rates),
        table(["beside that", *head], notes(growth)),
    ])


def shown(cost: Cost) -> str:
    return f"{cost.rate:,.0f}; {cost.p50_ms:.1f}, {cost.p99_ms:.1f}"


def notes(growth: Growth) -> list[list[str]]:
    found = growth.notes.values()
    lines = [
        ["start to first answer, ms", *(f"{note['first_answer_ms']:.0f}" for note in found)],
        ["processor time of the start, ms", *(f"{note['start_cpu_ms']:.0f}" for note in found)],
        ["resident when idle, MB", *(f"{note['idle_mb']:.0f}" for note in found)],
    ]
    if growth.name == "rows":
        lines += [
            ["import of the orders, s", *(f"{note['import_seconds']:.1f}" for note in found)],
            ["import of the orders, peak MB", *(f"{note['import_peak_mb']:.0f}" for note in found)],
            ["list with total after a write, ms", *(f"{note['total_anew_ms']:.1f}" for note in found)],
            ["levels of the B-trees, at the end", *(f"{note['levels']:.0f}, {note['levels_at_end']:.0f}" for note in found)],
        ]
    return lines


def memory_markdown(transfers: Peaks, idle: Peaks) -> str:
    few, many = sorted(next(iter(transfers.values())))
    lines = [
        [name, *(f"{peaks[few].peak_mb:.0f}", f"{peaks[many].peak_mb:.0f}", share(peaks[many]), f"{peaks[many].seconds:.0f}")]
        for name, peaks in transfers.items()
    ]
    some, all_of_them = sorted(next(iter(idle.values())))
    connections = [
        [name, f"{peaks[some].peak_mb:.0f}", f"{peaks[all_of_them].peak_mb:.0f}", share(peaks[all_of_them]), each_kb(peaks)]
        for name, peaks in idle.items()
    ]
    return "\n\n".join([
        table(["", f"peak MB, {few:,} rows", f"peak MB, {many:,} rows", "PSS at the end, MB", f"seconds, {many:,} rows"], lines),
        table(["idle connections", f"peak MB, {some:,}", f"peak MB, {all_of_them:,}", "PSS, MB", "kB each"], connections),
    ])


def each_kb(peaks: dict[int, Peak]) -> str:
    few, many = sorted(peaks)
    return f"{(peaks[many].peak_mb - peaks[few].peak_mb) * 1024 / (many - few):.0f}"


def share(peak: Peak) -> str:
    return f"{peak.pss_mb:.0f}" if peak.pss_mb else ""


def put(name: str, text: str) -> None:
    """Puts tables between their marks in the page about growth."""
    page = PAGE.read_text()
    begin, end = f"<!-- {name}: put here by its script -->\n", f"<!-- end of {name} -->\n"
    if begin not in page or end not in page:
        sys.exit(f"{PAGE} has no place for the tables of {name}: {begin}{end}")
    before, _, rest = page.partition(begin)
    PAGE.write_text(f"{before}{begin}\n{text}\n\n{end}{rest.partition(end)[2]}")


def draw(growth: Growth) -> None:
    points = {job: [(value, cost.cpu_us) for value, cost in costs.items()] for job, costs in growth.costs.items()}
    path = CHARTS / f"growth-{growth.name}.svg"
    chart.lines(path, TITLES[growth.name], growth.label, "microseconds of processor time", points, log_x=growth.name != "terms")


def draw_memory(transfers: Peaks) -> None:
    points = {name: [(rows, peak.peak_mb) for rows, peak in peaks.items()] for name, peaks in transfers.items()}
    chart.lines(CHARTS / "growth-memory.svg", "Memory of exports and imports, and rows", "rows", "MB resident at most", points)
