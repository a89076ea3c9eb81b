"""What may grow by how much.

Everything is compared with the smallest value of its dimension (connections with 32, since fewer leave the server waking up
for each request). NOISE is for other programs on the machine, and for memory that no longer fits into caches: SQLite keeps
8 MB for each reading connection, the processor a few.

- Rows: as the levels of the B-trees of the table and its indexes, which is what a lookup goes down; times NOISE. All that a
  request does beside looking records up costs the same, so this leaves room for pages that are read from the file. A scan
  would grow a hundredfold with a hundred times the rows.
- Connections: not at all, but that what a connection keeps (some 15 kB) is no longer in the processor's caches when its
  next request comes, so CACHES instead of NOISE. A search through all of them would grow 32 times.
- Collections: not at all; times NOISE.
- Terms of a rule: each is looked at for each record, so in a straight line through the first and the third value; times NOISE.
- Memory: not with rows; times MEMORY_NOISE, plus what the log of a large import is found by (8 bytes for each of its
  pages: sqlite.org/walformat.html, 2.). A connection may take CONNECTION_KB.
"""

from dataclasses import dataclass

from growth_measuring import Growth
from memory import Peaks

NOISE = 1.25
CACHES = 1.6
MEMORY_NOISE = 1.15
LOG_BYTES_A_ROW = 4
CONNECTION_KB = 24


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
    """Of each job, at each value after the one that it is compared with."""
    start = base(growth)
    later = growth.values[growth.values.index(start) + 1:]
    return {
        job: [
            Verdict(f"{job}, {value:,} {growth.label}", costs[value].cpu_us / costs[start].cpu_us, allowed(growth, job, value))
            for value in later
        ]
        for job, costs in growth.costs.items()
    }


def allowed(growth: Growth, job: str, value: int) -> float:
    match growth.name:
        case "rows": return NOISE * deeper(growth, value)
        case "connections": return CACHES
        case "collections": return NOISE
        case "terms": return NOISE * straight(growth, job, value)
    raise ValueError(growth.name)


def deeper(growth: Growth, value: int) -> float:
    """The levels at the end, when jobs have added records: those of the few rows grew by more, so this is the strictest."""
    return growth.notes[value]["levels_at_end"] / growth.notes[base(growth)]["levels_at_end"]


def straight(growth: Growth, job: str, value: int) -> float:
    """What the cost would be times the first, were each further term as dear as those up to the third value."""
    first, third = growth.values[0], growth.values[2]
    cost = {number: growth.costs[job][number].cpu_us for number in (first, third)}
    slope = max(0.0, cost[third] - cost[first]) / (third - first)
    return 1 + slope * (value - first) / cost[first]


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
