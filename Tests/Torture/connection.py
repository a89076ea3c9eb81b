"""One HTTP connection, kept open, on a plain socket: what happened to a request is known to the last byte."""

import json
import socket


class Gone(Exception):
    """The connection ended before the whole answer was there."""


class Answer:
    def __init__(self, status: int, headers: dict, body: bytes):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def is_replayed(self) -> bool:
        return self.headers.get("idempotent-replayed") == "true"

    def __str__(self) -> str:
        return f"{self.status} {self.body[:300].decode(errors='replace')}"


class Connection:
    def __init__(self, port: int, seconds: float = 20):
        self.port, self.seconds = port, seconds
        self.open()

    def open(self) -> None:
        try:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=self.seconds)
        except OSError as failure:
            raise Gone(str(failure)) from failure
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received, self.has_ended = b"", False

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        if self.has_ended:
            # The last answer said so.
            self.close()
            self.open()
        try:
            self.socket.sendall(self.request(method, path, body, headers))
            answer = self.answer()
            self.has_ended = answer.headers.get("connection") == "close"
            return answer
        except OSError as failure:
            raise Gone(str(failure)) from failure

    @staticmethod
    def request(method: str, path: str, body: bytes, headers: dict) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if body or method in ("POST", "PUT", "PATCH"):
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def answer(self) -> Answer:
        while (end := self.received.find(b"\r\n\r\n")) < 0:
            self.receive()
        first, *lines = self.received[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        while len(self.received) < end + 4 + length:
            self.receive()
        body, self.received = self.received[end + 4 : end + 4 + length], self.received[end + 4 + length :]
        return Answer(int(first.split()[1]), headers, body)

    def receive(self) -> None:
        piece = self.socket.recv(65536)
        if not piece:
            raise Gone("the server closed the connection")
        self.received += piece

    def close(self) -> None:
        self.socket.close()
