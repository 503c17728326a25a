"""The journal as tables for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from engine.model.change import Status
from engine.plugin.journal import Entry, RunRecord
from engine.report.table import STATUS, change_text


def print_runs(console: Console, runs: Sequence[tuple[RunRecord, Sequence[Entry]]]) -> None:
    """One row a run, newest first."""
    if not runs:
        console.print("no run has changed anything yet")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold dim")
    for heading in ("run", "kind", "status", "changes", "policies"):
        table.add_column(heading, overflow="fold", no_wrap=heading != "policies")
    for record, entries in runs:
        table.add_row(record.id, record.kind, record.status, counts(entries), escape(", ".join(record.policies)))
    console.print(table)


def print_run(console: Console, record: RunRecord, entries: Sequence[Entry]) -> None:
    """A run's changes, in the order they were made."""
    ended = f", ended {record.ended:%Y-%m-%d %H:%M:%S} UTC" if record.ended else ""
    console.print(f"[bold]{record.id}[/]  {record.kind}, {record.status}")
    console.print(f"  started {record.started:%Y-%m-%d %H:%M:%S} UTC{ended}")
    console.print(f"  [dim]{escape(record.command)}[/]")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 2), header_style="bold dim")
    for heading in ("#", "policy", "change", "id", "region", "outcome", "what"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("#", "change", "id", "region", "outcome"))
    for entry in entries:
        change = entry.change
        what = change_text(change) + (f"  ({entry.reason})" if entry.reason else "")
        if not change.reversible:
            what += f"  [cannot be undone: {change.irreversible}]"
        table.add_row(
            str(entry.number), escape(entry.policy), change.action, escape(change.ref.id), change.ref.scope.region,
            STATUS[entry.status], escape(what),
        )  # fmt: skip
    console.print(table)
    back = any(e.status is Status.DONE and e.change.reversible for e in entries)
    console.print(f"{counts(entries)}." + (f"  take it back: engine undo {record.id}" if back else ""))


def counts(entries: Sequence[Entry]) -> str:
    """`3 done, 1 failed`."""
    found = Counter(e.status.value for e in entries)
    return ", ".join(f"{n} {word}" for word, n in found.items()) or "none"
