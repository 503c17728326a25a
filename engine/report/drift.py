"""What of a saved plan is not made, for a person and as JSON: what has drifted and why, what is so already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from engine.model.json import Json
from engine.report.screen import Screen
from engine.report.table import MOST_ROWS

if TYPE_CHECKING:
    from engine.app.drift import Drift
    from engine.app.plan_file import SavedChange


def print_already(screen: Screen, already: Iterable[tuple[SavedChange, str]]) -> None:
    """Changes of the plan with nothing left to do; one line a reason."""
    reasons: dict[tuple[str, str, str], list[str]] = {}
    for change, reason in already:
        reasons.setdefault((change.policy, change.action, reason), []).append(change.ref.id)
    for (policy, action, reason), ids in reasons.items():
        screen.line(("dim", f"  {policy}: {action} of {_some(ids)}: {reason}"))


def print_drift(screen: Screen, drifted: Sequence[Drift]) -> None:
    """Changes of the plan that are not made, each with its reason; one line a reason where many share it."""
    if not drifted:
        return
    number = len(drifted)
    screen.line(("yellow", f"Drift: {number} {'change' if number == 1 else 'changes'} of the plan will not be made"))
    reasons: dict[tuple[str, str, str], list[str]] = {}
    for drift in drifted:
        reasons.setdefault((drift.change.policy, drift.change.action, drift.reason), []).append(drift.change.ref.id)
    for (policy, action, reason), ids in list(reasons.items())[:MOST_ROWS]:
        screen.line("  ", ("yellow", "!"), f" {policy}: {action} ", ("bold", _some(ids)), f": {reason}")
    if len(reasons) > MOST_ROWS:
        screen.line(f"  … {len(reasons) - MOST_ROWS} more; --format json shows all")


def _some(ids: Sequence[str]) -> str:
    return ", ".join(ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")


def drift_json(drift: Drift) -> dict[str, Json]:
    """A drifted change as a mapping."""
    return {**_change_json(drift.change), "reason": drift.reason}


def already_json(change: SavedChange, reason: str) -> dict[str, Json]:
    """A change with nothing left to do as a mapping."""
    return {**_change_json(change), "reason": reason}


def _change_json(change: SavedChange) -> dict[str, Json]:
    return {
        "policy": change.policy,
        "type": change.ref.type,
        "id": change.ref.id,
        "account": change.ref.scope.account,
        "region": change.ref.scope.region,
        "action": change.action,
    }
