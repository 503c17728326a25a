"""The way of `engine undo`: read the run, read the resources, show, ask, apply the inverses."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from engine.cli.exits import Exit
from engine.cli.flow import exit_code, journalled
from engine.cli.history import connection_of, find_run, opened, resume, settled, touched
from engine.cli.options import command_line, interactive
from engine.cli.screen import confirm, note, screen
from engine.executor.fresh import read_again
from engine.executor.item import Item
from engine.executor.undo import inverses
from engine.model.change import Status
from engine.model.errors import UsageRejected
from engine.model.resource import ResourceRef
from engine.plugin.discover import catalog
from engine.plugin.journal import Entry, RunRecord
from engine.plugin.protocols import Connection
from engine.report.changes import count_of, outcome_summary, print_outcomes, print_plan
from engine.store.process import alive


def undo(run: str, *, dry_run: bool, yes: bool, force: bool) -> Exit:
    """Take a run back. Raises EngineError."""
    with opened() as journal:
        record = find_run(journal, run, but="undo")
        if alive(record):
            raise UsageRejected(f"run {record.id} is still going on (process {record.pid})")
        entries = settled(journal, record)
    since = touched()
    connections = connection_of(record, entries)
    resumed = resume(inverses(entries, read_now(entries, connections), force=force), connections, record.target)
    intent = resumed.intent
    print_plan(screen(), intent)
    if dry_run or not intent.planned:
        return Exit.FAILED if resumed.uncertain and not dry_run else Exit.DONE
    if not yes and not (interactive() and confirm(f"Take back {count_of(len(intent.planned), 'change')}?")):
        note("nothing was changed" + ("" if interactive() else "; pass --yes to do it without being asked"))
        return Exit.DECLINED
    id = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:4]}"
    taking = RunRecord(
        id,
        "undo",
        datetime.now(UTC),
        command_line(),
        record.policies,
        record.target,
        pid=os.getpid(),
    )
    doors = {p.change.ref.scope: connections[p.change.ref.scope.account] for p in intent.planned}
    outcomes = journalled(taking, intent.planned, doors, threading.Event(), since=since)
    print_outcomes(screen(), outcomes)
    screen().line(f"{outcome_summary(outcomes)}.  run {id}")
    return exit_code([], outcomes, uncertain=resumed.uncertain)


def read_now(entries: Sequence[Entry], connections: Mapping[str, Connection]) -> dict[ResourceRef, Item]:
    """Every resource of the entries that is still there, as it is now."""
    types = catalog().provider.type
    groups: dict[tuple[str, object], list[Entry]] = {}
    for entry in entries:
        if entry.status is Status.DONE:
            groups.setdefault((entry.change.ref.type, entry.change.ref.scope), []).append(entry)
    found: dict[ResourceRef, Item] = {}
    for (word, _), group in groups.items():
        scope = group[0].change.ref.scope
        changes = [e.change for e in group]
        items = read_again(connections[scope.account], types(word), scope, changes, types, datetime.now(UTC))
        found |= {change.ref: items[change.ref.id] for change in changes if change.ref.id in items}
    return found
