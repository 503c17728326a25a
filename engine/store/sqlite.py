"""The journal in one SQLite file. Survives `kill -9` at any moment: intents are committed before calls are made."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from engine.model.change import Change, Status
from engine.model.codec import change_json, change_of_json
from engine.model.errors import StoreUnavailable
from engine.model.json import Json
from engine.plugin.journal import Entry, RunRecord

_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, started TEXT NOT NULL, command TEXT NOT NULL, policies TEXT NOT NULL,
    target TEXT NOT NULL, ended TEXT, status TEXT NOT NULL, summary TEXT NOT NULL, pid INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS changes (
    run TEXT NOT NULL REFERENCES runs(id), number INTEGER NOT NULL, policy TEXT NOT NULL, body TEXT NOT NULL,
    status TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (run, number)
);
"""
VERSION = 1


class SqliteJournal:
    """A Journal in the file at `path`; made with its folder when it is missing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        with self._mended():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, timeout=30)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, VERSION):
            raise StoreUnavailable(f"the journal {self.path} was written by a newer version of the engine")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_SCHEMA)
        self._db.execute(f"PRAGMA user_version = {VERSION}")
        self._db.commit()

    @contextmanager
    def _mended(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailable(f"the journal {self.path} cannot be used: {error}") from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._mended(), self._db:
            yield self._db

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def begin(self, run: RunRecord) -> None:
        """Open a run."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?, ?)",
                (
                    run.id, run.kind, run.started.isoformat(), run.command, json.dumps(run.policies),
                    json.dumps(dict(run.target)), run.status, json.dumps(dict(run.summary)), run.pid,
                ),
            )  # fmt: skip

    def intend(self, run: str, changes: Sequence[tuple[str, Change]]) -> list[Entry]:
        """Write changes as PLANNED; durable when this returns."""
        with self._writing() as db:
            first = db.execute("SELECT COALESCE(MAX(number), 0) FROM changes WHERE run = ?", (run,)).fetchone()[0] + 1
            made = [Entry(run, first + i, policy, change, Status.PLANNED) for i, (policy, change) in enumerate(changes)]
            db.executemany(
                "INSERT INTO changes VALUES (?, ?, ?, ?, ?, '')",
                [
                    (run, e.number, e.policy, json.dumps(change_json(e.change), separators=(",", ":")), e.status.value)
                    for e in made
                ],
            )
        return made

    def started(self, entries: Sequence[Entry]) -> None:
        """These are about to be made."""
        self.closed(entries, Status.STARTED, {})

    def closed(self, entries: Sequence[Entry], status: Status, reasons: Mapping[int, str]) -> None:
        """These have ended."""
        with self._writing() as db:
            db.executemany(
                "UPDATE changes SET status = ?, reason = ? WHERE run = ? AND number = ?",
                [(status.value, reasons.get(e.number, ""), e.run, e.number) for e in entries],
            )

    def end(self, run: str, status: str, ended: datetime, summary: Mapping[str, Json]) -> None:
        """Close a run."""
        with self._writing() as db:
            db.execute(
                "UPDATE runs SET status = ?, ended = ?, summary = ? WHERE id = ?",
                (status, ended.isoformat(), json.dumps(dict(summary)), run),
            )

    def runs(self, most: int = 20) -> list[RunRecord]:
        """The newest runs first."""
        with self._lock, self._mended():
            rows = self._db.execute("SELECT * FROM runs ORDER BY started DESC, id DESC LIMIT ?", (most,)).fetchall()
        return [_record(row) for row in rows]

    def run(self, id: str, but: str = "") -> RunRecord | None:
        """One run by its id or an unambiguous beginning of it; `last` is the newest that is not of kind `but`."""
        with self._lock, self._mended():
            if id == "last":
                rows = self._db.execute(
                    "SELECT * FROM runs WHERE kind != ? ORDER BY started DESC, id DESC LIMIT 1", (but,)
                ).fetchall()
            else:
                if not id or set(id) & set("%_"):
                    return None
                rows = self._db.execute("SELECT * FROM runs WHERE id = ?", (id,)).fetchall()
                rows = rows or self._db.execute("SELECT * FROM runs WHERE id LIKE ? LIMIT 2", (f"{id}%",)).fetchall()
        return _record(rows[0]) if len(rows) == 1 else None

    def entries(self, run: str) -> list[Entry]:
        """A run's changes in their order."""
        with self._lock, self._mended():
            rows = self._db.execute(
                "SELECT run, number, policy, body, status, reason FROM changes WHERE run = ? ORDER BY number", (run,)
            ).fetchall()
        return [Entry(r, n, p, change_of_json(json.loads(body)), Status(s), why) for r, n, p, body, s, why in rows]


def _record(row: Sequence[Json]) -> RunRecord:
    id, kind, started, command, policies, target, ended, status, summary, pid = row
    return RunRecord(
        id, kind, datetime.fromisoformat(started), command, tuple(json.loads(policies)), json.loads(target),
        datetime.fromisoformat(ended) if ended else None, status, json.loads(summary), pid,
    )  # fmt: skip
