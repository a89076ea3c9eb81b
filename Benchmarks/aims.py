"""What Offstage is to reach beside its peers, and whether it does."""

from dataclasses import dataclass

OFFSTAGE = "Offstage, FULL"
FLOOR = "Hummingbird alone"
# Offstage answers after the sync; the peers at their usual durability do not, which makes their writes faster.
FASTAPI, DJANGO = "FastAPI, NORMAL", "Django REST, NORMAL"
TIMES = [
    ("get", FASTAPI, 4), ("list", FASTAPI, 5), ("total", FASTAPI, 40), ("json", FASTAPI, 6), ("mixed", FASTAPI, 4),
    *((job, DJANGO, 20) for job in ("get", "list", "total", "json", "form", "mixed")),
    ("get", FLOOR, 0.9),
]
P99_MS_MAX = 10


@dataclass
class Aim:
    words: str
    measured: str
    reached: bool


def reached(peers: dict, names: dict[str, str]) -> list[Aim]:
    """The aims about what was measured. peers is label → job → its figures; names is what the jobs are called."""
    own = peers.get(OFFSTAGE, {})
    found = []
    for job, peer, times in TIMES:
        if job in own and job in peers.get(peer, {}):
            ratio = own[job]["rate"] / peers[peer][job]["rate"]
            found.append(Aim(f"{names[job]}: {times} × {peer}", f"{ratio:.2f} ×", ratio >= times))
    for job, figures in own.items():
        found.append(Aim(f"{names[job]}: p99 under {P99_MS_MAX} ms", f"{figures['p99_ms']:.1f} ms", figures["p99_ms"] < P99_MS_MAX))
    return found
