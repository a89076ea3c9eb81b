"""Several clients at once, each on a thread."""

import random
import threading
import time
import traceback

from client import Client
from connection import Gone
from ledger import Ledger


class Load:
    def __init__(self, ledger: Ledger, clients: int = 4, first: int = 0):
        self.ledger = ledger
        self.clients = [Client(first + number, ledger) for number in range(clients)]
        self.threads: list[threading.Thread] = []
        self.ending = threading.Event()
        # Seconds that the slowest answer took.
        self.slowest = 0.0

    def start(self, port: int, seed: str) -> None:
        """Begins to send; what was not settled must be settled before."""
        self.ending.clear()
        self.threads = [threading.Thread(target=self.run, args=[client, port, seed]) for client in self.clients]
        for thread in self.threads:
            thread.start()

    def run(self, client: Client, port: int, seed: str) -> None:
        client.chance = random.Random(f"{seed}/{client.number}")
        try:
            client.connect(port)
            while not self.ending.is_set():
                begun = time.monotonic()
                client.step()
                self.slowest = max(self.slowest, time.monotonic() - begun)
        except Gone:
            # The server is gone; what was under way stays unsettled.
            if client.unsettled:
                with self.ledger.lock:
                    self.ledger.unknown += 1
        except Exception:
            self.ledger.find("wrong", f"an answer that can't be: {traceback.format_exc(limit=-3)}")

    def stop(self) -> None:
        """Ends the load after the answers that are under way, or after the server is gone."""
        self.ending.set()
        for thread in self.threads:
            thread.join(60)
            if thread.is_alive():
                self.ledger.find("wrong", "a request was not answered within a minute")
        self.threads = []

    def settle(self, port: int, only: int | None = None) -> None:
        """Lets clients find out about what was not answered."""
        for client in [client for client in self.clients if client.unsettled][:only]:
            client.connect(port)
            client.settle()
            client.disconnect()

    def forget_records(self) -> None:
        for client in self.clients:
            client.pool, client.unsettled = [], None
