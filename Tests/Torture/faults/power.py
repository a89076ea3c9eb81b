"""Power cuts: what was not synced is lost, by chance all of it, some of it, or parts of its sectors."""

import random
import time

from server import DidNotStart
from shim import BEFORE, BEHIND, DATABASE, EIO, HALFWAY, LOG, SYNCING, WRITING
from trial import Row, Settings, Trial

# In a round, at most this many calls before the cut.
CALLS, SYNCS, CALLS_OF_A_START = 1500, 60, 250
WHERE = (BEFORE, HALFWAY, BEHIND)
WHOLE_CHECK_EVERY = 10


def run(settings: Settings) -> list[Row]:
    return [
        cut_while_writing(settings), cut_while_made(settings), cut_after_kill(settings), cut_after_failed_sync(settings),
    ]


def cut_while_writing(settings: Settings) -> Row:
    """The power goes before, in the middle of or right after a call that writes or syncs; sometimes again while the program
    starts on what is left."""
    trial = Trial(settings, "power", shimmed=True).prepare()
    for number in range(settings.rounds // 4):
        chance = trial.chance(number)
        begin(trial)
        on, most = chance.choice(((SYNCING, SYNCS), (SYNCING | WRITING, CALLS)))
        trial.shim.arm_cut(on, after=chance.randint(1, most), where=chance.choice(WHERE))
        trial.load.start(trial.server.port, trial.seed_of(number))
        if not trial.server.wait(seconds=60):
            trial.expect(False, f"round {number}: the shim did not end the server")
        end(trial, chance, number)
        if chance.random() < 0.3:
            start_into_a_cut(trial, chance, most=10)
            end(trial, chance, number)
    trial.finish()
    return trial.row("power cut while writing, some while it starts")


def cut_while_made(settings: Settings) -> Row:
    """The power goes while the program makes its database: the next start makes it, or goes on."""
    trial = Trial(settings, "power-while-made", shimmed=True)
    for number in range(settings.rounds // 10):
        chance = trial.chance(number)
        trial.empty()
        start_into_a_cut(trial, chance, CALLS_OF_A_START)
        trial.shim.disarm()
        told = trial.shim.cut_power(chance)
        try:
            trial.start()
            trial.expect_health()
            trial.load.start(trial.server.port, trial.seed_of(number))
            trial.wait_until("it can be written to", lambda: trial.ledger.acknowledged > 0)
            trial.load.stop()
            trial.server.kill()
            trial.examine(whole=True, told=told)
        except DidNotStart as failure:
            trial.expect(False, f"round {number} ({told}): the program does not start: {failure}")
            trial.rounds += 1
        trial.forget()
    return trial.row("power cut while the database is made")


def start_into_a_cut(trial: Trial, chance: random.Random, most: int) -> None:
    trial.shim.arm_cut(SYNCING | WRITING, after=chance.randint(1, most), where=chance.choice(WHERE))
    try:
        trial.server.start()
    except DidNotStart:
        pass
    trial.server.kill()


def cut_after_kill(settings: Settings) -> Row:
    """kill -9, a restart, clients that repeat what was not answered, then the power goes: a repeat that is answered from what
    the killed server wrote must be on the disk as well."""
    trial = Trial(settings, "power-after-kill", shimmed=True).prepare()
    for number in range(settings.rounds // 8):
        chance = trial.chance(number)
        begin(trial)
        # Where a commit is written and not synced yet.
        trial.shim.arm_cut(SYNCING, after=chance.randint(1, SYNCS), where=BEFORE)
        trial.load.start(trial.server.port, trial.seed_of(number))
        trial.server.wait(seconds=60)
        trial.load.stop()
        trial.server.kill()
        trial.start()
        trial.load.settle(trial.server.port, only=chance.randint(1, 2))
        end(trial, chance, number)
    trial.finish()
    return trial.row("kill -9, restart and repeats, then a power cut")


def cut_after_failed_sync(settings: Settings) -> Row:
    """A sync fails and the system forgets what it could not write, as Linux does; a restart, more writes, then a cut."""
    trial = Trial(settings, "power-after-sync", shimmed=True).prepare()
    for number in range(settings.rounds // 8):
        chance = trial.chance(number)
        begin(trial)
        trial.ledger.may_refuse = {503}
        trial.shim.arm(SYNCING, chance.choice((LOG, LOG, LOG, DATABASE)), EIO, after=chance.randint(0, 40), drop=1)
        if trial.shim.get("files") == DATABASE:
            trial.shim.set(after=0)
        trial.load.start(trial.server.port, trial.seed_of(number))
        trial.wait_until("a sync failed", lambda: trial.shim.get("hits") > 0)
        trial.load.stop()
        trial.shim.disarm()
        trial.ledger.may_refuse = set()
        trial.server.stop() if chance.random() < 0.5 else trial.server.kill()
        trial.start()
        trial.load.settle(trial.server.port)
        trial.load.start(trial.server.port, trial.seed_of(number, "again"))
        time.sleep(chance.uniform(0.02, 0.2))
        end(trial, chance, number)
    trial.finish()
    return trial.row("failed sync that loses pages, restart, then a power cut")


def begin(trial: Trial) -> None:
    trial.start()
    trial.load.settle(trial.server.port)


def end(trial: Trial, chance: random.Random, number: int) -> None:
    """Lets the disk lose what it may, and looks at what is left before anybody recovers it."""
    trial.server.kill()
    trial.load.stop()
    trial.shim.disarm()
    told = trial.shim.cut_power(chance)
    trial.examine(number % WHOLE_CHECK_EVERY == WHOLE_CHECK_EVERY - 1, told)
