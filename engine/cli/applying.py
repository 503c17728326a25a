"""What `engine apply` does: read the plan, compare it with what its policies want now, ask, make what is equal."""

from __future__ import annotations

import json
import os
import sys
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from engine.app.drift import Comparison, Key, Known, compare
from engine.app.plan_file import SavedPlan
from engine.app.plan_reading import read
from engine.app.recompute import Again, recompute
from engine.app.resume import changed_since, earlier, reached
from engine.cli.exits import Exit
from engine.cli.flow import exit_code, journalled
from engine.cli.history import opened, resume, settled, touched
from engine.cli.options import Where, connections, interactive, state_dir
from engine.cli.progress import watching
from engine.cli.screen import say, screen
from engine.executor.execute import PolicyResult
from engine.executor.intent import Intent
from engine.model.change import Outcome, Status
from engine.model.resource import ResourceRef
from engine.plugin.discover import catalog
from engine.plugin.journal import Entry, RunRecord
from engine.plugin.protocols import Connection
from engine.report.changes import count_of, outcome_summary, print_outcomes, print_plan
from engine.report.document import default, outcome_json, skip_json
from engine.report.drift import already_json, drift_json, print_already, print_drift
from engine.store.process import alive

LOOK_BACK = 100
"""Runs among which those that have changed a plan's resources are looked for, to name them."""


@dataclass(frozen=True, slots=True)
class History:
    """What the journal says of a plan: what its earlier applies made, by which runs, and who changed what since."""

    prior: Mapping[Key, Entry]
    runs: tuple[str, ...]
    changed_by: Mapping[ResourceRef, str]


def apply_file(file: str, *, yes: bool, form: str) -> Exit:
    """Make the changes of a saved plan that are computed again and equal. Raises EngineError."""
    now = datetime.now(UTC)
    plan = read(Path(file), now)
    since = touched()
    history = history_of(plan)
    by_account, comparison, results = compared(plan, history, now)
    resumed = resume(Intent(comparison.planned), by_account, plan.target)
    intent, uncertain = resumed.intent, resumed.uncertain or comparison.uncertain
    if form == "table":
        _show(intent, comparison)
    if not intent.planned:
        _report([], intent, comparison, form)
        return _code([], intent, comparison, results, uncertain=uncertain)
    if not yes and not (interactive() and click.confirm(f"Make {count_of(len(intent.planned), 'change')}?", err=True)):
        click.echo("nothing was changed" + ("" if interactive() else "; pass --yes to make them unasked"), err=True)
        _report([], intent, comparison, form)
        return Exit.DECLINED
    id = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:4]}"
    policies = tuple(dict.fromkeys(p.policy for p in intent.planned))
    command = " ".join(["engine", *sys.argv[1:]])
    record = RunRecord(id, "apply", datetime.now(UTC), command, policies, plan.target, pid=os.getpid(), plan=plan.id)
    doors = {p.change.ref.scope: by_account[p.change.ref.scope.account] for p in intent.planned}
    outcomes = journalled(record, intent.planned, doors, threading.Event(), since=since, after=history.runs)
    _report(outcomes, intent, comparison, form, id)
    return _code(outcomes, intent, comparison, results, uncertain=uncertain)


def history_of(plan: SavedPlan) -> History:
    """What the journal says of a plan. Raises PlanRejected where it was applied."""
    if not (state_dir() / "journal.db").exists():
        return History({}, (), {})
    with opened() as journal:
        records = journal.runs_of_plan(plan.id)
        prior = earlier(plan, [(record, settled(journal, record)) for record in records], alive)
        since = [r for r in journal.runs(LOOK_BACK) if r.started >= plan.created and r.plan != plan.id]
        changed = changed_since(plan, [(record, journal.entries(record.id)) for record in since])
    return History(prior, tuple(record.id for record in records), changed)


def compared(
    plan: SavedPlan, history: History, now: datetime
) -> tuple[dict[str, Connection], Comparison, list[PolicyResult]]:
    """(account → connection, the plan's changes against those computed now, the results). Raises EngineError."""
    shelves = catalog()
    by_account: dict[str, Connection] = {}
    unreached: dict[str, str] = {}
    if plan.changes:
        there = connections(shelves.provider, Where.of_target(plan.target, plan.regions), keep_world=True)
        by_account, unreached = reached(plan, there)
    touched = frozenset(place[2] for (place, _), entry in history.prior.items() if entry.status is Status.DONE)
    with watching(quiet=False) as observer:
        again = Again(shelves, by_account, now, unreached, touched, observer)
        recomputed = recompute(plan, again)
    comparison = compare(plan, recomputed, Known(history.prior, history.changed_by))
    return by_account, comparison, [result for _, result in recomputed.results]


def _show(intent: Intent, comparison: Comparison) -> None:
    """What will be made, as it was computed now; what will not, and why."""
    if intent.planned or intent.skipped:
        print_plan(screen(), intent)
    print_already(screen(), comparison.already)
    print_drift(screen(), comparison.drifted)
    if not (intent.planned or intent.skipped or comparison.already or comparison.drifted):
        screen().line("The plan holds no changes.")


def _report(outcomes: Sequence[Outcome], intent: Intent, comparison: Comparison, form: str, run: str = "") -> None:
    """What was made, what was not."""
    if form == "json":
        told = {
            "run": run or None,
            "outcomes": [outcome_json(o) for o in outcomes],
            "already": [already_json(*each) for each in comparison.already],
            "drifted": [drift_json(each) for each in comparison.drifted],
            "skipped": [skip_json(*s) for s in intent.skipped],
        }
        say(json.dumps(told, default=default, indent=2))
    elif outcomes:
        print_outcomes(screen(), outcomes)
        drifted = f", {len(comparison.drifted)} drifted" if comparison.drifted else ""
        screen().line(f"{outcome_summary(outcomes)}{drifted}.  run {run}: engine runs {run} · engine undo {run}")


def _code(
    outcomes: Sequence[Outcome],
    intent: Intent,
    comparison: Comparison,
    results: Sequence[PolicyResult],
    *,
    uncertain: bool,
) -> Exit:
    """Failed changes first, then bugs of ours, then drift: what limits and unknowns keep back is drift here."""
    code = exit_code(results, outcomes, uncertain=uncertain)
    if code in (Exit.FAILED, Exit.BUG):
        return code
    return Exit.DRIFTED if comparison.drifted or intent.skipped else Exit.DONE
