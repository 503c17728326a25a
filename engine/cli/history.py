"""Earlier runs: found in the journal, and what is uncertain about them told by reading AWS again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from engine.cli.options import Where, connections, state_dir
from engine.executor.intent import Intent
from engine.executor.marks import made, mark_of, recognisable
from engine.executor.reconcile import leave_out, reconcile, states_a_state
from engine.model.change import Status
from engine.model.errors import CallFailed, StoreUnavailable, UsageRejected
from engine.model.json import Json
from engine.model.resource import ResourceRef
from engine.plugin.discover import catalog
from engine.plugin.journal import Entry, RunRecord, held_by
from engine.plugin.listing import Types
from engine.plugin.protocols import Connection
from engine.report.document import change_line
from engine.store.process import alive
from engine.store.sqlite import SqliteJournal

Place: TypeAlias = tuple[str, str, str, str]
"""Account, region (empty where the type is the same in every region), type and id of a resource."""

_CERTAIN = frozenset({Status.PLANNED, Status.DONE, Status.FAILED, Status.SKIPPED})
"""Statuses that leave nothing to settle."""


@contextmanager
def opened() -> Iterator[SqliteJournal]:
    """The journal, closed at the end."""
    journal = SqliteJournal(state_dir() / "journal.db")
    try:
        yield journal
    finally:
        journal.close()


def touched() -> int:
    """The journal's counter of writes; 0 where there is no journal yet."""
    if not (state_dir() / "journal.db").exists():
        return 0
    with opened() as journal:
        return journal.touched()


def find_run(journal: SqliteJournal, id: str, but: str = "") -> RunRecord:
    """A run by id, beginning of an id, or `last` (that is not of kind `but`). Raises UsageRejected."""
    record = journal.run(id, but)
    if record is None and id == "last":
        raise UsageRejected("no run has changed anything yet")
    if record is None:
        raise UsageRejected(f"no run '{id}', or more than one begins so: 'engine runs' lists them")
    if record.status == "damaged":
        raise StoreUnavailable(f"run {record.id} in the journal {journal.path} is damaged and cannot be read")
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


@dataclass(frozen=True, slots=True)
class Resumed:
    """What is left to do after earlier runs: the intent, whether some of it is held as uncertain, and the policies
    that go on from a run that was cut short."""

    intent: Intent
    uncertain: bool = False
    policies: tuple[str, ...] = ()


def resume(intent: Intent, by_account: Mapping[str, Connection], target: Mapping[str, Json]) -> Resumed:
    """Leave out what earlier runs have made already or may have made, whichever credentials they had.

    What they left unsettled on these resources is looked up in AWS first; what stays uncertain holds its resource.
    """
    if not intent.planned or not (state_dir() / "journal.db").exists():
        return Resumed(intent)
    types = catalog().provider.type
    refs = [p.change.ref for p in intent.planned]
    anywhere = everywhere(refs, types)
    with opened() as journal:
        _settle_on(journal, refs, anywhere, by_account)
        held = {}
        for entry in journal.unsettled(refs, anywhere):
            if not _alive(journal, entry.run):  # a live run's claim is what counts when changes are made
                held[place_of(entry.change.ref, anywhere)] = held_by(entry.run, entry.number, entry.reason)
        already, unread = made_already(journal, intent, anywhere, target, by_account)
        held |= unread
    left = leave_out(intent, already, {ref: held[place] for ref in refs if (place := place_of(ref, anywhere)) in held})
    return Resumed(left, bool(held), tuple(dict.fromkeys(entry.policy for entry in already)))


RESUMED_WITHIN = timedelta(hours=24)
"""How long what a cut-short run had created still serves: a snapshot of last month saves nothing of today."""


def still_there(entry: Entry, connection: Connection | None, now: datetime) -> bool:
    """Whether what a change created is recent, and seen by its marks. What bears no mark is believed for as long.

    What is not there any more, or too old, is made anew. Raises CallFailed where it cannot be read.
    """
    if entry.started is None or now - entry.started > RESUMED_WITHIN:
        return False
    marks = [(at, call) for at, call in enumerate(entry.change.calls) if recognisable(call)]
    if not marks or connection is None:
        return True
    return all(made(call, mark_of(entry.run, entry.number, at), connection.door) for at, call in marks)


def _settle_on(
    journal: SqliteJournal, refs: Sequence[ResourceRef], anywhere: Set[str], by_account: Mapping[str, Connection]
) -> None:
    over: dict[str, bool] = {}
    entries = journal.unsettled(refs, anywhere)
    for entry in entries:
        over.setdefault(entry.run, not _alive(journal, entry.run))
    dead = [e for e in entries if over[e.run]]
    if dead:
        reconcile(journal, dead, by_account, catalog().provider.type, datetime.now(UTC))
    for run, ended in over.items():
        record = journal.run(run)
        if ended and record is not None and record.status == "running":
            journal.end(run, "died", datetime.now(UTC), record.summary)


def _alive(journal: SqliteJournal, run: str) -> bool:
    record = journal.run(run)
    return record is not None and alive(record)


def made_already(
    journal: SqliteJournal,
    intent: Intent,
    anywhere: Set[str],
    target: Mapping[str, Json],
    by_account: Mapping[str, Connection],
) -> tuple[list[Entry], dict[Place, str]]:
    """Changes of the intent that an earlier run has made before it was cut short, and that do not show on the resource.

    A later run of the same policy that came to its end closes the account: what it wanted then is wanted anew. What was
    created must still be there.

    Returns:  those changes; and for resources of which that cannot be read, why everything on them is held.
    """
    wanted = [p for p in intent.planned if not states_a_state(p.change)]
    if not wanted:
        return [], {}
    latest: dict[object, Entry] = {}
    for entry in journal.done_on([p.change.ref for p in wanted], anywhere):
        latest.setdefault((entry.policy, entry.change.action, place_of(entry.change.ref, anywhere)), entry)
    found, unread = [], {}
    for each in wanted:
        place = place_of(each.change.ref, anywhere)
        last = latest.get((each.policy, each.change.action, place))
        if last is None or not _cut_short(journal, last, target):
            continue
        try:
            if still_there(last, by_account.get(each.change.ref.scope.account), datetime.now(UTC)):
                found.append(replace(last, change=each.change))
        except CallFailed as failed:
            unread[place] = f"whether what change {last.number} of run {last.run} created is still there: {failed}"
    return found, unread


def _cut_short(journal: SqliteJournal, entry: Entry, target: Mapping[str, Json]) -> bool:
    """Whether an entry's run did not come to its end, and no later run of its policy did."""
    record = journal.run(entry.run)
    if record is None or record.kind == "undo" or _ended(journal, record):
        return False
    targets = (dict(target), dict(record.target))
    return not any(
        entry.policy in later.policies and later.kind != "undo" and later.target in targets and _closes(journal, later)
        for later in journal.runs_since(entry.run)
    )


def _closes(journal: SqliteJournal, record: RunRecord) -> bool:
    """Whether a run came to its end and left nothing to another run."""
    return _ended(journal, record) and not journal.counts(record.id).get(Status.SKIPPED.value)


def _ended(journal: SqliteJournal, record: RunRecord) -> bool:
    return record.status in ("done", "failed") and not journal.counts(record.id).get(Status.PLANNED.value)


def everywhere(refs: Iterable[ResourceRef], types: Types) -> frozenset[str]:
    """Those of the resources' types whose resources are the same in every region."""
    return frozenset(word for word in {ref.type for ref in refs} if types(word).global_)


def place_of(ref: ResourceRef, anywhere: Set[str]) -> Place:
    """What identifies a resource, whatever credentials it is reached with."""
    return (ref.scope.account, "" if ref.type in anywhere else ref.scope.region, ref.type, ref.id)


def settle_by_hand(run: str, number: int, *, done: bool) -> str:
    """Record what a person has found out about an uncertain change, and say so. Raises UsageRejected."""
    with opened() as journal:
        record = find_run(journal, run)
        if alive(record):
            raise UsageRejected(f"run {record.id} is still going on (process {record.pid}): it settles its own changes")
        status = journal.status(record.id, number)
        if status is None:
            raise UsageRejected(f"run {record.id} has no change {number}: 'engine runs {record.id}' lists them")
        if status in _CERTAIN:
            raise UsageRejected(f"change {number} of run {record.id} is {status}: only uncertain changes are settled")
        ended = Status.DONE if done else Status.FAILED
        reason = "settled by a person: " + ("it was made" if done else "it was not made")
        journal.settle(record.id, number, ended, reason)
    return f"change {number} of run {record.id} is {ended} now"


def run_json(record: RunRecord, counts: Mapping[str, int], entries: Sequence[Entry] | None = None) -> dict[str, Json]:
    """A run as a mapping: how many changes have each status; with `entries`, each of them."""
    found: dict[str, Json] = {
        "run": record.id,
        "kind": record.kind,
        "started": record.started,
        "ended": record.ended,
        "status": status_of(record),
        "policies": list(record.policies),
        "command": record.command,
        "changes": dict(counts),
    }
    if entries is not None:
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
