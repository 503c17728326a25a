"""Claims: what the suite cannot reach, as rows that are damaged."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from engine.model.change import Status
from engine.plugin.journal import held_by
from engine.store.sqlite import SqliteJournal

from .suite import change, run


def test_a_status_that_is_none_holds_the_resource(tmp_path: Path) -> None:
    """What is unknown is not certain."""
    journal = SqliteJournal(tmp_path / "journal.db")
    for id in ("r1", "r2"):
        journal.begin(run(id, pid=0))
    journal.intend("r1", [("a", change(1))])
    journal.end("r1", "done", run("r").started, {})
    with sqlite3.connect(tmp_path / "journal.db") as db:
        db.execute("UPDATE changes SET status = 'dome'")
    db.close()
    (entry,) = journal.intend("r2", [("b", change(1))])
    assert (entry.status, entry.reason) == (Status.SKIPPED, held_by("r1", 1))
    journal.close()


def test_a_claim_of_a_run_that_is_not_there_is_void(tmp_path: Path) -> None:
    """Its row was lost."""
    journal = SqliteJournal(tmp_path / "journal.db")
    for id in ("r1", "r2"):
        journal.begin(run(id, pid=0))
    journal.intend("r1", [("a", change(1))])
    with sqlite3.connect(tmp_path / "journal.db") as db:
        db.execute("DELETE FROM runs WHERE id = 'r1'")
    db.close()
    assert journal.intend("r2", [("b", change(1))])[0].status is Status.PLANNED
    journal.close()
