"""How did a change end whose answer never came? Read the resource again and tell from what it is now.

And what must the next run leave alone because of a run that was cut short? What cannot be seen on the resource (a
snapshot that was taken) would be made twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.executor.fresh import drifted, happened, read_again, unread
from engine.executor.intent import Intent
from engine.executor.item import Item
from engine.model.change import Change, Skip, Status
from engine.model.errors import CallFailed
from engine.model.resource import ResourceRef
from engine.model.scope import Scope
from engine.plugin.journal import Entry, Journal
from engine.plugin.listing import Types
from engine.plugin.protocols import Connection

CANNOT_BE_SEEN = "what it changes cannot be seen from outside"


def reconcile(
    journal: Journal, entries: Sequence[Entry], connections: Mapping[str, Connection], types: Types, now: datetime
) -> None:
    """Close entries that were started and never ended: DONE or FAILED where AWS tells, UNCERTAIN where it does not."""
    for (word, scope), group in _by_scope(entries).items():
        connection = connections.get(scope.account)
        if connection is None:
            journal.closed(
                group, Status.UNCERTAIN, {e.number: f"no credentials for account {scope.account}" for e in group}
            )
            continue
        try:
            items = read_again(connection, types(word), scope, [e.change for e in group], types, now)
        except CallFailed as failed:
            journal.closed(group, Status.UNCERTAIN, {e.number: f"it could not be read again: {failed}" for e in group})
            continue
        for entry in group:
            status, reason = ended(entry.change, items.get(entry.change.ref.id))
            journal.closed([entry], status, {entry.number: reason})


def ended(change: Change, item: Item | None) -> tuple[Status, str]:
    """How a change ended, told from the resource as it is now (None: it is gone)."""
    told = happened(change, item)
    if told:
        return Status.DONE, "seen by reading it again"
    if told is None:
        reason = unread(change, item) if item is not None else ""
        return Status.UNCERTAIN, f"it cannot be read again: {reason}" if reason else CANNOT_BE_SEEN
    if item is None:
        return Status.UNCERTAIN, "the resource is gone"
    if not drifted(change, item):
        return Status.FAILED, "it was not made: the resource is as it was before"
    return Status.UNCERTAIN, "the resource is neither as before nor as planned"


def hold_back(intent: Intent, earlier: Sequence[Entry]) -> tuple[Intent, bool]:
    """(the intent without what runs that were cut short have made or may have, whether any of it only may have been).

    `earlier` are those runs' entries, settled, newest run first. Changes that can be seen on the resource stay: they
    were planned on what it is now.
    """
    told: dict[tuple[str, ResourceRef, str], Entry] = {}
    for entry in earlier:
        if entry.status in (Status.DONE, Status.STARTED, Status.UNCERTAIN):
            told.setdefault((entry.policy, entry.change.ref, entry.change.action), entry)
    kept, held, uncertain = [], [], False
    for each in intent.planned:
        made = told.get((each.policy, each.change.ref, each.change.action))
        if made is None or each.change.after or each.change.done is not None:
            kept.append(each)
            continue
        reason = f"run {made.run}, which did not come to its end, has made it already"
        if made.status is not Status.DONE:
            uncertain = True
            reason = f"whether run {made.run} has made it cannot be told from outside"
        held.append((each.policy, Skip(each.change.ref, each.change.action, reason)))
    return Intent(kept, [*intent.skipped, *held]), uncertain


def _by_scope(entries: Sequence[Entry]) -> dict[tuple[str, Scope], list[Entry]]:
    groups: dict[tuple[str, Scope], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.change.ref.type, entry.change.ref.scope), []).append(entry)
    return groups
