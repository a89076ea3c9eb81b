"""A disk that fails: errors on writing, syncing and reading, short writes and reads, no room."""

from dataclasses import dataclass

from shim import DATABASE, EIO, ENOSPC, LOG, READING, SHORT, SYNCING, WRITING
from trial import Row, Settings, Trial

EVERY = -1


@dataclass(frozen=True)
class Fault:
    title: str
    name: str
    operation: int
    files: int
    error: int
    # How many calls fail; the disk is well again after them.
    times: int = 1
    # What the server may answer meanwhile, beside success.
    answers: frozenset = frozenset({503})
    # How far into the load it begins at the latest, in calls.
    latest: int = 200


STOPPING = [
    Fault("I/O error on a write to the log", "eio-log", WRITING, LOG, EIO),
    Fault("I/O error on a sync of the log", "eio-log-sync", SYNCING, LOG, EIO, latest=20),
    Fault("no room on a sync of the log", "full-log-sync", SYNCING, LOG, ENOSPC, latest=20),
    Fault("I/O error on a write to the database", "eio-database", WRITING, DATABASE, EIO, latest=50),
    Fault("I/O error on a sync of the database", "eio-database-sync", SYNCING, DATABASE, EIO, latest=0),
]
READ = Fault("I/O error on reads", "eio-read", READING, DATABASE | LOG, EIO, 3, frozenset({503}), latest=400)
SHORTENING = [
    Fault("short writes, every one", "short-write", WRITING, DATABASE | LOG, SHORT, EVERY, frozenset()),
    Fault("short reads, every one", "short-read", READING, DATABASE | LOG, SHORT, EVERY, frozenset()),
]
FULL = [
    Fault("no room for the log (shim), then room", "full-log", WRITING, LOG, ENOSPC, EVERY, frozenset({507})),
    Fault("no room for the database (shim), then room", "full-database", WRITING, DATABASE, ENOSPC, 20, frozenset(), 0),
]


def run(settings: Settings) -> list[Row]:
    rows = [rounds_of(fault, settings, writes_stop) for fault in STOPPING]
    rows.append(rounds_of(READ, settings, reads_fail))
    rows += [rounds_of(fault, settings, nobody_notices) for fault in SHORTENING]
    rows += [rounds_of(fault, settings, heals) for fault in FULL]
    return rows


def rounds_of(fault: Fault, settings: Settings, play) -> Row:
    trial = Trial(settings, fault.name, shimmed=True).prepare()
    for number in range(max(2, settings.rounds // 50)):
        chance = trial.chance(number)
        trial.start()
        trial.load.settle(trial.server.port)
        trial.ledger.may_refuse = set(fault.answers)
        half = chance.randint(0, 1)
        trial.shim.arm(fault.operation, fault.files, fault.error, chance.randint(0, fault.latest), fault.times, half=half)
        trial.load.start(trial.server.port, trial.seed_of(number))
        if trial.wait_until("a call failed", lambda: trial.shim.get("hits") > 0):
            play(trial)
        trial.load.stop()
        trial.shim.disarm()
        trial.expect(trial.server.is_running, f"the server died: {trial.server.said()[-300:]}")
        end(trial)
        trial.examine(whole=True)
    trial.finish()
    return trial.row(fault.title)


def end(trial: Trial) -> None:
    """A stop as an operator does it, and a start after which all is well."""
    trial.ledger.may_refuse = set()
    if trial.server.is_running:
        code = trial.server.stop()
        trial.expect(code == 0, f"the server stopped with {code}")
    trial.start()
    trial.load.settle(trial.server.port)
    trial.expect_health()
    trial.server.stop()


def writes_stop(trial: Trial) -> None:
    """From the failure on nothing is written until a restart, though the disk is well again; reading goes on."""
    trial.wait_until("a write is refused with 503", lambda: trial.ledger.answers[503] > 0)
    probe = trial.probe()
    for _ in range(5):
        answer = probe.perform(probe.create())
        trial.expect(answer.status == 503, f"after the failure a write is answered {answer}")
        trial.expect(b"Retry-After" not in answer.body and "retry-after" in answer.headers, "503 without Retry-After")
        probe.unsettled = None
        probe.list()
    expect_reads(trial)
    status = trial.server.status_of("/health")
    trial.expect(status == 503, f"/health answers {status} while nothing can be written")


def reads_fail(trial: Trial) -> None:
    trial.wait_until("all of the failing reads failed", lambda: trial.shim.get("hits") == READ.times)
    expect_reads(trial)


def nobody_notices(trial: Trial) -> None:
    trial.wait_for_writes(50)


def heals(trial: Trial) -> None:
    """Reading goes on while there is no room; writing goes on once there is, without a restart."""
    refusals = trial.ledger.may_refuse
    if refusals:
        trial.wait_until("five writes are refused with 507", lambda: trial.ledger.answers[507] >= 5)
    else:
        trial.wait_until("the failing writes failed", lambda: trial.shim.get("hits") >= 20)
    expect_reads(trial)
    trial.load.stop()
    trial.shim.disarm()
    trial.ledger.may_refuse = set()
    probe = trial.probe()
    for _ in range(5):
        probe.perform(probe.create())
    trial.expect_health()


def expect_reads(trial: Trial) -> None:
    status = trial.server.status_of("/api/letters?limit=5")
    trial.expect(status == 200, f"a list is answered {status}")
