"""A plan of each operation of each type, on an account where nothing changes: everything is computed again and equal.

What is read by id must lead to the same change as what is listed, and a file must give back what it was given.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.app.drift import Known, compare
from engine.app.plan_file import document, plan_of
from engine.app.plan_reading import read
from engine.app.recompute import Again, recompute
from engine.executor.changes import intend
from engine.lang.load import policy_from
from engine.model.json import Json
from engine.plugin.discover import catalog
from engine.runner import Settings, run_policies
from engine.sandbox.inprocess import sandbox
from tests.end_to_end.at_work import AtWork, journal_in
from tests.end_to_end.cases import BESIDE, GENERIC, OPERATIONS, TAGGED, Case
from tests.end_to_end.estate import furnish

TARGET = {"profile": "", "assume": [], "external_id": "", "sandbox": True}
TAGGING = [Case(word, "tag", {"tags": {"Idle": "true", "Owner": "ana"}}) for word in TAGGED]
MARKS = [Case(word, "mark-for-op", {"op": "tag", "days": 4, "tag": "Marked"}) for word in TAGGED]
"""Their date is written from the clock."""


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AtWork]:
    """The shop with what it lacks. Nothing here changes it."""
    with pytest.MonkeyPatch.context() as patch, sandbox() as account:
        patch.setenv("AWS_RETRY_MODE", "standard")
        patch.setenv("AWS_MAX_ATTEMPTS", "1")
        journal = journal_in(tmp_path_factory.mktemp("journal"))
        made = AtWork(account, journal)
        furnish(made)
        yield made
        journal.close()


def planned_again(at: AtWork, case: Case, path: Path) -> tuple[int, list[str], list[Json], list[Json]]:
    """(changes of the plan, reasons of drift, the calls planned, those computed again a minute later)."""
    written = {"name": "p", "resource": f"aws.{case.type}", "filters": case.filters, "actions": [case.action]}
    policy, problems = policy_from(written)
    assert policy is not None, problems
    then = datetime.now(UTC)
    settings = Settings(now=then, regions=(at.region,), acting=True)
    ran = run_policies([policy], catalog(), [at.connection], settings)
    saved = plan_of(intend(ran.results).planned, [policy], created=then, target=TARGET)
    path.write_text(json.dumps(document(saved)))
    plan = read(path, then)
    again = Again(catalog(), {at.scope.account: at.connection}, then + timedelta(minutes=1))
    found = compare(plan, recompute(plan, again), Known())
    computed = replace(plan_of(found.planned, [policy], created=then, target=TARGET), id=plan.id)
    reasons = [f"{drift.change.ref.id}: {drift.reason}" for drift in found.drifted]
    return len(plan.changes), reasons, list(plan.changes), list(computed.changes)


CASES = [case for case in (*OPERATIONS, *BESIDE, *GENERIC, *TAGGING, *MARKS) if not case.moto]
"""Those that the sandbox can plan."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_nothing_drifts_where_nothing_changes(case: Case, at: AtWork, tmp_path: Path) -> None:
    count, reasons, planned, computed = planned_again(at, case, tmp_path / "x.plan")
    assert reasons == []
    assert computed == planned
    assert count or case.first, "the case plans nothing"
