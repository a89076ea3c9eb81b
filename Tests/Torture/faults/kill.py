"""kill -9 at random moments under mixed load."""

import time

from trial import Row, Settings, Trial

LONGEST_LOAD = 0.25
LONGEST_START = 0.06
WHOLE_CHECK_EVERY = 25


def run(settings: Settings) -> Row:
    trial = Trial(settings, "kill").prepare()
    for number in range(settings.rounds):
        chance = trial.chance(number)
        if chance.random() < 0.15:
            kill_while_it_starts(trial, chance)
        trial.start()
        trial.load.settle(trial.server.port)
        trial.expect_health()
        trial.load.start(trial.server.port, trial.seed_of(number))
        time.sleep(chance.uniform(0.02, LONGEST_LOAD))
        trial.server.kill()
        trial.load.stop()
        trial.examine(whole=number % WHOLE_CHECK_EVERY == WHOLE_CHECK_EVERY - 1)
    trial.finish()
    return trial.row("kill -9 under load, some while it starts")


def kill_while_it_starts(trial: Trial, chance) -> None:
    trial.server.launch()
    time.sleep(chance.uniform(0, LONGEST_START))
    trial.server.kill()
