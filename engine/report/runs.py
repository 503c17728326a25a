"""The journal as tables for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from engine.model.change import Status
from engine.plugin.journal import Entry, RunRecord
from engine.report.changes import STATUS, change_text
from engine.report.screen import Screen


def print_runs(screen: Screen, runs: Sequence[tuple[RunRecord, Mapping[str, int]]]) -> None:
    """One row a run, newest first."""
    if not runs:
        screen.line("no run has changed anything yet")
        return
    rows = [(r.id, r.kind, r.status, counted(counts), ", ".join(r.policies)) for r, counts in runs]
    screen.table(("run", "kind", "status", "changes", "policies"), rows, folded=("policies",), indent=0)


def print_run(screen: Screen, record: RunRecord, entries: Sequence[Entry]) -> None:
    """A run's changes, in the order they were made."""
    ended = f", ended {record.ended:%Y-%m-%d %H:%M:%S} UTC" if record.ended else ""
    screen.line(("bold", record.id), f"  {record.kind}, {record.status}")
    screen.line(f"  started {record.started:%Y-%m-%d %H:%M:%S} UTC{ended}")
    screen.line(("dim", f"  {record.command}"))
    rows = []
    for entry in entries:
        change = entry.change
        what = change_text(change) + (f"  ({entry.reason})" if entry.reason else "")
        if not change.reversible:
            what += f"  [cannot be undone: {change.irreversible}]"
        rows.append(
            (str(entry.number), entry.policy, change.action, change.ref.id, change.ref.scope.region,
             STATUS[entry.status], what)
        )  # fmt: skip
    headings = ("#", "policy", "change", "id", "region", "outcome", "what")
    screen.table(headings, rows, folded=("policy", "what"))
    back = any(e.status is Status.DONE and e.change.reversible for e in entries)
    screen.line(
        f"{counted(Counter(e.status.value for e in entries))}."
        + (f"  take it back: engine undo {record.id}" if back else "")
    )


def counted(counts: Mapping[str, int]) -> str:
    """`3 done, 1 failed`."""
    return ", ".join(f"{n} {word}" for word, n in counts.items()) or "none"
