"""Tells what was measured beside the peers: tables in Markdown, and a chart. `summary` is what peers.py writes as JSON."""

from pathlib import Path

import chart
from aims import OFFSTAGE


def markdown(summary: dict) -> str:
    parts = [conditions(summary), rates(summary), latencies(summary), ratios(summary), aims(summary), alone(summary), ways(summary)]
    return "\n\n".join(part for part in parts if part)


def conditions(summary: dict) -> str:
    machine, versions = dict(summary["machine"]), dict(summary["versions"])
    lines = [
        f"{machine.pop('date')}: " + ", ".join(f"{name} {value}" for name, value in machine.items()) + ".",
        ", ".join(f"{name} {value}" for name, value in versions.items()) + ".",
        f"{summary['rows']:,} orders and as many messages; wrk with 2 threads and {summary['connections']} connections; "
        f"{summary['rounds']} round{'s' * (summary['rounds'] > 1)} of {summary['seconds']} s, median.",
        f"`{summary['command']}`",
    ]
    return "\n".join(lines)


def rates(summary: dict) -> str:
    names = summary["jobs"]
    rows = []
    for label, peer in summary["peers"].items():
        figures = [f"{peer['jobs'][job]['rate']:,.0f}" if job in peer["jobs"] else "" for job in names]
        rows.append([label, *figures, f"{peer['idle_mb']:.0f}, {peer['load_mb']:.0f} MB"])
    text = table(["requests/s", *names.values(), "memory idle, most"], rows)
    if "sign_ins" in summary:
        text += f"\n\nBeside sign-ins: {summary['sign_ins']:.0f} passwords were checked a second meanwhile."
    return text


def latencies(summary: dict) -> str:
    names = summary["jobs"]
    rows = []
    for label, peer in summary["peers"].items():
        found = [peer["jobs"].get(job) for job in names]
        rows.append([label, *(f"{each['p50_ms']:.1f}, {each['p99_ms']:.1f}" if each else "" for each in found)])
    return table(["p50, p99 in ms", *names.values()], rows)


def ratios(summary: dict) -> str:
    peers = summary["peers"]
    if OFFSTAGE not in peers:
        return ""
    others = [label for label in peers if label != OFFSTAGE]
    rows = []
    for job, name in summary["jobs"].items():
        own = peers[OFFSTAGE]["jobs"].get(job)
        found = [peers[label]["jobs"].get(job) for label in others]
        if own and any(found):
            rows.append([name, *(f"{own['rate'] / each['rate']:.2f}" if each else "" for each in found)])
    return table([OFFSTAGE + " /", *others], rows) if rows else ""


def aims(summary: dict) -> str:
    return table(
        ["aim", "measured", ""],
        [[aim["words"], aim["measured"], "reached" if aim["reached"] else "**not reached**"] for aim in summary["aims"]],
    ) if summary["aims"] else ""


def alone(summary: dict) -> str:
    """What SQLite does without a server."""
    found = summary.get("sqlite_alone")
    return found and table(
        ["SQLite alone, one thread", "GET", "list of 20", "insert, each synced", "insert, 32 a sync"],
        [["a second", *(f"{found[name]:,.0f}" for name in ("get", "list", "insert", "insert_group"))]],
    ) or ""


def ways(summary: dict) -> str:
    """How the programs with workers do when they are served one way or another, at NORMAL, before the rounds."""
    names = {job: name for job, name in summary["jobs"].items() if any(job in way["rates"] for way in summary["ways"])}
    rows = []
    for way in summary["ways"]:
        figures = [f"{way['rates'][job]:,.0f}" for job in names]
        rows.append([f"**{way['label']}**" if way["chosen"] else way["label"], *figures, f"{way['mean']:,.0f}"])
    return table(["one way or another, requests/s", *names.values(), "geometric mean"], rows) if rows else ""


def table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def draw(summary: dict, path: Path) -> None:
    """Requests a second of each job, a bar for each program."""
    groups = {
        name: {label: peer["jobs"][job]["rate"] for label, peer in summary["peers"].items() if job in peer["jobs"]}
        for job, name in summary["jobs"].items()
    }
    machine = summary["machine"]
    chart.bars(
        path,
        f"The same small app, {summary['rows']:,} rows, {machine['cores']} cores",
        "requests/s, more is better. FULL: each write is on the disk before it is answered; NORMAL: it may not be",
        {name: found for name, found in groups.items() if found},
    )
