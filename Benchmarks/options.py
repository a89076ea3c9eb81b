"""What the measuring programs' command lines have in common, and where they put what they make."""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def chosen(names: list[str]) -> Callable[[str], list[str]]:
    """An option that takes some of these, between commas."""
    def some(text: str) -> list[str]:
        unknown = [name for name in text.split(",") if name not in names]
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(map(repr, unknown))} is none of {', '.join(names)}")
        return text.split(",")
    return some


def count(text: str) -> int:
    """An option that takes a whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def executable(text: str) -> Path:
    """An option that names a program; script/bench gives it."""
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"there is no {text}")
    return Path(text).resolve()


def new_file(text: str) -> Path:
    """An option that names a file to be written, so that a long measurement is not lost for want of a folder."""
    if not Path(text).parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {Path(text).parent}")
    return Path(text)


def measuring(program: str, description: str | None) -> argparse.ArgumentParser:
    """The command line of a mode of script/bench, which gives it the release binary."""
    parser = argparse.ArgumentParser(
        prog=program, description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=executable, required=True, help=argparse.SUPPRESS)
    return parser


def add_lengths(parser: argparse.ArgumentParser, rows: int | None = 100_000, seconds: int = 5, rounds: int = 3) -> None:
    if rows:
        parser.add_argument("--rows", type=count, default=rows, help=f"of each table (default: {rows:,})")
    parser.add_argument("--seconds", type=count, default=seconds, help=f"of each job in each round (default: {seconds})")
    parser.add_argument("--rounds", type=count, default=rounds, help=f"(default: {rounds})")
    parser.add_argument("--json", type=new_file, metavar="FILE", help="write all figures as JSON")


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for databases, which goes afterwards. It is in the checkout: one for temporary files may be in memory, where
    nothing is ever synced."""
    place = Path(__file__).resolve().parent.parent / ".build-bench"
    place.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=place) as name:
        yield Path(name)
