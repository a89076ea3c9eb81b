"""Slow clients, as slowhttptest makes them: slow headers, slow bodies and slow reading, while others are served."""

import re
import shutil
import subprocess

from trial import Row, Settings, Trial

TITLE = "slow headers, bodies and reading (slowhttptest)"
MODES = {
    "headers": ["-H", "-u", "{base}/api/letters"],
    "body": ["-B", "-u", "{base}/forms/post", "-s", "8192"],
    "reading": ["-X", "-u", "{base}/api/letters?limit=500", "-w", "512", "-y", "1024", "-n", "5", "-z", "32", "-k", "3"],
}
CONNECTIONS = 300
SECONDS = 10
# Others must be answered within this time, in seconds: what slowhttptest itself takes for available.
AVAILABLE_WITHIN = 5


def run(settings: Settings) -> Row:
    if not shutil.which("slowhttptest"):
        return Row(TITLE, skipped="slowhttptest is not there, and could not be installed")
    trial = Trial(settings, "slow", clients=2).prepare()
    trial.start()
    probe = trial.probe()
    for _ in range(100):
        # Enough to read that no buffer of the system takes it all.
        probe.perform(probe.create())
    before = trial.server.memory()
    trial.load.start(trial.server.port, trial.seed_of("load"))
    attacks = {mode: attack(trial, mode, arguments) for mode, arguments in MODES.items()}
    try:
        for mode, process in attacks.items():
            text = plain(process.communicate(timeout=SECONDS * 6)[0])
            trial.rounds += 1
            trial.expect("service available:   YES" in text, f"slow {mode}: {text[-600:]}")
    finally:
        for process in attacks.values():
            process.kill()
    trial.load.stop()
    slowest, memory = trial.load.slowest, trial.server.memory("VmHWM")
    trial.expect(slowest < AVAILABLE_WITHIN, f"somebody else waited {slowest:.1f} s for an answer")
    trial.finish()
    return trial.row(
        TITLE, f"{CONNECTIONS} of each kind at once; others waited {slowest * 1000:.0f} ms at most; "
        f"{before:.0f} MB before, {memory:.0f} MB at most"
    )


def attack(trial: Trial, mode: str, arguments: list[str]) -> subprocess.Popen:
    base = f"http://127.0.0.1:{trial.server.port}"
    common = ["-c", str(CONNECTIONS), "-r", "200", "-i", "3", "-l", str(SECONDS), "-p", str(AVAILABLE_WITHIN)]
    command = ["slowhttptest", *(argument.format(base=base) for argument in arguments), *common]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def plain(text: str) -> str:
    """Without the colours, which come also where there is no terminal."""
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)
