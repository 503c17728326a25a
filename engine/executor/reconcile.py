"""How did a change end whose answer never came? Read AWS: the resource as it is now, and the mark on what was created.

What is seen was made. What is not seen was not made, where the change says a state (making it again does no harm), and
for creations once their request cannot be on its way any more. Everything else stays uncertain and holds the resource.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from engine.executor.fresh import drifted, happened, read_again, unread
from engine.executor.intent import Intent
from engine.executor.item import Item
from engine.executor.marks import made, mark_of, recognisable
from engine.model.change import Change, Skip, Status
from engine.model.errors import CallFailed, EngineError
from engine.model.resource import ResourceRef
from engine.model.scope import Scope
from engine.plugin.journal import ON_ITS_WAY, Entry, Journal
from engine.plugin.listing import Types
from engine.plugin.protocols import Connection, Door

CANNOT_BE_SEEN = "what it changes cannot be seen from outside"

SETTLED_AFTER = timedelta(seconds=60)
"""How long after its start a creation that is not seen, or a deletion, may still come about: the longest wait for an
answer."""

Settled: TypeAlias = tuple[Entry, Status, str]
"""An entry, how it ended, and why that is known (or is not)."""


def reconcile(
    journal: Journal, entries: Sequence[Entry], connections: Mapping[str, Connection], types: Types, now: datetime
) -> None:
    """Settle entries of runs that are over: DONE or FAILED where AWS shows it, UNCERTAIN where it does not."""
    for entry, status, reason in settled(entries, connections, types, now):
        journal.settle(entry.run, entry.number, status, reason)


def settled(
    entries: Sequence[Entry], connections: Mapping[str, Connection], types: Types, now: datetime
) -> list[Settled]:
    """How changes ended whose outcome is not known, by reading AWS; `connections` by account."""
    found: list[Settled] = []
    for (word, scope), group in _by_scope(entries).items():
        connection = connections.get(scope.account)
        if connection is None:
            found += [(e, Status.UNCERTAIN, f"no credentials for account {scope.account}") for e in group]
            continue
        try:
            of = types(word)
        except KeyError:
            found += [(e, Status.UNCERTAIN, f"this version has no resource type '{word}'") for e in group]
            continue
        try:
            items = read_again(connection, of, scope, [e.change for e in group], types, now)
        except EngineError as failed:
            found += [(e, Status.UNCERTAIN, f"it could not be read again: {failed}") for e in group]
            continue
        found += [(e, *ended(e, items.get(e.change.ref.id), connection.door, now)) for e in group]
    return found


def ended(entry: Entry, item: Item | None, door: Door, now: datetime) -> tuple[Status, str]:
    """How a change ended, shown by the resource as it is now (None: it is gone) and by marks on what it created."""
    change = entry.change
    seen = happened(change, item)
    if seen and change.unseen[0]:
        rest = ", ".join(map(str, change.calls[-change.unseen[0] :]))
        return Status.UNCERTAIN, f"it was made in part at least; {rest} cannot be seen from outside"
    if seen:
        return Status.DONE, "seen by reading it again"
    if seen is None and _creates(change):
        return _created(entry, door, now)
    if seen is None:
        reason = unread(change, item) if item is not None else ""
        return Status.UNCERTAIN, f"it cannot be read again: {reason}" if reason else CANNOT_BE_SEEN
    if item is None:
        return Status.UNCERTAIN, "the resource is gone"
    if change.done is not None and change.done.gone and entry.started and now < entry.started + SETTLED_AFTER:
        until = entry.started + SETTLED_AFTER
        return Status.UNCERTAIN, f"it is still there; that it is being deleted may not show until {until:%H:%M:%S} UTC"
    if not drifted(change, item):
        return Status.FAILED, "it was not made: the resource is as it was before"
    return Status.UNCERTAIN, "the resource is neither as before nor as planned"


def _creates(change: Change) -> bool:
    """Whether only what the change created can show that it was made."""
    return not change.after and change.done is None and any(recognisable(call) for call in change.calls)


def _created(entry: Entry, door: Door, now: datetime) -> tuple[Status, str]:
    known = [(at, call) for at, call in enumerate(entry.change.calls) if recognisable(call)]
    try:
        seen = [made(call, mark_of(entry.run, entry.number, at), door) for at, call in known]
    except CallFailed as failed:
        return Status.UNCERTAIN, f"what it creates could not be read: {failed}"
    if all(seen) and len(known) == len(entry.change.calls):
        return Status.DONE, "seen by what it created"
    if any(seen) or recognisable(entry.change.calls[0]) is False:
        return Status.UNCERTAIN, "it may have been made in part"
    if entry.started is None:
        return Status.UNCERTAIN, "what it creates is not there, but when it was started is not known"
    settled_at = entry.started + SETTLED_AFTER
    if now < settled_at:
        return (
            Status.UNCERTAIN,
            f"what it creates is not there yet; {ON_ITS_WAY}{settled_at:%H:%M:%S} UTC",
        )
    return Status.FAILED, "it was not made: what it creates is not there"


def states_a_state(change: Change) -> bool:
    """Whether the change shows on the resource, so that what it was planned on already says whether it was made."""
    return bool(change.after) or change.done is not None


def leave_out(intent: Intent, made_already: Sequence[Entry], held: Mapping[ResourceRef, str]) -> Intent:
    """The intent without changes that a run which was cut short has made already, and without held resources.

    Changes that show on the resource stay: they were planned on what it is now.
    """
    already = {(e.policy, e.change.ref, e.change.action): e.run for e in made_already}
    kept, skipped = [], list(intent.skipped)
    for each in intent.planned:
        change = each.change
        run = already.get((each.policy, change.ref, change.action))
        if reason := held.get(change.ref, ""):
            skipped.append((each.policy, Skip(change.ref, change.action, reason)))
        elif run is not None and not states_a_state(change):
            reason = f"made already by run {run}, which was cut short"
            skipped.append((each.policy, Skip(change.ref, change.action, reason)))
        else:
            kept.append(each)
    return Intent(kept, skipped)


def _by_scope(entries: Sequence[Entry]) -> dict[tuple[str, Scope], list[Entry]]:
    groups: dict[tuple[str, Scope], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.change.ref.type, entry.change.ref.scope), []).append(entry)
    return groups
