"""Has this plan been applied? A plan is applied once; one that was cut short goes on from what the journal says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.app.drift import Key, key_of
from engine.app.plan_file import Hide, SavedChange, SavedPlan, nothing_hidden, saved_change
from engine.executor.intent import Planned
from engine.model.change import Status
from engine.model.errors import CallFailed, PlanRejected
from engine.model.resource import ResourceRef
from engine.plugin.journal import Entry, RunRecord
from engine.plugin.protocols import Connection

ENDED = ("done", "failed")
"""How a run that came to its end is closed."""

BEGUN = frozenset({Status.DONE, Status.FAILED, Status.STARTED, Status.UNCERTAIN})


def earlier(
    plan: SavedPlan,
    runs: Sequence[tuple[RunRecord, Sequence[Entry]]],
    alive: Callable[[RunRecord], bool],
    hide: Hide = nothing_hidden,
) -> dict[Key, Entry]:
    """What applies of this plan that were cut short have made of its changes.

    Args:
        plan: the plan.
        runs: the runs that applied it, newest first, with their entries as far as AWS settles them.
        alive: whether a run goes on.
        hide: as when the plan was made.

    Raises:
        PlanRejected: it has been applied, or is being applied.
    """
    found: dict[Key, Entry] = {}
    for record, entries in runs:
        if alive(record):
            raise PlanRejected(
                f"plan {plan.id} is being applied by run {record.id}, which started at "
                f"{record.started:%Y-%m-%d %H:%M:%S %Z}"
            )
        begun = [entry for entry in entries if entry.status in BEGUN]
        if begun and record.status in ENDED and not any(entry.status is Status.PLANNED for entry in entries):
            at = f"{record.ended or record.started:%Y-%m-%d %H:%M:%S %Z}"
            raise PlanRejected(
                f"plan {plan.id} was applied at {at} by run {record.id} (engine runs {record.id}): "
                "make a new one with 'engine plan … -o FILE'"
            )
        for key, entry in _by_key(plan, begun, hide).items():
            if found.setdefault(key, entry).status is not Status.DONE and entry.status is Status.DONE:
                found[key] = entry
    return found


def _by_key(plan: SavedPlan, entries: Sequence[Entry], hide: Hide) -> dict[Key, Entry]:
    """Each entry at the change of the plan that it was made for; a journal's entry does not know its step."""
    left: dict[object, list[SavedChange]] = {}
    for change in sorted(plan.changes, key=lambda change: change.step):
        left.setdefault(_likeness(change), []).append(change)
    found: dict[Key, Entry] = {}
    for entry in entries:
        candidates = left.get(_likeness(saved_change(Planned(entry.policy, 0, entry.change), hide)))
        if candidates:
            found[key_of(candidates.pop(0))] = entry
    return found


def _likeness(change: SavedChange) -> object:
    calls = tuple(f"{call.get('service')}:{call.get('operation')}" for call in change.calls)
    return change.policy, change.ref, change.action, repr(sorted(change.after.items())), calls


def reached(plan: SavedPlan, connections: Sequence[Connection]) -> tuple[dict[str, Connection], dict[str, str]]:
    """(account → connection, account of the plan → why none reaches it).

    Raises PlanRejected where no account of the plan is reached, CallFailed where no connection tells its account.
    """
    found: dict[str, Connection] = {}
    failures: list[CallFailed] = []
    for connection in connections:
        try:
            found.setdefault(connection.account, connection)
        except CallFailed as failed:
            failures.append(failed)
    wanted = sorted({change.ref.scope.account for change in plan.changes})
    if failures and not found:
        raise failures[0]
    if wanted and not set(wanted) & set(found):
        raise PlanRejected(f"the plan is for account {', '.join(wanted)}, these credentials reach {', '.join(found)}")
    cause = "; ".join(map(str, failures)) or f"these credentials reach {', '.join(found)}"
    return found, {account: cause for account in wanted if account not in found}


def changed_since(plan: SavedPlan, runs: Sequence[tuple[RunRecord, Sequence[Entry]]]) -> dict[ResourceRef, str]:
    """Resource → the last run of another kind or plan that changed it after this plan was made; runs newest first."""
    found: dict[ResourceRef, str] = {}
    for record, entries in runs:
        if record.plan != plan.id and record.started >= plan.created:
            for entry in entries:
                if entry.status is Status.DONE:
                    found.setdefault(entry.change.ref, record.id)
    return found
