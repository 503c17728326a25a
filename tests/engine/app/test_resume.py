"""A plan is applied once: what the journal's runs say of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.app.drift import key_of
from engine.app.plan_file import SavedPlan
from engine.app.resume import changed_since, earlier, reached
from engine.model.change import Status
from engine.model.errors import CallFailed, FailureKind, PlanRejected
from engine.plugin.journal import Entry, RunRecord
from tests.engine.executor.cloud import NOW, Cloud, intent

from .saved import TAG, planned

TWICE = {"resource": "ec2", "actions": [TAG, "stop"]}
DONE, FAILED, STARTED, PLANNED, SKIPPED = Status.DONE, Status.FAILED, Status.STARTED, Status.PLANNED, Status.SKIPPED


def plan() -> SavedPlan:
    return planned(Cloud().instance("i-1"), TWICE)


def run(id: str, status: str, *statuses: Status) -> tuple[RunRecord, list[Entry]]:
    """A run of the plan, and the outcomes of its changes."""
    changes = [p.change for p in intent(Cloud().instance("i-1"), TWICE).planned]
    ended = NOW if status in ("done", "failed") else None
    record = RunRecord(id, "apply", NOW, "engine apply", status=status, ended=ended)
    return record, [Entry(id, n, "p0", changes[n], each) for n, each in enumerate(statuses)]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], [None, None]),
        ([run("a", "running", DONE, PLANNED)], ["a done", None]),
        ([run("a", "interrupted", DONE, STARTED)], ["a done", "a started"]),
        ([run("a", "failed", FAILED, PLANNED)], ["a failed", None]),
        ([run("a", "done", SKIPPED, SKIPPED)], [None, None]),
        ([run("b", "died", SKIPPED, STARTED), run("a", "died", DONE, STARTED)], ["a done", "b started"]),
        ([run("b", "died", FAILED), run("a", "died", DONE)], ["a done", None]),
    ],
)
def test_an_apply_that_was_cut_short_goes_on(
    runs: list[tuple[RunRecord, list[Entry]]], expected: list[str | None]
) -> None:
    saved = plan()
    found = earlier(saved, runs, lambda record: False)
    entries = [found.get(key_of(change)) for change in saved.changes]
    assert [e and f"{e.run} {e.status.value}" for e in entries] == expected


@pytest.mark.parametrize("statuses", [(DONE, DONE), (DONE, FAILED), (DONE, SKIPPED)])
def test_an_apply_that_came_to_its_end_was_the_one(statuses: tuple[Status, ...]) -> None:
    status = "failed" if FAILED in statuses else "done"
    with pytest.raises(PlanRejected) as error:
        earlier(plan(), [run("a", status, *statuses)], lambda record: False)
    assert "was applied at 2026-11-21 09:00:00 UTC by run a (engine runs a): make a new one" in str(error.value)


def test_an_apply_under_way() -> None:
    with pytest.raises(PlanRejected, match="is being applied by run a, which started at 2026-11-21 09:00:00 UTC"):
        earlier(plan(), [run("a", "running")], lambda record: True)


def test_two_like_actions_are_told_apart_by_what_they_write() -> None:
    on = Cloud().instance("i-1")
    policy = {"resource": "ec2", "actions": [TAG, {**TAG, "key": "B"}]}
    saved = planned(on, policy)
    second = intent(on, policy).planned[1].change
    found = earlier(saved, [(RunRecord("a", "apply", NOW, ""), [Entry("a", 1, "p0", second, DONE)])], lambda _: False)
    assert list(found) == [key_of(saved.changes[1])]


class Account:
    """A connection that knows its account, or fails to."""

    def __init__(self, account: str) -> None:
        self._account = account

    @property
    def account(self) -> str:
        if not self._account:
            raise CallFailed("sts", "GetCallerIdentity", FailureKind.DENIED, "AccessDenied", "no")
        return self._account


def test_the_accounts_that_are_reached() -> None:
    saved = plan()
    far = replace(saved.changes[0].ref, scope=replace(saved.changes[0].ref.scope, account="210987654321"))
    both = replace(saved, changes=(*saved.changes, replace(saved.changes[0], ref=far)))
    here, first = Account("123456789012"), Account("123456789012")
    assert reached(saved, [here, first]) == ({"123456789012": here}, {})  # type: ignore[list-item]
    assert reached(both, [here])[1] == {"210987654321": "these credentials reach 123456789012"}  # type: ignore[list-item]
    denied = "sts:GetCallerIdentity denied: AccessDenied: no"
    assert reached(both, [here, Account("")])[1] == {"210987654321": denied}  # type: ignore[list-item]
    with pytest.raises(
        PlanRejected, match="the plan is for account 123456789012, these credentials reach 999999999999"
    ):
        reached(saved, [Account("999999999999")])  # type: ignore[list-item]
    with pytest.raises(CallFailed, match="GetCallerIdentity"):
        reached(saved, [Account("")])  # type: ignore[list-item]


def test_who_changed_what_since() -> None:
    saved = plan()
    ref = saved.changes[0].ref
    record, entries = run("b", "done", DONE)
    newer = (replace(record, started=NOW + timedelta(minutes=1)), entries)
    older = (replace(record, id="a", started=NOW - timedelta(minutes=1)), entries)
    own = (replace(record, id="c", plan=saved.id, started=NOW + timedelta(minutes=2)), entries)
    assert changed_since(saved, [own, newer, older]) == {ref: "b"}
    assert changed_since(saved, [own, older]) == {}
    assert changed_since(saved, [(newer[0], [replace(e, status=FAILED) for e in entries])]) == {}
