"""What the campaigns against changing read of the journal's file, and how they let time pass in it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from engine.model.errors import StoreUnavailable
from engine.plugin.journal import Entry, RunRecord
from engine.store.sqlite import SqliteJournal


def in_journal(journal: Path, name: str, ids: Iterable[str]) -> tuple[bool, bool]:
    """(whether a change that makes this call is started on each resource, whether what comes before it is done)."""
    if not journal.exists():
        return False, False
    known = proven = True
    with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True, timeout=10)) as db:
        for id in ids:
            rows = db.execute(
                "SELECT run, policy, number, body FROM changes WHERE id = ? AND status = 'started'", (id,)
            ).fetchall()
            own = [
                row for row in rows if name in {f"{c['service']}:{c['operation']}" for c in json.loads(row[3])["calls"]}
            ]
            known = known and bool(own)
            for run, policy, number, _ in own:
                before = db.execute(
                    "SELECT COUNT(*) FROM changes WHERE id = ? AND run = ? AND policy = ? AND number < ? AND status != 'done'",
                    (id, run, policy, number),
                ).fetchone()
                proven = proven and before[0] == 0
    return known, proven


def runs_of(journal: Path) -> list[RunRecord]:
    """The journal's runs, newest first."""
    if not journal.exists():
        return []
    with closing(SqliteJournal(journal)) as opened:
        return opened.runs(1000)


def entries_of(journal: Path, run: str) -> list[Entry]:
    """A run's entries."""
    with closing(SqliteJournal(journal)) as opened:
        try:
            return opened.entries(run)
        except StoreUnavailable as error:
            raise AssertionError(f"the journal cannot be read: {error}") from error


def a_minute_later(journal: Path, seconds: float = 70.0) -> None:
    """Put the start of every change back in time, as if the wait for what is on its way were over; it is."""
    with closing(sqlite3.connect(journal, timeout=10)) as db:
        rows = db.execute("SELECT rowid, began FROM changes WHERE began IS NOT NULL").fetchall()
        for rowid, began in rows:
            moved = datetime.fromisoformat(began) - timedelta(seconds=seconds)
            db.execute("UPDATE changes SET began = ? WHERE rowid = ?", (moved.isoformat(), rowid))
        db.commit()


def forget(journal: Path) -> None:
    """Make every change that is done one whose answer was lost."""
    with closing(sqlite3.connect(journal, timeout=10)) as db:
        db.execute("UPDATE changes SET status = 'uncertain' WHERE status = 'done'")
        db.commit()
