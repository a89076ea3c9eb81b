"""An app that growth is measured with: its folder, filled by `offstage import`, and its server."""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import growth_app
import growth_btree
from growth_proc import peak_mb, run_ms
from programs import Offstage
from rows import Rows

POLL_SECONDS = 0.01


def program(text: str) -> Path:
    """An option that names the program to measure."""
    path = Path(text).resolve()
    if not (path.is_file() and os.access(path, os.X_OK)):
        raise argparse.ArgumentTypeError(f"{text} is no program")
    return path


@dataclass
class Ended:
    """What a command took."""

    seconds: float
    peak_mb: float


class App(Offstage):
    """A filled app; in a `with` it is served, and `server` is its server."""

    def __init__(self, binary: Path, folder: Path, rows: Rows, **wanted: int):
        super().__init__(binary, folder)
        (folder / "offstage.yaml").write_text(growth_app.text(**wanted))
        self.rows = rows
        self.imported = self.fill("orders", rows.orders)

    def fill(self, collection: str, file: Path) -> Ended:
        begin, peak = time.perf_counter(), 0.0
        log = self.folder / "import.log"
        command = list(map(str, [self.binary, "import", collection, file, "--app", self.folder]))
        with log.open("w") as said, subprocess.Popen(command, stdout=said, stderr=said) as process:
            try:
                while process.poll() is None:
                    peak = max(peak, peak_mb(process.pid))
                    time.sleep(POLL_SECONDS)
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            sys.exit(f"{' '.join(command)}:\n{log.read_text()[-2000:]}")
        return Ended(time.perf_counter() - begin, peak)

    def levels(self) -> int:
        """Of the B-trees of the orders, all together. To be asked while nobody serves."""
        return sum(growth_btree.levels(self.database, "orders").values())

    def __enter__(self) -> "App":
        self.server = self.serve().__enter__()
        self.start_cpu_ms = run_ms(self.server.process.pid)
        return self

    def __exit__(self, *failure: object) -> None:
        self.server.__exit__(*failure)
