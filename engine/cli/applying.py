"""What `engine apply` does: read the plan, compare it with what its policies want now, ask, make what is equal."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from engine.app.drift import Comparison, Key, Known, compare
from engine.app.plan_file import SavedPlan
from engine.app.plan_reading import check_time, read
from engine.app.recompute import Again, recompute, with_secrets
from engine.app.resume import changed_since, earlier, reached
from engine.cli.exits import Exit
from engine.cli.flow import exit_code, journalled
from engine.cli.history import opened, resume, settled, still_there, touched
from engine.cli.options import Where, command_line, connections, interactive, state_dir
from engine.cli.progress import watching
from engine.cli.screen import confirm, note, redactor, say_json, screen
from engine.executor.execute import PolicyResult
from engine.executor.intent import Intent
from engine.executor.reconcile import states_a_state
from engine.lang.load import read_variables
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


@dataclass(frozen=True, slots=True)
class Look:
    """A plan compared with what its policies want now: what would be made, and what would not.

    `since`: the journal's counter from before anything was read. `uncertain`: whether something is held because an
    earlier change of it may or may not have been made.
    """

    intent: Intent
    comparison: Comparison
    by_account: Mapping[str, Connection]
    results: Sequence[PolicyResult]
    since: int
    uncertain: bool

    def code(self, outcomes: Sequence[Outcome] = ()) -> Exit:
        """Failed changes first, then bugs of ours, then drift: what limits and unknowns keep back is drift here."""
        code = exit_code(self.results, outcomes, uncertain=self.uncertain)
        if code in (Exit.FAILED, Exit.BUG):
            return code
        return Exit.DRIFTED if self.comparison.drifted or self.intent.skipped else Exit.DONE


def apply_file(file: str, *, yes: bool, form: str, vars_file: str | None = None) -> Exit:
    """Make the changes of a saved plan that are computed again and equal. Raises EngineError."""
    plan = with_secrets(read(Path(file), datetime.now(UTC)), read_variables(vars_file))
    stop = threading.Event()
    history = history_of(plan)
    look = looked(plan, history, stop)
    if form == "table":
        _show(look)
    if look.intent.planned and not yes:
        if not _agreed(look):
            _report([], look, form)
            return Exit.DECLINED
        check_time(Path(file), plan, datetime.now(UTC))
        look = _looked_again(plan, history, look, stop)
    if not look.intent.planned:
        _report([], look, form)
        return look.code()
    id = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:4]}"
    planned = look.intent.planned
    policies = tuple(dict.fromkeys(p.policy for p in planned))
    record = RunRecord(
        id, "apply", datetime.now(UTC), command_line(), policies, plan.target, pid=os.getpid(), plan=plan.id
    )
    doors = {p.change.ref.scope: look.by_account[p.change.ref.scope.account] for p in planned}
    outcomes = journalled(record, planned, doors, stop, since=look.since, after=history.runs)
    _report(outcomes, look, form, id)
    return look.code(outcomes)


def _agreed(look: Look) -> bool:
    """Whether a person agrees to the changes; without a terminal they need --yes."""
    if interactive() and confirm(f"Make {count_of(len(look.intent.planned), 'change')}?"):
        return True
    note("nothing was changed" + ("" if interactive() else "; pass --yes to make them unasked"))
    return False


def history_of(plan: SavedPlan) -> History:
    """What the journal says of a plan. Raises PlanRejected where it was applied."""
    if not (state_dir() / "journal.db").exists():
        return History({}, (), {})
    with opened() as journal:
        records = journal.runs_of_plan(plan.id)
        prior = earlier(plan, [(record, settled(journal, record)) for record in records], alive, redactor().value)
        since = [r for r in journal.runs(LOOK_BACK) if r.started >= plan.created and r.plan != plan.id]
        changed = changed_since(plan, [(record, journal.entries(record.id)) for record in since])
    return History(_standing(prior, plan), tuple(record.id for record in records), changed)


def _standing(prior: Mapping[Key, Entry], plan: SavedPlan) -> dict[Key, Entry]:
    """What an apply that was cut short made and what still stands: a snapshot that is gone again is taken anew.

    Raises CallFailed where that cannot be read.
    """
    created = [e for e in prior.values() if e.status is Status.DONE and not states_a_state(e.change)]
    if not created:
        return dict(prior)
    there = connections(catalog().provider, Where.of_target(plan.target, plan.regions), keep_world=True)
    by_account, _ = reached(plan, there)
    now = datetime.now(UTC)
    gone = [e for e in created if not still_there(e, by_account.get(e.change.ref.scope.account), now)]
    return {key: entry for key, entry in prior.items() if entry not in gone}


def looked(plan: SavedPlan, history: History, stop: threading.Event) -> Look:
    """The plan's changes against those that its policies want now. Raises EngineError."""
    since = touched()
    by_account: dict[str, Connection] = {}
    unreached: dict[str, str] = {}
    if plan.changes:
        there = connections(catalog().provider, Where.of_target(plan.target, plan.regions), keep_world=True)
        by_account, unreached = reached(plan, there)
    already = frozenset(place[2] for (place, _), entry in history.prior.items() if entry.status is Status.DONE)
    with watching(quiet=False) as observer:
        again = Again(catalog(), by_account, datetime.now(UTC), unreached, already, observer, stop)
        recomputed = recompute(plan, again)
    comparison = compare(plan, recomputed, Known(history.prior, history.changed_by), redactor().value)
    resumed = resume(Intent(comparison.planned), by_account, plan.target)
    results = [result for _, result in recomputed.results]
    uncertain = resumed.uncertain or comparison.uncertain
    return Look(resumed.intent, comparison, by_account, results, since, uncertain)


def _looked_again(plan: SavedPlan, history: History, shown: Look, stop: threading.Event) -> Look:
    """The same after a person has answered, however long that took: only what was shown, and is still equal."""
    look = looked(plan, history, stop)
    agreed = {(p.policy, p.step, p.change.ref) for p in shown.intent.planned}
    kept = [p for p in look.intent.planned if (p.policy, p.step, p.change.ref) in agreed]
    known = {id(drift.change) for drift in shown.comparison.drifted}
    print_drift(screen(err=True), [drift for drift in look.comparison.drifted if id(drift.change) not in known])
    return replace(look, intent=Intent(kept, look.intent.skipped))


def _show(look: Look) -> None:
    """What will be made, as it was computed now; what will not, and why."""
    comparison = look.comparison
    if look.intent.planned or look.intent.skipped:
        print_plan(screen(), look.intent)
    print_already(screen(), comparison.already)
    print_drift(screen(), comparison.drifted)
    if not (look.intent.planned or look.intent.skipped or comparison.already or comparison.drifted):
        screen().line("The plan holds no changes.")


def _report(outcomes: Sequence[Outcome], look: Look, form: str, run: str = "") -> None:
    """What was made, what was not."""
    drifted = look.comparison.drifted
    if form == "json":
        told = {
            "run": run or None,
            "outcomes": [outcome_json(o) for o in outcomes],
            "already": [already_json(*each) for each in look.comparison.already],
            "drifted": [drift_json(each) for each in drifted],
            "skipped": [skip_json(*s) for s in look.intent.skipped],
        }
        say_json(told, default=default)
    elif outcomes:
        print_outcomes(screen(), outcomes)
        also = f", {len(drifted)} drifted" if drifted else ""
        screen().line(f"{outcome_summary(outcomes)}{also}.  run {run}: engine runs {run} · engine undo {run}")
