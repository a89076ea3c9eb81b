"""Measures sign-ins: how many there are a second while 32 clients sign in at once, and what they do to other requests.

A sign-in computes a hash that is meant to be slow (Argon2id, 19 MiB), so it is bounded by the processor. What must not happen
is that everybody else waits for it: the 99th percentile of reads by id, from as many connections as wanted, is measured without sign-ins and
beside them, in rounds that take turns.
"""

import argparse, http.client, json, re, socket, statistics, subprocess, tempfile, time, urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
APP = """offstage: 1
name: Bench
collections:
  orders:
    fields: {customer: text, total: {type: decimal, digits: 10, scale: 2}}
    access: {read: true, create: true}
accounts: {sign_up: open}
"""
CLIENTS = 32
PASSWORD = "correct horse battery"


def ask(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def p99(port, path, seconds, connections):
    """In milliseconds, and the requests a second."""
    output = subprocess.run(["wrk", f"-t{min(2, connections // 4)}", f"-c{connections}", f"-d{seconds}s", "--latency", f"http://127.0.0.1:{port}{path}"],
                            capture_output=True, text=True, check=True).stdout
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", output).groups()
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit], rate


class SignIns:
    """32 clients, each signing in again and again. They are wrk's, which takes next to no processor time beside the server."""

    def __init__(self, port, seconds):
        self.command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds + 2}s", "--timeout", "60s", "-s", str(HERE / "sign-in.lua"),
                        f"http://127.0.0.1:{port}/"]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        time.sleep(1)
        return self

    def __exit__(self, *failure):
        output, _ = self.process.communicate()
        self.rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
        refused = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
        self.failed = int(refused.group(1)) if refused else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32, help="of the other requests; at least 4")
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "offstage.yaml").write_text(APP)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen([options.binary, "serve", "--app", folder, "--port", str(port), "--quiet"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + 10
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).read()
                    break
                except OSError:
                    assert time.monotonic() < until, "the server did not start"
                    time.sleep(0.01)
            order = json.loads(ask(port, "POST", "/api/orders", {"customer": "x", "total": "1.00"})[1])["id"]
            for number in range(CLIENTS):
                status, body = ask(port, "POST", "/auth/sign-up", {"email": f"person{number}@example.com", "password": PASSWORD})
                assert status == 201, body
            path = f"/api/orders/{order}"
            p99(port, path, 1, options.connections)
            rounds = []
            for _ in range(options.rounds):
                idle, idle_rate = p99(port, path, options.seconds, options.connections)
                with SignIns(port, options.seconds) as clients:
                    beside, rate = p99(port, path, options.seconds, options.connections)
                rounds.append({"idle_p99_ms": idle, "idle_rate": idle_rate, "p99_ms": beside, "rate": rate,
                               "sign_ins": clients.rate, "failed": clients.failed})
        finally:
            server.terminate()
            server.wait(35)
    median = {name: statistics.median(round[name] for round in rounds) for name in rounds[0]}
    print(f"sign-ins a second, 32 clients      {median['sign_ins']:8.1f}   ({sum(r['failed'] for r in rounds)} not answered with 200)")
    print(f"p99 of GET by id without them      {median['idle_p99_ms']:8.2f} ms  ({median['idle_rate']:.0f} requests/s)")
    print(f"p99 of GET by id beside them       {median['p99_ms']:8.2f} ms  ({median['rate']:.0f} requests/s)")
    print(f"ratio                              {median['p99_ms'] / median['idle_p99_ms']:8.2f}")
    if options.json:
        Path(options.json).write_text(json.dumps({"median": median, "rounds": rounds}, indent=1) + "\n")


main()
