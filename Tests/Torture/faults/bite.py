"""Shows that the torture finds what it looks for: with syncs that are none, and with a database that somebody changed."""

import shutil
import sqlite3

from inspection import NAME, Check
from ledger import Finding
from trial import Row, Settings, Trial

ROUNDS = 5


def run(settings: Settings) -> list[Row]:
    return [lying_disk(settings), changed_database(settings)]


def lying_disk(settings: Settings) -> Row:
    """The shim swallows every sync, which is what `PRAGMA synchronous = OFF` does: the power cut then takes what was
    acknowledged, and the check must say so."""
    trial = Trial(settings, "lying-disk", shimmed=True).prepare()
    for number in range(ROUNDS):
        trial.start()
        trial.shim.set(lie=1)
        trial.load.start(trial.server.port, trial.seed_of(number))
        trial.wait_for_writes(100)
        trial.server.kill()
        trial.load.stop()
        trial.shim.disarm()
        told = trial.shim.cut_power(trial.chance(number))
        trial.examine(whole=True, told=told)
        trial.begin_anew()
    lost = sum(finding.kind == "lost" for finding in trial.ledger.findings)
    row = trial.row(
        "self-test: swallowed syncs (as synchronous=OFF), then power cuts",
        f"the shim bites: {lost} lost writes were found, as they must be",
    )
    row.findings = [] if lost else [Finding("wrong", "no write was lost although nothing was synced")]
    return row


CHANGES = {
    "a record that is gone": ("lost", "DELETE FROM letters WHERE id = (SELECT id FROM letters LIMIT 1)"),
    "an older version": (
        "lost", "UPDATE letters SET version = version - 1 WHERE id = (SELECT id FROM letters WHERE version > 1)",
    ),
    "a record that is there twice": (
        "doubled",
        "INSERT INTO letters SELECT id || 'x', created, updated, version, name, words, amount, state FROM letters LIMIT 1",
    ),
    "another text": ("wrong", "UPDATE letters SET words = substr(words, 2) WHERE id = (SELECT id FROM letters LIMIT 1)"),
    "an entry that is missing": ("wrong", "DELETE FROM _journal WHERE position = (SELECT max(position) / 2 FROM _journal)"),
    "an entry with another image": ("wrong", "UPDATE _journal SET after = replace(after, 'letter-', 'latter-')"),
    "a record without an entry": ("wrong", "DELETE FROM _journal WHERE position = (SELECT max(position) FROM _journal)"),
    "a search that lacks a record": ("wrong", "DELETE FROM \"_search(letters)_docsize\""),
    "a reference to nothing": ("wrong", "UPDATE stamps SET letter = 'nothing'"),
}


def changed_database(settings: Settings) -> Row:
    """Somebody changes a copy of the file; the check must find each change, and nothing in the copy as it was."""
    trial = Trial(settings, "changed-database").prepare()
    trial.start()
    trial.load.start(trial.server.port, trial.seed_of("load"))
    trial.wait_for_writes(200)
    trial.load.stop()
    trial.server.stop()
    trial.check.run(whole=True)
    missed = list(trial.ledger.findings)
    for title, (kind, statement) in CHANGES.items():
        if not any(finding.kind == kind for finding in findings_after(trial, statement)):
            missed.append(Finding("wrong", f"the check does not find {title}"))
    if not findings_after(trial, None):
        missed.append(Finding("wrong", "the check does not find a damaged page"))
    trial.rounds = len(CHANGES) + 1
    note = f"{trial.rounds} kinds of change, each found, as they must be"
    row = trial.row("self-test: a database that somebody changed", note)
    row.findings = missed
    return row


def findings_after(trial: Trial, statement: str | None) -> list[Finding]:
    """What the check says of a copy after a change; without a statement a page of it is overwritten."""
    data = trial.folder / "changed"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(trial.server.data, data)
    if statement:
        database = sqlite3.connect(data / NAME)
        database.execute(statement)
        database.commit()
        database.close()
    else:
        with (data / NAME).open("r+b") as file:
            file.seek(8 * 4096)
            file.write(b"\xff" * 4096)
    return Check(trial.ledger, data, trial.folder / "copy").run(whole=True)
