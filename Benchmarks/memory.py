"""Memory: what exports, imports and idle connections take at their peak, each in a process of its own.

Exports and imports are measured with a tenth of the rows too; what they take must not depend on their number.
"""

import contextlib
import http.client
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from growth_apps import App
from growth_proc import peak_mb
from rows import Rows
from rows import write as write_rows

TYPES = {"CSV": "text/csv", "NDJSON": "application/x-ndjson"}
PIECE = 1 << 20
# Of a body: docs/http-api.md says 16 MiB.
BODY_BYTES_MAX = 15 << 20
# The server closes a connection that has asked for nothing for 75 seconds.
IDLE_SECONDS_MAX = 60
FILES_LEFT_OVER = 500
# What is asked for on a connection before it is idle: one that is answered at once, and one that takes its turn.
IDLE = {"after a short list": "/api/orders?limit=1", "after a filtered list": App.listed}


@dataclass
class Peak:
    """Of one process: what was resident at most, and at the end what was its own or its share (0 for one that has ended), in MB."""

    peak_mb: float
    pss_mb: float
    seconds: float


# What is done → rows or connections → what it took.
Peaks = dict[str, dict[int, Peak]]


def measure(binary: Path, folder: Path, rows: int, connections: int) -> tuple[Peaks, Peaks]:
    """By rows, and by idle connections."""
    found = transfers(binary, folder, rows)
    app = App(binary, folder / "idle", write_rows(folder / "idle-rows", 1000))
    return found, idle(app, connections)


def transfers(binary: Path, folder: Path, count: int) -> Peaks:
    found: Peaks = {}
    for number in (count // 10, count):
        print(f"memory: {number:,} rows", file=sys.stderr)
        app = App(binary, folder / f"memory-{number}", write_rows(folder / f"memory-rows-{number}", number))
        for name, peak in each_transfer(app, number):
            print(f"  {name}: {peak.peak_mb:.0f} MB, {peak.seconds:.0f} s", file=sys.stderr)
            found.setdefault(name, {})[number] = peak
    return found


def each_transfer(app: App, number: int) -> Iterator[tuple[str, Peak]]:
    yield "offstage import", Peak(app.imported.peak_mb, 0, app.imported.seconds)
    for name in TYPES:
        yield f"offstage export, {name}", export_by_command(app, name, number)
    for name in TYPES:
        yield f"export over HTTP, {name}", served(app, lambda: export_over_http(app, name, number))
    yield "import over HTTP, CSV", served(app, lambda: import_over_http(app, number))


def export_by_command(app: App, name: str, number: int) -> Peak:
    begin, peak, lines = time.perf_counter(), 0.0, 0
    command = [str(app.binary), "export", "orders", "--app", str(app.folder), "--format", name.lower()]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        while piece := process.stdout.read1(PIECE):
            lines += piece.count(b"\n")
            peak = max(peak, peak_mb(process.pid))
    expect(process.returncode, 0, f"the exit code of {' '.join(command)}")
    expect(lines, number + (name == "CSV"), f"lines of {' '.join(command)}")
    return Peak(peak, 0, time.perf_counter() - begin)


def served(app: App, work: Callable[[], None]) -> Peak:
    """What a server takes that does nothing but this."""
    with app:
        begin = time.perf_counter()
        work()
        return Peak(peak_mb(app.server.process.pid), app.server.memory(), time.perf_counter() - begin)


def export_over_http(app: App, name: str, number: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", app.server.port, timeout=60)
    connection.request("GET", "/api/orders", headers={"Accept": TYPES[name]})
    answer = connection.getresponse()
    expect(answer.status, 200, f"the status of the export as {name}")
    lines = 0
    while piece := answer.read(PIECE):
        lines += piece.count(b"\n")
    expect(lines, number + (name == "CSV"), f"lines of the export as {name}")


def import_over_http(app: App, number: int) -> None:
    """In as many requests as their size needs."""
    connection = http.client.HTTPConnection("127.0.0.1", app.server.port, timeout=600)
    taken = 0
    for body, lines in bodies(number):
        connection.request("POST", "/api/orders/import", body, {"Content-Type": TYPES["CSV"]})
        answer = connection.getresponse()
        text = answer.read().decode()
        expect((answer.status, text), (200, f'{{"imported":{lines}}}'), "the answer to an import")
        taken += lines
    expect(taken, number, "imported rows")


def bodies(number: int) -> Iterator[tuple[bytes, int]]:
    """CSV of so many orders, in parts, each with its number of rows."""
    head = "customer,status,total\n"
    rows, size = [], 0
    for count in range(number):
        rows.append(f"Customer {count},paid,{count % 1000}.50\n")
        size += len(rows[-1])
        if size > BODY_BYTES_MAX - 100 or count == number - 1:
            yield (head + "".join(rows)).encode(), len(rows)
            rows, size = [], 0


def idle(app: App, count: int) -> Peaks:
    """What was asked on each connection → how many there are → what the server takes, with a tenth of them and with all."""
    allow_files(count)
    found: Peaks = {}
    for name, address in IDLE.items():
        for number in (count // 10, count):
            with app, contextlib.ExitStack() as opened:
                peak = found.setdefault(name, {})[number] = hold(app, address, number, opened)
            print(f"  {number:,} idle connections, {name}: {peak.peak_mb:.0f} MB, {peak.seconds:.0f} s", file=sys.stderr)
    return found


def hold(app: App, address: str, number: int, opened: contextlib.ExitStack) -> Peak:
    begin = time.perf_counter()
    connections = []
    for _ in range(number):
        connection = socket.create_connection(("127.0.0.1", app.server.port), timeout=30)
        connections.append(opened.enter_context(contextlib.closing(connection)))
        ask(connection, address)
    took = time.perf_counter() - begin
    if took > IDLE_SECONDS_MAX:
        sys.exit(f"opening {number:,} connections took {took:.0f} s, and the server closes idle ones after 75")
    peak = Peak(peak_mb(app.server.process.pid), app.server.memory(), took)
    expect(app.server.connections(), number, "connections that are open")
    # All of them are still served.
    for connection in connections:
        ask(connection, address)
    return peak


def allow_files(connections: int) -> None:
    """Of this process and of the server, which inherits it."""
    wanted = connections + FILES_LEFT_OVER
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
        except (PermissionError, ValueError):
            sys.exit(f"{connections:,} connections need {wanted:,} open files, and this user may have {hard:,}: raise ulimit -n, or pass --idle")
    elif soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def ask(connection: socket.socket, address: str) -> None:
    connection.sendall(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    answer = b""
    while b"\r\n\r\n" not in answer or not answer.endswith(b"}"):
        piece = connection.recv(65_536)
        if not piece:
            sys.exit("the server closed an idle connection")
        answer += piece
    expect(answer[:12], b"HTTP/1.1 200", "the status of a request")


def expect(found, wanted, what: str) -> None:
    if found != wanted:
        sys.exit(f"{what}: {found!r} instead of {wanted!r}")
