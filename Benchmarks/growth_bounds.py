"""What may grow by how much.

Everything is compared with the smallest value of its dimension (connections with 32, since fewer leave the server waking up
for each request). NOISE is for a machine that others use too, which may be slower by a third for some seconds, and for memory that no
longer fits into caches: SQLite keeps 8 MB for each reading connection, a processor a few.

- Rows: as the levels of the B-trees of the table and its indexes, which is what a lookup goes down; times NOISE. All that a
  request does beside looking records up costs the same, so this leaves room for pages that are read from the file. A scan
  would grow a hundredfold with a hundred times the rows.
- Connections: not at all; times NOISE. What a connection keeps (some 15 kB) may no longer be in the processor's caches when its
  next request comes. A search through all of them would grow 32 times.
- Collections: not at all; times NOISE. The start reads all of them, so it may grow in a straight line through the first and the
  third value; times NOISE.
- Terms of a rule: each is looked at for each record, so in a straight line through the first and the third value; times NOISE.
- Memory: not with rows; times MEMORY_NOISE, plus what the log of a large import is found by (8 bytes for each of its
  pages: sqlite.org/walformat.html, 2.). A connection may take CONNECTION_KB.
"""

from dataclasses import dataclass

from growth_measuring import Growth
from memory import Peaks

NOISE = 1.5
MEMORY_NOISE = 1.15
LOG_BYTES_A_ROW = 4
CONNECTION_KB = 24
START = "start"


@dataclass
class Verdict:
    """That something grew so many times, where so many were allowed."""

    what: str
    grew: float
    allowed: float

    @property
    def holds(self) -> bool:
        return self.grew <= self.allowed

    def __str__(self) -> str:
        return f"{self.what}: grew {self.grew:.2f} times, allowed are {self.allowed:.2f}"


def base(growth: Growth) -> int:
    return 32 if growth.name == "connections" else growth.values[0]


def judge(growth: Growth) -> dict[str, list[Verdict]]:
    """Of each job, and of the start, at each value after the one that it is compared with."""
    costs = {job: {value: cost.cpu_us for value, cost in found.items()} for job, found in growth.costs.items()}
    if growth.name == "collections":
        costs[START] = {value: note["start_cpu_ms"] for value, note in growth.notes.items()}
    start = base(growth)
    later = growth.values[growth.values.index(start) + 1:]
    return {
        what: [Verdict(f"{what}, {value:,} {growth.label}", found[value] / found[start], allowed(growth, what, found, value)) for value in later]
        for what, found in costs.items()
    }


def allowed(growth: Growth, what: str, costs: dict[int, float], value: int) -> float:
    if growth.name == "rows":
        return NOISE * deeper(growth, value)
    if growth.name == "terms" or what == START:
        return NOISE * straight(costs, value)
    return NOISE


def deeper(growth: Growth, value: int) -> float:
    """The levels at the end, when jobs have added records: those of the few rows grew by more, so this is the strictest."""
    return growth.notes[value]["levels_at_end"] / growth.notes[base(growth)]["levels_at_end"]


def straight(costs: dict[int, float], value: int) -> float:
    """What the cost would be times the first, were each further step as dear as those up to the third value."""
    first, _, third, *_ = costs
    slope = max(0.0, costs[third] - costs[first]) / (third - first)
    return 1 + slope * (value - first) / costs[first]


def judge_memory(transfers: Peaks, idle: Peaks) -> list[Verdict]:
    found = []
    for name, peaks in transfers.items():
        few, many = sorted(peaks)
        log = LOG_BYTES_A_ROW * many / 2**20 if "import" in name else 0
        found.append(Verdict(f"{name}, {many:,} rows", peaks[many].peak_mb / peaks[few].peak_mb, MEMORY_NOISE + log / peaks[few].peak_mb))
    for name, peaks in idle.items():
        few, many = sorted(peaks)
        limit = 1 + CONNECTION_KB / 1024 * (many - few) / peaks[few].peak_mb
        found.append(Verdict(f"{many:,} idle connections {name}", peaks[many].peak_mb / peaks[few].peak_mb, limit))
    return found
