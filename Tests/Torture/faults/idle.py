"""Ten thousand connections that do nothing, while others are served."""

import errno
import resource
import socket

from connection import Connection
from trial import Row, Settings, Trial

WANTED = 10_000
SPARE = 500


def run(settings: Settings) -> Row:
    count = raise_limit()
    trial = Trial(settings, "idle", clients=2).prepare()
    trial.start()
    before = trial.server.memory()
    # Half have asked something before and are kept open, half never say a word.
    connections = [connect(trial.server.port, asks=number % 2 == 0) for number in range(count)]
    trial.load.start(trial.server.port, trial.seed_of("load"))
    trial.wait_for_writes(200)
    trial.load.stop()
    memory = trial.server.memory()
    alive = sum(is_open(connection) for connection in connections)
    trial.expect(alive == count, f"{count - alive} of {count} idle connections were closed within seconds")
    for connection in connections:
        connection.close()
    trial.expect(trial.load.slowest < 5, f"somebody waited {trial.load.slowest:.1f} s for an answer")
    trial.rounds = 1
    trial.finish()
    short = "" if count == WANTED else " (the system's limit of open files allows no more)"
    return trial.row(
        f"{count:,} idle connections", f"{before:.0f} MB before, {memory:.0f} MB with {count:,} of them{short}; "
        f"others waited {trial.load.slowest * 1000:.0f} ms at most"
    )


def raise_limit() -> int:
    """Lets this process and the server, which inherits it, open as many files as are allowed; how many connections that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED + SPARE
    for limit in (max(hard, wanted), hard):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, limit), limit))
            break
        except (ValueError, OSError):
            continue  # Only root may raise the hard limit.
    return min(WANTED, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE)


def connect(port: int, asks: bool) -> socket.socket:
    connection = Connection(port)
    if asks:
        connection.ask("GET", "/problems/internal")
    connection.socket.setblocking(False)
    return connection.socket


def is_open(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) != b""
    except OSError as failure:
        return failure.errno in (errno.EAGAIN, errno.EWOULDBLOCK)
