"""Measures sign-ins: how many there are a second while 32 clients sign in at once, and what they do to other requests.

A sign-in computes a hash that is meant to be slow (Argon2id, 19 MiB), so it is bounded by the processor. What must not happen
is that everybody else waits for it: the 99th percentile of reads by id, from as many connections as wanted, is measured without
sign-ins and beside them, in rounds that take turns.

    script/bench --sign-in --connections 4
"""

import argparse
import json
import statistics
from pathlib import Path

import accounts
import rows
import wrk
from jobs import SIGN_IN
from options import add_lengths, count, measuring, scratch
from programs import Offstage
from servers import Server, end_on_signals

ORDERS = 1_000
CLIENTS = 32


def main() -> None:
    parser = measuring("script/bench --sign-in", __doc__)
    add_lengths(parser, rows=None)
    parser.add_argument("--connections", type=count, default=wrk.CONNECTIONS, help=f"of the readers (default: {wrk.CONNECTIONS})")
    options = parser.parse_args()
    end_on_signals()
    with scratch() as folder:
        seeded = rows.write(folder / "rows", ORDERS)
        program = Offstage(options.binary, folder / "offstage")
        program.fill("orders", seeded.orders)
        program.environment |= accounts.PROXY
        with program.serve() as server:
            accounts.sign_up(server)
            measured = rounds(options, server, seeded)
    median = {name: statistics.median(each[name] for each in measured) for name in measured[0]}
    print(f"sign-ins a second, {CLIENTS} clients      {median['sign_ins']:8.1f}")
    print(f"p99 of GET by id without them      {median['idle_p99_ms']:8.2f} ms  ({median['idle_rate']:.0f} requests/s)")
    print(f"p99 of GET by id beside them       {median['p99_ms']:8.2f} ms  ({median['rate']:.0f} requests/s)")
    print(f"ratio                              {median['p99_ms'] / median['idle_p99_ms']:8.2f}")
    if options.json:
        options.json.write_text(json.dumps({"median": median, "rounds": measured}, indent=2) + "\n")


def rounds(options: argparse.Namespace, server: Server, seeded: rows.Rows) -> list[dict[str, float]]:
    def read(seconds: int) -> wrk.Load:
        return wrk.load(server, "/", seconds, SIGN_IN.script, seeded.ids, options.connections)

    read(1)
    found = []
    for _ in range(options.rounds):
        idle = read(options.seconds)
        with accounts.signing_in(server, CLIENTS) as sign_ins:
            beside = read(options.seconds)
        found.append({
            "idle_p99_ms": idle.p99, "idle_rate": idle.rate, "p99_ms": beside.p99, "rate": beside.rate, "sign_ins": sign_ins.rate,
        })
    return found


if __name__ == "__main__":
    main()
