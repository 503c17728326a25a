"""Which resources may a run change? Those that no other run holds, has left unsettled, or has changed meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence, Set
from datetime import datetime

from engine.model.resource import ResourceRef
from engine.plugin.journal import RunRecord, being_changed, changed_since, held_by
from engine.store.process import alive
from engine.store.rows import RUN_COLUMNS, record_of

_SETTLED = "('planned', 'done', 'failed', 'skipped')"
"""Statuses that are certain. Any other, a damaged one too, counts as one that is not."""

_HERE = "account = ? AND type = ? AND id = ? AND (region = ? OR ?)"


def place_of(ref: ResourceRef, anywhere: Set[str]) -> tuple[str, str, str, str, bool]:
    """The values of the condition on a resource's columns; the region counts only where the type has regions."""
    return (ref.scope.account, ref.type, ref.id, ref.scope.region, ref.type in anywhere)


def refusal(
    db: sqlite3.Connection, run: str, ref: ResourceRef, since: int | None, anywhere: Set[str], now: datetime
) -> str:
    """Why a run must leave a resource alone, or empty. Claims of runs that are over do not count."""
    place = place_of(ref, anywhere)
    for (other,) in db.execute(f"SELECT run FROM claims WHERE {_HERE} AND run != ?", (*place, run)).fetchall():
        record = _run(db, other)
        if record is not None and alive(record, now):
            return being_changed(other)
    found = db.execute(
        f"SELECT run, number FROM changes WHERE {_HERE} AND run != ? AND status NOT IN {_SETTLED} LIMIT 1",
        (*place, run),
    ).fetchone()
    if found is not None:
        return held_by(*found)
    if since is None:
        return ""
    found = db.execute(
        f"SELECT run FROM changes WHERE {_HERE} AND run != ? AND touched > ? AND status NOT IN ('planned', 'skipped')"
        " ORDER BY touched DESC LIMIT 1",
        (*place, run, since),
    ).fetchone()
    return changed_since(found[0]) if found is not None else ""


def claim(db: sqlite3.Connection, run: str, refs: Set[ResourceRef]) -> None:
    """Write the claims of a run, in the place of those that are void."""
    db.executemany(
        "INSERT OR REPLACE INTO claims (account, region, type, id, run) VALUES (?, ?, ?, ?, ?)",
        [(r.scope.account, r.scope.region, r.type, r.id, run) for r in refs],
    )


UNSETTLED = f"status NOT IN {_SETTLED}"
DONE = "status = 'done'"


def rows_on(
    db: sqlite3.Connection, refs: Sequence[ResourceRef], anywhere: Set[str], columns: str, condition: str
) -> list[tuple[object, ...]]:
    """Rows of changes on these resources that meet a condition, oldest first."""
    found: dict[int, tuple[object, ...]] = {}
    for ref in dict.fromkeys(refs):
        rows = db.execute(
            f"SELECT rowid, {columns} FROM changes WHERE {_HERE} AND {condition}", place_of(ref, anywhere)
        )
        found |= {rowid: tuple(row) for rowid, *row in rows}
    return [found[rowid] for rowid in sorted(found)]


def _run(db: sqlite3.Connection, id: str) -> RunRecord | None:
    row = db.execute(f"SELECT {RUN_COLUMNS} FROM runs WHERE id = ?", (id,)).fetchone()
    return record_of(row) if row is not None else None


def lost_claim(db: sqlite3.Connection, run: str, refs: Sequence[ResourceRef]) -> ResourceRef | None:
    """The first of these resources that another run than this has claimed since."""
    for ref in refs:
        row = db.execute(
            "SELECT run FROM claims WHERE account = ? AND region = ? AND type = ? AND id = ?",
            (ref.scope.account, ref.scope.region, ref.type, ref.id),
        ).fetchone()
        if row is None or row[0] != run:
            return ref
    return None
