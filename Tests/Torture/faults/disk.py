"""A disk that is really full: a small tmpfs holds the data, and something else takes its room."""

import os
import shutil
import subprocess

from trial import Row, Settings, Trial

SIZE = "16m"
TITLE = "full disk (tmpfs), then room"


def run(settings: Settings) -> Row:
    trial = Trial(settings, "full-disk")
    trial.server.data.mkdir(mode=0o700)
    if os.geteuid() != 0 or not mounted(trial):
        return Row(TITLE, skipped="a tmpfs can't be mounted here; the shim's rounds without room stand for it")
    try:
        trial.prepare()
        for number in range(max(2, settings.rounds // 50)):
            play(trial, number)
        trial.finish()
    finally:
        trial.server.kill()
        subprocess.run(["umount", "--lazy", trial.server.data], check=True)
    return trial.row(TITLE)


def mounted(trial: Trial) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "offstage-torture", trial.server.data]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def play(trial: Trial, number: int) -> None:
    chance = trial.chance(number)
    trial.start()
    trial.load.settle(trial.server.port)
    ballast = trial.server.data / "ballast"
    trial.ledger.may_refuse = {507}
    trial.load.start(trial.server.port, trial.seed_of(number))
    wanted = trial.ledger.answers[507] + 5
    # What frees room, such as a checkpoint, is followed by more ballast.
    trial.wait_until("writes are refused with 507", lambda: fill(ballast, trial) and trial.ledger.answers[507] >= wanted)
    status = trial.server.status_of("/api/letters?limit=5")
    trial.expect(status == 200, f"a list is answered {status} while the disk is full")
    dies = chance.random() < 0.5
    if dies:
        # Dies while the disk is full, and starts while it is.
        trial.server.kill()
    trial.load.stop()
    if dies:
        trial.start()
        status = trial.server.status_of("/api/letters?limit=5")
        trial.expect(status == 200, f"a list is answered {status} after a start with a full disk")
    ballast.unlink()
    trial.ledger.may_refuse = set()
    trial.load.settle(trial.server.port)
    # Without a restart.
    trial.load.start(trial.server.port, trial.seed_of(number, "healed"))
    trial.wait_for_writes(20)
    trial.load.stop()
    trial.expect_health()
    trial.server.stop()
    trial.examine(whole=True)


def fill(ballast, trial: Trial) -> bool:
    """Takes what room there is but for a little."""
    free = shutil.disk_usage(trial.server.data).free - 16_384
    if free > 0:
        with ballast.open("ab") as file:
            try:
                file.write(bytes(free))
                file.flush()
            except OSError:
                pass  # The server was quicker; the rest is taken the next time.
    return True
