"""The library between SQLite and the disk (shim.c): built, told what to do, and asked what a power cut leaves."""

import errno
import mmap
import random
import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
# As enum field in shim.c.
FIELDS = (
    "process operation files error after times half hits lie drop cut_on cut_after cut_where clock_shift writes syncs reads"
).split()
WRITING, SYNCING, READING = 1, 2, 4
DATABASE, LOG = 1, 2
BEFORE, HALFWAY, BEHIND = 0, 1, 2
EIO, ENOSPC, SHORT = errno.EIO, errno.ENOSPC, 0
WRITE, TRUNCATE, SYNC, DROPPED, UNLINK, LINK = 1, 2, 3, 4, 5, 6
RECORD = struct.Struct("<IIq64s")
SECTOR = 512


def build(folder: Path) -> Path:
    library = folder / "shim.so"
    compiler = shutil.which("cc") or shutil.which("clang")
    if not compiler:
        raise SystemExit("The shim needs a C compiler: cc or clang.")
    subprocess.run(
        [compiler, "-std=gnu11", "-Wall", "-O2", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True
    )
    return library


class Shim:
    """What one server is told, through a mapped file."""

    def __init__(self, library: Path, folder: Path):
        self.data = folder / "data"
        self.log = folder / "writes.log"
        self.base = folder / "base"
        path = folder / "control"
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(8 * len(FIELDS)))
        with path.open("r+b") as file:
            self.control = mmap.mmap(file.fileno(), 0)
        self.environment = {
            "LD_PRELOAD": str(library), "TORTURE_FOLDER": str(self.data.resolve()),
            "TORTURE_CONTROL": str(path), "TORTURE_LOG": str(self.log),
        }

    def get(self, field: str) -> int:
        return struct.unpack_from("q", self.control, 8 * FIELDS.index(field))[0]

    def set(self, **values: int) -> None:
        for field, value in values.items():
            struct.pack_into("q", self.control, 8 * FIELDS.index(field), value)

    def arm(self, operation: int, files: int, error: int, after: int = 0, times: int = 1, **more: int) -> None:
        """Lets calls fail from now on: those of an operation on a class of file, after a number that go well."""
        self.set(operation=0)
        self.set(files=files, error=error, after=after, times=times, hits=0, half=more.get("half", 0), drop=more.get("drop", 0))
        self.set(operation=operation)

    def arm_cut(self, on: int, after: int, where: int) -> None:
        """Ends the process with a call: the nth of these operations on the files."""
        self.set(cut_on=0)
        self.set(cut_after=after, cut_where=where)
        self.set(cut_on=on)

    def disarm(self) -> int:
        """Ends the failing; how many calls did."""
        self.set(operation=0, cut_on=0, lie=0)
        return self.get("hits")

    def is_loaded_in(self, process: int) -> bool:
        return self.get("process") == process

    def mark_durable(self) -> None:
        """Takes all that is in the files now for what is on the disk. No server may run."""
        self.log.unlink(missing_ok=True)
        shutil.rmtree(self.base, ignore_errors=True)
        shutil.copytree(self.data, self.base)

    def cut_power(self, chance: random.Random) -> str:
        """Puts the files back to what a power cut leaves: all that was synced, and by chance some of what was not. No
        server may run. Says what was lost."""
        disk = Disk(self.base)
        for record in self.records():
            disk.apply(*record)
        told = disk.lose(chance)
        for path in self.data.iterdir():
            if path.name not in disk.files and path.name.endswith(("-wal", "-shm", "-journal")):
                path.unlink()
        for name, content in disk.files.items():
            (self.data / name).write_bytes(content)
        self.mark_durable()
        return told

    def records(self):
        content = self.log.read_bytes() if self.log.exists() else b""
        place = 0
        while place + RECORD.size <= len(content):
            kind, length, offset, name = RECORD.unpack_from(content, place)
            place += RECORD.size
            if place + length > len(content):
                return  # The process died in the middle of it, so the call was never made.
            yield kind, name.rstrip(b"\0").decode(), offset, content[place : place + length]
            place += length


class Disk:
    """The files as the disk holds them, and the writes that it was told of and need not hold."""

    WAYS = ("nothing unsynced stays", "everything stays", "some writes stay", "some sectors stay", "the first writes stay")

    def __init__(self, base: Path):
        names = [path for path in base.iterdir() if path.is_file() and not path.name.endswith("-shm")]
        self.files = {path.name: bytearray(path.read_bytes()) for path in names}
        self.pending: dict[str, list[tuple[int, int, int, bytes]]] = {}
        self.written = 0

    def apply(self, kind: int, name: str, offset: int, content: bytes) -> None:
        if kind in (WRITE, TRUNCATE):
            self.written += 1
            self.pending.setdefault(name, []).append((self.written, kind, offset, content))
        elif kind == SYNC:
            for _, *write in self.pending.pop(name, []):
                self.put(name, *write)
        elif kind == DROPPED:
            self.pending.pop(name, None)
        elif kind == UNLINK:
            self.pending.pop(name, None)
            self.files.pop(name, None)
        elif kind == LINK:
            self.files[content.decode()] = bytearray(self.files.get(name, b""))

    def put(self, name: str, kind: int, offset: int, content: bytes) -> None:
        file = self.files.setdefault(name, bytearray())
        end = offset if kind == TRUNCATE else offset + len(content)
        if len(file) < end:
            file.extend(bytes(end - len(file)))
        if kind == TRUNCATE:
            del file[end:]
        else:
            file[offset:end] = content

    def lose(self, chance: random.Random) -> str:
        way = chance.choice(self.WAYS)
        unsynced = sorted((*write, name) for name, writes in self.pending.items() for write in writes)
        first = chance.randint(0, len(unsynced))
        for place, (_, kind, offset, content, name) in enumerate(unsynced):
            if way == "everything stays" or way == "the first writes stay" and place < first:
                self.put(name, kind, offset, content)
            elif way == "some writes stay" and chance.random() < 0.5:
                self.put(name, kind, offset, content)
            elif way == "some sectors stay":
                self.put_sectors(name, kind, offset, content, chance)
        self.pending = {}
        return f"{way}, of {len(unsynced)}"

    def put_sectors(self, name: str, kind: int, offset: int, content: bytes, chance: random.Random) -> None:
        if kind == TRUNCATE:
            if chance.random() < 0.5:
                self.put(name, kind, offset, content)
            return
        start = offset
        while start < offset + len(content):
            end = min(offset + len(content), start // SECTOR * SECTOR + SECTOR)
            if chance.random() < 0.5:
                self.put(name, kind, start, content[start - offset : end - offset])
            start = end
