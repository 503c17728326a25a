"""Earlier runs: found in the journal, and what is uncertain about them told by reading AWS again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from engine.cli.options import Where, connections, state_dir
from engine.executor.reconcile import reconcile
from engine.model.change import Status
from engine.model.errors import UsageRejected
from engine.model.json import Json
from engine.plugin.discover import catalog
from engine.plugin.journal import Entry, RunRecord
from engine.plugin.protocols import Connection
from engine.report.document import change_line
from engine.store.process import alive
from engine.store.sqlite import SqliteJournal

LOOK_BACK = 100
"""Runs among which those that were cut short are looked for."""


@contextmanager
def opened() -> Iterator[SqliteJournal]:
    """The journal, closed at the end."""
    journal = SqliteJournal(state_dir() / "journal.db")
    try:
        yield journal
    finally:
        journal.close()


def find_run(journal: SqliteJournal, id: str, but: str = "") -> RunRecord:
    """A run by id, beginning of an id, or `last` (that is not of kind `but`). Raises UsageRejected."""
    record = journal.run(id, but)
    if record is None and id == "last":
        raise UsageRejected("no run has changed anything yet")
    if record is None:
        raise UsageRejected(f"no run '{id}', or more than one begins so: 'engine runs' lists them")
    return record


def status_of(record: RunRecord) -> str:
    """A run's status; one that never ended and whose process is gone has died."""
    return "died" if record.status == "running" and not alive(record) else record.status


def connection_of(record: RunRecord, entries: Sequence[Entry]) -> Mapping[str, Connection]:
    """Account → a connection with the credentials that the run had."""
    regions = sorted({e.change.ref.scope.region for e in entries})
    where = Where.of_target(record.target, regions)
    found = connections(catalog().provider, where, keep_world=True)
    if len(found) == 1:
        return dict.fromkeys({e.change.ref.scope.account for e in entries}, found[0])
    return {c.account: c for c in found}


def settled(journal: SqliteJournal, record: RunRecord) -> list[Entry]:
    """A run's entries; those whose end is not known are looked up in AWS and closed, if the run is over."""
    entries = journal.entries(record.id)
    uncertain = [e for e in entries if e.status in (Status.STARTED, Status.UNCERTAIN)]
    if alive(record):
        return entries
    if uncertain:
        there = connection_of(record, entries)
        reconcile(journal, uncertain, there, catalog().provider.type, datetime.now(UTC))
    if record.status == "running":
        journal.end(record.id, "died", datetime.now(UTC), record.summary)
    return journal.entries(record.id) if uncertain else entries


def cut_short(target: Mapping[str, Json], policies: Sequence[str]) -> tuple[list[Entry], list[str]]:
    """(changes that the next run of these policies must know of, newest run first; the policies concerned).

    They are those of runs that never came to their end, back to the last that did, and of that one what is uncertain.
    Everything is settled first, as far as AWS tells. Only runs with the same credentials count.
    """
    found: list[Entry] = []
    concerned: dict[str, None] = {}
    open_ = set(policies)
    if not (state_dir() / "journal.db").exists():
        return found, []
    with opened() as journal:
        for record in journal.runs(LOOK_BACK):
            mine = open_ & set(record.policies)
            if not mine or record.kind == "undo" or record.target != dict(target) or alive(record):
                continue
            entries = [e for e in settled(journal, record) if e.policy in mine]
            unended = record.status in ("running", "died", "interrupted")
            if not unended and not any(e.status is Status.PLANNED for e in entries):
                open_ -= mine
                entries = [e for e in entries if e.status is Status.UNCERTAIN]
                mine &= {e.policy for e in entries}
            found += entries
            concerned |= dict.fromkeys(sorted(mine))
    return found, list(concerned)


def run_json(record: RunRecord, entries: Sequence[Entry], *, whole: bool = False) -> dict[str, Json]:
    """A run as a mapping; `whole` with each of its changes."""
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.status.value] = counts.get(entry.status.value, 0) + 1
    found: dict[str, Json] = {
        "run": record.id,
        "kind": record.kind,
        "started": record.started,
        "ended": record.ended,
        "status": status_of(record),
        "policies": list(record.policies),
        "command": record.command,
        "changes": counts,
    }
    if whole:
        found["entries"] = [
            {
                "number": e.number,
                "policy": e.policy,
                **change_line(e.change),
                "status": e.status.value,
                "reason": e.reason or None,
            }
            for e in entries
        ]
    return found
