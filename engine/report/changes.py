"""Changes as tables for a person: what is planned, what has become of it, what is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from engine.executor.intent import Intent, Planned
from engine.model.change import Change, Outcome, Status
from engine.model.json import Json
from engine.report.screen import Part, Screen
from engine.report.table import MOST_ROWS

STATUS: dict[Status, Part] = {
    Status.DONE: ("green", "done"),
    Status.FAILED: ("red", "failed"),
    Status.UNCERTAIN: ("red", "uncertain"),
    Status.SKIPPED: ("yellow", "skipped"),
    Status.PLANNED: ("yellow", "not made"),
    Status.STARTED: ("yellow", "started"),
}


def value_text(value: Json) -> str:
    """A value in a plan's line."""
    if value is None:
        return "(none)"
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def change_text(change: Change) -> str:
    """`State.Name: running → stopped, tag:Idle: (none) → true`; the calls where no value is known to change."""
    paths = list(dict.fromkeys([*change.before, *change.after]))
    paths = [path for path in paths if change.before.get(path) != change.after.get(path)] or paths
    if not paths:
        return ", ".join(str(call) for call in change.calls)
    if paths == ["exists"]:
        return "exists → gone" if change.before["exists"] else "gone → exists"
    return ", ".join(
        f"{_short(path)}: {value_text(change.before.get(path))} → {value_text(change.after.get(path))}"
        for path in paths
    )


def _short(path: str) -> str:
    """A path without what a record says of missing values and of order."""
    return path.split(" || ", maxsplit=1)[0].split(" | ", maxsplit=1)[0]


def print_plan(screen: Screen, intent: Intent) -> None:
    """Every change, resource by resource: before → after, and whether it can be taken back."""
    for policy, wanted in _by_policy(intent.planned).items():
        screen.line(("bold", policy))
        for key, group in groupby(sorted(wanted, key=lambda p: p.change.ref), key=lambda p: p.change.ref):
            screen.line(f"  {key.type} ", ("bold", key.id), ("dim", f" {key.scope.region}"))
            for each in group:
                change = each.change
                sign: Part = ("red", "-") if change.destructive else ("yellow", "~")
                back: list[Part] = [("dim", "(reversible)")]
                if not change.reversible:
                    back = [("red", "(cannot be undone"), ("dim", f": {change.irreversible})")]
                screen.line("    ", sign, f" {change.action}  {change_text(change)}  ", *back)
    print_left_alone(screen, intent)
    screen.line(plan_summary(intent.planned, len(intent.skipped)))


def print_left_alone(screen: Screen, intent: Intent) -> None:
    """What the actions wanted nothing of, and why; one line a reason where many share it."""
    reasons: dict[tuple[str, str, str], list[str]] = {}
    for policy, skip in intent.skipped:
        reasons.setdefault((policy, skip.action, skip.reason), []).append(skip.ref.id)
    for (policy, action, reason), ids in reasons.items():
        some = ", ".join(ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")
        who = policy if action == "guard" else f"{policy}: {action}"
        screen.line(("dim", f"  {who} leaves {some} alone: {reason}"))


def _by_policy(planned: Iterable[Planned]) -> Mapping[str, list[Planned]]:
    found: dict[str, list[Planned]] = {}
    for each in planned:
        found.setdefault(each.policy, []).append(each)
    return found


def plan_summary(planned: Sequence[Planned], skipped: int) -> str:
    """`Plan: 4 changes to 2 resources (1 destructive, 1 cannot be undone), 3 left alone.`"""
    resources = len({p.change.ref for p in planned})
    notes = [
        f"{count} {text}"
        for count, text in (
            (sum(p.change.destructive for p in planned), "destructive"),
            (sum(not p.change.reversible for p in planned), "cannot be undone"),
        )
        if count
    ]
    told = f" ({', '.join(notes)})" if notes else ""
    return f"Plan: {count_of(len(planned), 'change')} to {count_of(resources, 'resource')}{told}, {skipped} left alone."


def count_of(number: int, noun: str) -> str:
    """`1 change`, `2 changes`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def print_outcomes(screen: Screen, outcomes: Sequence[Outcome]) -> None:
    """What was changed, and what was not and why."""
    if not outcomes:
        return
    rows: list[tuple[Part, ...]] = []
    for outcome in outcomes[:MOST_ROWS]:
        change = outcome.change
        what = outcome.reason or change_text(change)
        rows.append((change.action, change.ref.id, change.ref.scope.region, STATUS[outcome.status], what))
    if len(outcomes) > MOST_ROWS:
        rows.append((f"… {len(outcomes) - MOST_ROWS} more", "", "", "", "engine runs RUN shows all"))
    screen.table(("change", "id", "region", "outcome", "what"), rows, folded=("outcome", "what"))


def outcome_summary(outcomes: Sequence[Outcome]) -> str:
    """`5 done, 1 failed`."""
    counts = [(sum(o.status is s for o in outcomes), s.value) for s in Status]
    return ", ".join(f"{n} {word}" for n, word in counts if n) or "nothing to change"
