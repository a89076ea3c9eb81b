"""Power cuts: what was not synced is lost, by chance all of it, some of it, or parts of its sectors."""

import random
import time

from shim import BEFORE, BEHIND, DATABASE, EIO, HALFWAY, LOG, SYNCING, WRITING
from trial import Row, Settings, Trial

# In a round, at most this many calls before the cut.
CALLS, SYNCS = 1500, 60
WHOLE_CHECK_EVERY = 10


def run(settings: Settings) -> list[Row]:
    return [cut_while_writing(settings), cut_after_kill(settings), cut_after_failed_sync(settings)]


def cut_while_writing(settings: Settings) -> Row:
    """The power goes before, in the middle of or right after a call that writes or syncs."""
    trial = Trial(settings, "power", shimmed=True).prepare()
    for number in range(settings.rounds // 4):
        chance = trial.chance(number)
        begin(trial)
        on, most = chance.choice(((SYNCING, SYNCS), (SYNCING | WRITING, CALLS)))
        trial.shim.arm_cut(on, after=chance.randint(1, most), where=chance.choice((BEFORE, HALFWAY, BEHIND)))
        trial.load.start(trial.server.port, trial.seed_of(number))
        if not trial.server.wait(seconds=30):
            trial.expect(False, f"round {number}: the shim did not end the server")
            trial.server.kill()
        trial.load.stop()
        end(trial, chance, number)
    trial.finish()
    return trial.row("power cut while writing")


def cut_after_kill(settings: Settings) -> Row:
    """kill -9, a restart, clients that repeat what was not answered, then the power goes: a repeat that is answered from what
    the killed server wrote must be on the disk as well."""
    trial = Trial(settings, "power-after-kill", shimmed=True).prepare()
    for number in range(settings.rounds // 8):
        chance = trial.chance(number)
        begin(trial)
        trial.load.start(trial.server.port, trial.seed_of(number))
        # Where a commit is written and not synced yet.
        trial.shim.arm_cut(SYNCING, after=chance.randint(1, SYNCS), where=BEFORE)
        trial.server.wait(seconds=30)
        trial.load.stop()
        trial.server.forget()
        trial.start()
        trial.load.settle(trial.server.port, only=chance.randint(1, 2))
        trial.server.kill()
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
        trial.shim.arm(SYNCING, chance.choice((LOG, LOG, DATABASE)), EIO, after=chance.randint(0, 40), drop=1)
        trial.load.start(trial.server.port, trial.seed_of(number))
        time.sleep(chance.uniform(0.1, 0.4))
        trial.load.stop()
        trial.shim.disarm()
        trial.ledger.may_refuse = set()
        trial.server.stop() if chance.random() < 0.5 else trial.server.kill()
        trial.start()
        trial.load.settle(trial.server.port)
        trial.load.start(trial.server.port, trial.seed_of(number, "again"))
        time.sleep(chance.uniform(0.05, 0.2))
        trial.server.kill()
        trial.load.stop()
        end(trial, chance, number)
    trial.finish()
    return trial.row("failed sync that loses pages, restart, then a power cut")


def begin(trial: Trial) -> None:
    trial.start()
    trial.load.settle(trial.server.port)


def end(trial: Trial, chance: random.Random, number: int) -> None:
    """Lets the disk lose what it may, and looks at what is left before anybody recovers it."""
    trial.server.kill()
    trial.shim.disarm()
    told = trial.shim.cut_power(chance)
    trial.examine(number % WHOLE_CHECK_EVERY == WHOLE_CHECK_EVERY - 1, told)
