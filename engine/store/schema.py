"""The journal's tables, and how files of earlier versions become today's."""

from __future__ import annotations

import json
import sqlite3

VERSION = 2

_RUNS = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, started TEXT NOT NULL, command TEXT NOT NULL, policies TEXT NOT NULL,
    target TEXT NOT NULL, ended TEXT, status TEXT NOT NULL, summary TEXT NOT NULL, pid INTEGER NOT NULL,
    "plan" TEXT NOT NULL DEFAULT '', host TEXT NOT NULL DEFAULT '', born TEXT NOT NULL DEFAULT '', lease TEXT
)
"""
_CHANGES = """
CREATE TABLE IF NOT EXISTS changes (
    run TEXT NOT NULL REFERENCES runs(id), number INTEGER NOT NULL, policy TEXT NOT NULL, body TEXT NOT NULL,
    status TEXT NOT NULL, reason TEXT NOT NULL,
    account TEXT NOT NULL DEFAULT '', region TEXT NOT NULL DEFAULT '', type TEXT NOT NULL DEFAULT '',
    id TEXT NOT NULL DEFAULT '', touched INTEGER NOT NULL DEFAULT 0, began TEXT,
    PRIMARY KEY (run, number)
)
"""
_CLAIMS = """
CREATE TABLE IF NOT EXISTS claims (
    account TEXT NOT NULL, region TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, run TEXT NOT NULL,
    PRIMARY KEY (account, type, id, region)
)
"""
_INDEXES = (
    "CREATE INDEX IF NOT EXISTS changes_by_resource ON changes (account, type, id, region)",
    "CREATE INDEX IF NOT EXISTS changes_by_touched ON changes (touched)",
    'CREATE INDEX IF NOT EXISTS runs_by_plan ON runs ("plan")',
)
_ADDED = {
    "runs": (
        "\"plan\" TEXT NOT NULL DEFAULT ''", "host TEXT NOT NULL DEFAULT ''", "born TEXT NOT NULL DEFAULT ''",
        "lease TEXT",
    ),
    "changes": (
        "account TEXT NOT NULL DEFAULT ''", "region TEXT NOT NULL DEFAULT ''", "type TEXT NOT NULL DEFAULT ''",
        "id TEXT NOT NULL DEFAULT ''", "touched INTEGER NOT NULL DEFAULT 0", "began TEXT",
    ),
}  # fmt: skip
"""Columns that version 2 adds to version 1."""


def prepare(db: sqlite3.Connection) -> None:
    """Make the tables, or bring those of an earlier version up to date, in one transaction.

    Raises:   sqlite3.Error where the file cannot be written or is no database.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]  # another process may have been quicker
        if version == 1:
            _from_first(db)
        for statement in (_RUNS, _CHANGES, _CLAIMS, *_INDEXES):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _from_first(db: sqlite3.Connection) -> None:
    """Version 1 kept a change's resource only in its body. A body that cannot be read leaves the columns empty."""
    for table, columns in _ADDED.items():
        for column in columns:
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for rowid, body in db.execute("SELECT rowid, body FROM changes ORDER BY rowid").fetchall():
        db.execute(
            "UPDATE changes SET account = ?, region = ?, type = ?, id = ?, touched = rowid WHERE rowid = ?",
            (*_place_in(body), rowid),
        )


def _place_in(body: str) -> tuple[str, str, str, str]:
    """(account, region, type, id) of a change's body; empty texts where it cannot be read."""
    try:
        data = json.loads(body)
        scope = data["scope"]
        found = (scope["account"], scope["region"], data["type"], data["id"])
    except (ValueError, KeyError, TypeError):
        return ("", "", "", "")
    return found if all(isinstance(value, str) for value in found) else ("", "", "", "")
