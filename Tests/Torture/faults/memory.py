"""Floods of large requests under a limit of memory."""

import json
import threading

from client import encoded
from connection import Connection, Gone
from trial import Row, Settings, Trial

# Megabytes of private memory (prlimit --data), beyond which the system refuses to give more.
ENOUGH, TOO_LITTLE = 768, 192
CONNECTIONS = 32
REQUESTS = 2
LETTERS = 130
# Megabytes that may be resident where there is enough.
RESIDENT = 512


def run(settings: Settings) -> list[Row]:
    return [with_enough(settings), with_too_little(settings)]


def with_enough(settings: Settings) -> Row:
    trial = Trial(settings, "memory", clients=2, limits=(f"--data={ENOUGH << 20}",)).prepare()
    trial.start()
    fill(trial)
    before = trial.server.memory()
    for number in range(rounds(settings)):
        trial.load.start(trial.server.port, trial.seed_of(number))
        ended = flood(trial)
        trial.load.stop()
        trial.expect(not ended, f"{len(ended)} connections were cut off: {ended[:1]} {trial.server.said()[-300:]}")
        trial.rounds += 1
    memory = trial.server.memory("VmHWM") if trial.server.is_running else 0
    trial.expect(memory < RESIDENT, f"{memory:.0f} MB were resident")
    trial.finish()
    return trial.row(
        f"flood within {ENOUGH} MB", f"{CONNECTIONS} connections with bodies of 1 MB and lists of 4 MB; "
        f"{before:.0f} MB before, {memory:.0f} MB at most"
    )


def with_too_little(settings: Settings) -> Row:
    """The program may end where the system gives it no more memory; what was acknowledged is there all the same."""
    trial = Trial(settings, "too-little-memory", clients=2, limits=(f"--data={TOO_LITTLE << 20}",)).prepare()
    trial.start()
    fill(trial)
    ends = 0
    for number in range(rounds(settings)):
        trial.load.start(trial.server.port, trial.seed_of(number))
        flood(trial)
        trial.load.stop()
        ends += not trial.server.is_running
        trial.server.kill()
        trial.examine(whole=True)
        trial.start()
        trial.load.settle(trial.server.port)
        trial.expect_health()
    trial.finish()
    note = f"the program ended {ends} times for want of memory, and was started again"
    return trial.row(f"flood within {TOO_LITTLE} MB", note)


def rounds(settings: Settings) -> int:
    return max(1, settings.rounds // 100)


def fill(trial: Trial) -> None:
    """Records enough that a page of a list has its largest size."""
    probe = trial.probe()
    for _ in range(LETTERS):
        operation = probe.create()
        (record, state), = operation.changes
        state["words"] = "wave after wave; " * 2000
        operation.body = encoded(state)
        probe.perform(operation)
    probe.disconnect()


def flood(trial: Trial) -> list[str]:
    """Large refused bodies and long lists from many connections at once; why connections ended before their answer."""
    ended: list[str] = []
    threads = [threading.Thread(target=send, args=[trial, number, ended]) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def send(trial: Trial, number: int, ended: list[str]) -> None:
    try:
        connection = Connection(trial.server.port, seconds=60)
        for request in range(REQUESTS):
            if (number + request) % 2:
                answer, wanted = connection.ask("GET", "/api/letters?limit=500&sort=-name"), 200
            else:
                answer, wanted = connection.ask("POST", "/api/batch", BODY, Content_Type="application/json"), 422
            trial.ledger.see_read(answer.status)
            trial.expect(answer.status == wanted, f"the flood was answered {answer}")
        connection.close()
    except Gone as failure:
        ended.append(str(failure))


LETTER = {"create": "letters", "values": {"name": "flood", "words": "wave after wave; " * 1900}}
# The first operation is wrong, so that the whole body is read and nothing of it is done.
BODY = json.dumps({"operations": [{"create": "letters", "values": {"name": "flood"}}] + [LETTER] * 30}).encode()
