"""The clock on the wall jumps by hours, back and forth, while clients write."""

import time
from datetime import datetime, timezone

from trial import Row, Settings, Trial

# Kept answers live for 24 hours: two readings of the clock are never further apart than that.
HOURS = 11


def run(settings: Settings) -> Row:
    trial = Trial(settings, "clock", shimmed=True).prepare()
    trial.start()
    trial.load.start(trial.server.port, trial.seed_of("load"))
    probe = trial.probe()
    kept = []
    for number in range(max(10, settings.rounds // 10)):
        chance = trial.chance(number)
        shift = chance.randint(-HOURS * 3600, HOURS * 3600)
        trial.shim.set(clock_shift=shift)
        operation = probe.create()
        while not operation.has_key:
            operation = probe.create()
        kept.append((operation, probe.perform(operation)))
        expect_shifted(trial, kept[-1][1], shift)
        repeat(trial, probe, *chance.choice(kept))
        time.sleep(chance.uniform(0.02, 0.1))
        trial.rounds += 1
    trial.load.stop()
    trial.shim.set(clock_shift=0)
    trial.finish()
    return trial.row("clock jumps by up to 22 hours")


def expect_shifted(trial: Trial, answer, shift: int) -> None:
    """The server must have seen the jump, or nothing is tried."""
    created = datetime.fromisoformat(answer.json["created"].replace("Z", "+00:00"))
    ahead = (created - datetime.now(timezone.utc)).total_seconds()
    trial.expect(abs(ahead - shift) < 60, f"the clock was shifted by {shift} s, and the server's is {ahead:.0f} s ahead")


def repeat(trial: Trial, probe, operation, first) -> None:
    """A repeat is a repeat, whatever the clock says meanwhile."""
    again = probe.connection.ask(operation.method, operation.path, operation.body, **operation.headers)
    same = again.is_replayed and again.body == first.body
    trial.expect(same, f"a repeat of {operation.changes[0][0].name} is answered {again}")
