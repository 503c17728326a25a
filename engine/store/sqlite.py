"""The journal in one SQLite file. Survives `kill -9` at any moment: intents are committed before calls are made."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from engine.model.change import Change, Status
from engine.model.errors import PlanRejected, StoreUnavailable
from engine.model.json import Json
from engine.model.resource import ResourceRef
from engine.plugin.journal import Entry, RunRecord
from engine.store.claims import DONE, UNSETTLED, claim, lost_claim, refusal, rows_on
from engine.store.process import LEASE, here
from engine.store.rows import ENTRY_COLUMNS, RUN_COLUMNS, change_text, entry_of, record_of, run_row
from engine.store.schema import VERSION, prepare

LOCK_WAIT = 5.0
"""Seconds to wait for another process that writes."""

_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class SqliteJournal:
    """A Journal in the file at `path`; made with its folder when it is missing, for its owner's eyes only."""

    def __init__(self, path: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._closed = False
        with self._translated():
            _private(path)
            self._db = sqlite3.connect(path, check_same_thread=False, timeout=LOCK_WAIT, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION or version < 0:
            raise StoreUnavailable(f"the journal {self.path} was written by a newer version of the engine")
        if self._db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        if version != VERSION:
            prepare(self._db)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Raise StoreUnavailable for SQLite's errors. After a lock that lasted, do not wait for it again."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _LOCKED:
                self._impatient(0)
                raise StoreUnavailable(
                    f"the journal {self.path} has been locked by another process for {LOCK_WAIT:g} seconds;"
                    " wait for that process or end it, then run the command again"
                ) from error
            raise StoreUnavailable(f"the journal {self.path} cannot be used: {error}") from error

    def _impatient(self, milliseconds: int) -> None:
        """Set how long later statements wait for a lock."""
        if not self._closed and hasattr(self, "_db"):
            self._db.execute(f"PRAGMA busy_timeout = {milliseconds}")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._translated():
            yield self._db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone from its first statement on."""
        with self._lock, self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # some failures, as a full disk, have rolled back already
                    self._db.execute("ROLLBACK")
                raise
            self._impatient(int(LOCK_WAIT * 1000))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._closed = True
            self._db.close()

    def begin(self, run: RunRecord, after: Collection[str] = ()) -> None:
        """Open a run; the process that writes it and its lease are filled in where it names none."""
        process = here()
        if not run.host and run.pid in (0, process.pid):
            run = replace(run, host=process.host, pid=process.pid, born=process.born)
        run = replace(run, lease=run.lease or self._clock() + LEASE)
        marks = ", ".join("?" * len(RUN_COLUMNS.split(",")))
        with self._writing() as db:
            others = db.execute('SELECT id FROM runs WHERE "plan" = ? AND "plan" != \'\'', (run.plan,)).fetchall()
            if other := next((id for (id,) in others if id not in after), None):
                raise PlanRejected(f"plan {run.plan} is being applied by run {other}: engine runs {other}")
            db.execute(f"INSERT INTO runs ({RUN_COLUMNS}) VALUES ({marks})", run_row(run))

    def intend(
        self,
        run: str,
        changes: Sequence[tuple[str, Change]],
        *,
        since: int | None = None,
        anywhere: Set[str] = frozenset(),
    ) -> list[Entry]:
        """Write changes and claim their resources in one transaction; what is refused is SKIPPED with the reason."""
        with self._writing() as db:
            now = self._clock()
            refused = {
                ref: refusal(db, run, ref, since, anywhere, now) for ref in dict.fromkeys(c.ref for _, c in changes)
            }
            claim(db, run, {ref for ref, reason in refused.items() if not reason})
            first = db.execute("SELECT COALESCE(MAX(number), 0) FROM changes WHERE run = ?", (run,)).fetchone()[0] + 1
            made = []
            for number, (policy, change) in enumerate(changes, first):
                reason = refused[change.ref]
                made.append(Entry(run, number, policy, change, Status.SKIPPED if reason else Status.PLANNED, reason))
            touched = _touched(db) + 1
            db.executemany(
                "INSERT INTO changes (run, number, policy, body, status, reason, account, region, type, id, touched)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (run, e.number, e.policy, change_text(e), e.status.value, e.reason, ref.scope.account,
                     ref.scope.region, ref.type, ref.id, touched)
                    for e in made
                    for ref in (e.change.ref,)
                ],
            )  # fmt: skip
        return made

    def started(self, entries: Sequence[Entry]) -> None:
        """Mark entries as about to be made, with the time."""
        with self._writing() as db:
            self._still_ours(db, entries)
            touched, began = _touched(db) + 1, self._clock().isoformat()
            db.executemany(
                "UPDATE changes SET status = ?, reason = '', touched = ?, began = COALESCE(began, ?)"
                " WHERE run = ? AND number = ?",
                [(Status.STARTED.value, touched, began, e.run, e.number) for e in entries],
            )

    def _still_ours(self, db: sqlite3.Connection, entries: Sequence[Entry]) -> None:
        """Raise StoreUnavailable where another run has taken a claim over, as one that was suspended too long loses it.

        Its lease had run out on another host; while this host shows the process, nobody takes its claims over.
        """
        for run in {e.run for e in entries}:
            lost = lost_claim(db, run, [e.change.ref for e in entries if e.run == run])
            if lost is not None:
                raise StoreUnavailable(f"run {run} no longer holds {lost}: another run has taken it over")

    def closed(self, entries: Sequence[Entry], status: Status, reasons: Mapping[int, str]) -> None:
        """Record the outcome of entries."""
        with self._writing() as db:
            touched = _touched(db) + 1
            db.executemany(
                "UPDATE changes SET status = ?, reason = ?, touched = ? WHERE run = ? AND number = ?",
                [(status.value, reasons.get(e.number, ""), touched, e.run, e.number) for e in entries],
            )

    def beat(self, run: str) -> None:
        """Renew a run's lease."""
        with self._writing() as db:
            db.execute("UPDATE runs SET lease = ? WHERE id = ?", ((self._clock() + LEASE).isoformat(), run))

    def end(self, run: str, status: str, ended: datetime, summary: Mapping[str, Json]) -> None:
        """Close a run and release its claims."""
        with self._writing() as db:
            db.execute(
                "UPDATE runs SET status = ?, ended = ?, summary = ? WHERE id = ?",
                (status, ended.isoformat(), json.dumps(dict(summary)), run),
            )
            db.execute("DELETE FROM claims WHERE run = ?", (run,))

    def settle(self, run: str, number: int, status: Status, reason: str) -> None:
        """Record the outcome of a change whose own run is over. Raises StoreUnavailable where there is no such change.

        What somebody else has settled meanwhile stays as it is. It does not count as touched: the change was made, or
        not, before any run that goes on now.
        """
        with self._writing() as db:
            if db.execute("SELECT 1 FROM changes WHERE run = ? AND number = ?", (run, number)).fetchone() is None:
                raise StoreUnavailable(f"the journal {self.path} has no change {number} of run {run}")
            db.execute(
                "UPDATE changes SET status = ?, reason = ? WHERE run = ? AND number = ? AND status IN (?, ?)",
                (status.value, reason, run, number, Status.STARTED.value, Status.UNCERTAIN.value),
            )

    def touched(self) -> int:
        """The counter of writes so far."""
        with self._reading() as db:
            return _touched(db)

    def unsettled(self, refs: Sequence[ResourceRef], anywhere: Set[str] = frozenset()) -> list[Entry]:
        """Changes of any run on these resources that may or may not have been made, oldest first."""
        with self._reading() as db:
            rows = rows_on(db, refs, anywhere, ENTRY_COLUMNS, UNSETTLED)
        return [entry_of(row, self.path) for row in rows]

    def done_on(self, refs: Sequence[ResourceRef], anywhere: Set[str] = frozenset()) -> list[Entry]:
        """Changes of any run on these resources that were made, newest first."""
        with self._reading() as db:
            rows = rows_on(db, refs, anywhere, ENTRY_COLUMNS, DONE)
        return [entry_of(row, self.path) for row in reversed(rows)]

    def status(self, run: str, number: int) -> str | None:
        """A change's status as it is written; None where there is no such change."""
        with self._reading() as db:
            row = db.execute("SELECT status FROM changes WHERE run = ? AND number = ?", (run, number)).fetchone()
        return str(row[0]) if row is not None else None

    def runs(self, most: int = 20) -> list[RunRecord]:
        """The newest runs first, in the order they were opened: a clock that went back changes nothing."""
        return self._runs("ORDER BY rowid DESC LIMIT ?", most)

    def runs_of_plan(self, plan: str) -> list[RunRecord]:
        """Runs that apply a saved plan, newest first; none for the empty id."""
        return self._runs('WHERE "plan" = ? AND "plan" != \'\' ORDER BY rowid DESC', plan)

    def runs_since(self, id: str) -> list[RunRecord]:
        """Runs that were opened after one, newest first; all where there is no such run."""
        return self._runs("WHERE rowid > COALESCE((SELECT rowid FROM runs WHERE id = ?), 0) ORDER BY rowid DESC", id)

    def run(self, id: str, but: str = "") -> RunRecord | None:
        """One run by its id or an unambiguous beginning of it; `last` is the newest that is not of kind `but`."""
        if id == "last":
            found = self._runs("WHERE kind != ? ORDER BY rowid DESC LIMIT 1", but)
        elif not id or set(id) & set("%_"):
            return None
        else:
            found = self._runs("WHERE id = ?", id) or self._runs("WHERE id LIKE ? LIMIT 2", f"{id}%")
        return found[0] if len(found) == 1 else None

    def _runs(self, rest: str, value: str | int) -> list[RunRecord]:
        with self._reading() as db:
            rows = db.execute(f"SELECT {RUN_COLUMNS} FROM runs {rest}", (value,)).fetchall()
        return [record_of(row) for row in rows]

    def entries(self, run: str) -> list[Entry]:
        """A run's changes in their order. Raises StoreUnavailable for one that cannot be read."""
        with self._reading() as db:
            rows = db.execute(f"SELECT {ENTRY_COLUMNS} FROM changes WHERE run = ? ORDER BY number", (run,)).fetchall()
        return [entry_of(row, self.path) for row in rows]

    def counts(self, run: str) -> dict[str, int]:
        """How many changes of a run have each status, in the order of the first of each; damaged bodies count too."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT status, COUNT(*) FROM changes WHERE run = ? GROUP BY status ORDER BY MIN(number)", (run,)
            ).fetchall()
        return {str(status): number for status, number in rows}


def _touched(db: sqlite3.Connection) -> int:
    newest = db.execute("SELECT COALESCE(MAX(touched), 0) FROM changes WHERE typeof(touched) = 'integer'").fetchone()
    return int(newest[0])


def _private(path: Path) -> None:
    """Make the folder and the file so that others cannot read them, whatever the umask.

    SQLite gives its side files (`-wal`, `-shm`) the permissions of the main one.
    Source: SQLite, "Write-Ahead Logging"; os_unix.c findCreateFileMode.
    """
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.chmod(0o700)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if path.is_file() and path.stat().st_uid == os.getuid() and path.stat().st_mode & 0o077:
            path.chmod(0o600)
