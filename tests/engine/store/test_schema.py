"""Files of the first version: their runs and changes are kept."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from engine.model.change import Status
from engine.model.codec import change_json
from engine.model.errors import StoreUnavailable
from engine.store.schema import VERSION, prepare
from engine.store.sqlite import SqliteJournal

from .suite import change, run

FIRST = """
CREATE TABLE runs (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, started TEXT NOT NULL, command TEXT NOT NULL, policies TEXT NOT NULL,
    target TEXT NOT NULL, ended TEXT, status TEXT NOT NULL, summary TEXT NOT NULL, pid INTEGER NOT NULL
);
CREATE TABLE changes (
    run TEXT NOT NULL REFERENCES runs(id), number INTEGER NOT NULL, policy TEXT NOT NULL, body TEXT NOT NULL,
    status TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (run, number)
);
PRAGMA user_version = 1;
"""


def first(path: Path, *bodies: str) -> None:
    """A journal as version 1 wrote it: one run that was cut short, its changes started."""
    db = sqlite3.connect(path)
    db.executescript(FIRST)
    r = run("old")
    db.execute(
        "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, NULL, 'running', '{}', 7)",
        (r.id, r.kind, r.started.isoformat(), r.command, json.dumps(r.policies), json.dumps(dict(r.target))),
    )
    for number, body in enumerate(bodies, 1):
        db.execute("INSERT INTO changes VALUES ('old', ?, 'a', ?, 'started', '')", (number, body))
    db.commit()
    db.close()


def test_the_first_version_is_kept(tmp_path: Path) -> None:
    """Runs, changes and what they hold."""
    path = tmp_path / "journal.db"
    first(path, json.dumps(change_json(change(1))), json.dumps(change_json(change(2))))
    journal = SqliteJournal(path)
    assert journal.run("old") == run("old")
    assert [(e.change, e.status) for e in journal.entries("old")] == [
        (change(1), Status.STARTED), (change(2), Status.STARTED),
    ]  # fmt: skip
    assert [e.number for e in journal.unsettled([change(2).ref])] == [2]
    journal.close()
    again = SqliteJournal(path)
    assert [r.id for r in again.runs()] == ["old"]
    again.close()


@pytest.mark.parametrize("body", ["{", "[]", "{}", '{"scope": 1}', '{"scope": {"account": 1}, "type": 2, "id": 3}'])
def test_a_damaged_change_does_not_hinder_the_others(tmp_path: Path, body: str) -> None:
    """Its own reading is an error that names it."""
    path = tmp_path / "journal.db"
    first(path, body, json.dumps(change_json(change(2))))
    journal = SqliteJournal(path)
    assert [e.number for e in journal.unsettled([change(2).ref])] == [2]
    with pytest.raises(StoreUnavailable, match="change 1 of run old"):
        journal.entries("old")
    journal.close()


def test_twice_is_once(tmp_path: Path) -> None:
    """Two processes that open an old file at once: the second finds it done."""
    db = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    prepare(db)
    prepare(db)
    assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
    db.close()
