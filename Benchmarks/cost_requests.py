"""The requests that cost counts: each job's, one after the other on one connection, the same in every run."""

import socket
from collections.abc import Callable

from programs import Offstage

JSON = '{{"customer":"Customer {number}","status":"paid","total":"{number}.50"}}'
FORM = "name=Ada+{number}&email=ada%40example.com&message=Do+you+ship+to+Malta%3F&_trap="


def jobs(ids: list[str]) -> dict[str, Callable[[int], bytes]]:
    """Name → the request with a number. Those that read come first, since the others add records."""
    return {
        "GET by id": lambda number: request("GET", f"/api/orders/{ids[number * 7919 % len(ids)]}"),
        "list of 20": lambda number: request("GET", Offstage.listed),
        "list with total": lambda number: request("GET", Offstage.counted),
        "POST JSON": lambda number: request("POST", "/api/orders", "application/json", JSON.format(number=number)),
        "POST form": lambda number: request("POST", "/forms/contact", "application/x-www-form-urlencoded", FORM.format(number=number)),
    }


def request(method: str, address: str, kind: str = "", body: str = "") -> bytes:
    accept = "text/html" if address.startswith("/forms/") else "application/json"
    fields = [f"{method} {address} HTTP/1.1", "Host: 127.0.0.1", f"Accept: {accept}"]
    if method == "POST":
        fields += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*fields, "", body]).encode()


class Client:
    """One connection. A request is sent as a whole, so that it is always read in one piece."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def ask(self, request: bytes) -> None:
        """Reads the whole answer, which must be a success or, after a form, lead on."""
        self.socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.receive()
        head, _, body = answer.partition(b"\r\n\r\n")
        status, *fields = head.decode().split("\r\n")
        if status.split()[1] not in ("200", "201", "303"):
            raise SystemExit(f"{request.decode()}\nis answered with\n{answer.decode()}")
        named = dict(field.lower().split(": ", 1) for field in fields)
        while len(body) < int(named.get("content-length", 0)):
            body += self.receive()

    def receive(self) -> bytes:
        piece = self.socket.recv(65_536)
        if not piece:
            raise SystemExit("the server closed the connection")
        return piece
