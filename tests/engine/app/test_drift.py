"""Which of a plan's changes are made, on the account in memory. The whole table is in the end-to-end tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.app.drift import Known, key_of
from engine.app.plan_file import SavedPlan
from engine.model.change import Status
from engine.plugin.journal import Entry
from tests.engine.executor.cloud import SCOPE, Cloud, intent, refused

from .saved import TAG, comparison, planned

RETAG = {"resource": "ec2", "actions": [TAG, "stop"]}


def cloud() -> Cloud:
    return Cloud().instance("i-1", Env="dev").instance("i-2", Env="dev")


def outcome(
    on: Cloud, plan: SavedPlan, known: Known | None = None, **more: Any
) -> tuple[list[str], list[str], list[str]]:
    """(what is made, what is so already, what has drifted), as `action id`."""
    found = comparison(on, plan, known, **more)
    return (
        [f"{p.change.action} {p.change.ref.id}" for p in found.planned],
        [f"{c.action} {c.ref.id}: {why}" for c, why in found.already],
        [f"{d.change.action} {d.change.ref.id}: {d.reason}" for d in found.drifted],
    )


def test_what_is_as_it_was_is_made_in_the_plans_order() -> None:
    on = cloud()
    assert outcome(on, planned(on, RETAG)) == (["tag i-1", "tag i-2", "stop i-1", "stop i-2"], [], [])


def test_what_is_made_is_what_was_computed() -> None:
    on = cloud()
    plan = planned(on, RETAG)
    (first, *_) = comparison(on, plan).planned
    assert first.change.inverse != ()
    assert [call.params["Resources"] for call in first.change.calls] == [["i-1"]]


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (lambda on: on.instances.pop("i-1"), "it is gone"),
        (lambda on: on.instances["i-1"]["tags"].update(A="z"), "it would be another change: tag:A is 'z' now"),
        (lambda on: on.instances["i-1"]["tags"].update(Env="prod"), "it no longer matches: tag:Env = dev: prod"),
        (lambda on: on.instances["i-1"]["tags"].update(No="x"), "blocked by guard: tag:No is absent: x"),
    ],
)
def test_drift_holds_the_resource_and_the_others_go_on(happens: Callable[[Cloud], object], says: str) -> None:
    on = cloud()
    plan = planned(on, {**RETAG, "filters": [{"tag:Env": "dev"}], "guard": [{"tag:No": "absent"}]})
    happens(on)
    made, already, drifted = outcome(on, plan)
    assert (made, already) == (["tag i-2", "stop i-2"], [])
    assert drifted[0].startswith(f"tag i-1: {says}")
    assert drifted[1].startswith("stop i-1: ")


def test_who_changed_it_is_told() -> None:
    on = cloud()
    plan = planned(on, RETAG)
    on.instances["i-1"]["tags"]["A"] = "z"
    _, _, drifted = outcome(on, plan, Known(changed_by={plan.changes[0].ref: "run-7"}))
    assert drifted[0].endswith("when this was planned (changed by run run-7)")


def test_what_cannot_be_read_is_drift() -> None:
    on = cloud()
    plan = planned(on, RETAG)
    on.breaks = lambda call: refused(call) if call.operation == "DescribeInstances" else None
    made, _, drifted = outcome(on, plan)
    assert made == []
    assert all("it could not be read: ec2:DescribeInstances denied" in each for each in drifted)


def test_a_step_that_is_so_already_lets_the_next_go_on() -> None:
    on = cloud()
    plan = planned(on, RETAG)
    on.instances["i-1"]["tags"]["A"] = "b"
    made, already, drifted = outcome(on, plan)
    assert (made, already, drifted) == (
        ["tag i-2", "stop i-1", "stop i-2"], ["tag i-1: already in the desired state"], [],
    )  # fmt: skip


@pytest.mark.parametrize(
    "after", [{}, {"tag:A": "z"}, {"a[[": 1}, {"(" * 3000: 1}, {"exists": None}, {"State.Name": ["running"]}]
)
def test_what_the_file_says_of_after_is_not_believed(after: dict[str, Any]) -> None:
    """Whatever it says, what the action skips now is no more than drift."""
    on = cloud()
    plan = planned(on, RETAG)
    plan = replace(plan, changes=(replace(plan.changes[0], after=after),))
    on.instances["i-1"]["tags"]["A"] = "b"
    made, already, drifted = outcome(on, plan)
    assert (made, already) == ([], [])
    assert drifted == ["tag i-1: the action 'tag' skips it now: it is tagged so already"]


def entry(plan: SavedPlan, on: Cloud, number: int, status: Status, policy: dict[str, Any], reason: str = "") -> Entry:
    change = intent(on, policy).planned[number].change
    return Entry("run-1", number, plan.changes[number].policy, change, status, reason)


@pytest.mark.parametrize(
    ("status", "made", "already", "drifted"),
    [
        (Status.DONE, ["stop i-1"], ["tag i-1: made by run run-1"], []),
        (Status.FAILED, ["tag i-1", "stop i-1"], [], []),
        (Status.UNCERTAIN, [], [], [
            "tag i-1: it is not known whether run run-1 has made it: no answer came",
            "stop i-1: the policy's earlier action 'tag' on it is not as planned"]),
        (Status.STARTED, [], [], [
            "tag i-1: it is not known whether run run-1 has made it: no answer came",
            "stop i-1: the policy's earlier action 'tag' on it is not as planned"]),
    ],
)  # fmt: skip
def test_what_earlier_applies_have_made(
    status: Status, made: list[str], already: list[str], drifted: list[str]
) -> None:
    on = Cloud().instance("i-1")
    plan = planned(on, RETAG)
    prior = {key_of(plan.changes[0]): entry(plan, on, 0, status, RETAG)}
    assert outcome(on, plan, Known(prior)) == (made, already, drifted)
    assert comparison(on, plan, Known(prior)).uncertain is bool(drifted)


def test_a_change_of_several_calls_that_failed_is_not_begun_again() -> None:
    on = Cloud().instance("i-1")
    plan = planned(on, RETAG)
    two = replace(plan.changes[0], calls=[*plan.changes[0].calls, *plan.changes[0].calls])
    plan = replace(plan, changes=(two, *plan.changes[1:]))
    prior = {key_of(two): entry(plan, on, 0, Status.FAILED, RETAG, "after ec2:X had been made: denied")}
    made, _, drifted = outcome(on, plan, Known(prior))
    assert made == []
    assert drifted[0] == "tag i-1: it failed in run run-1: after ec2:X had been made: denied"


def test_what_a_policy_wants_beside_the_plan_is_not_made() -> None:
    on = cloud()
    plan = planned(on, RETAG)
    plan = replace(plan, changes=tuple(c for c in plan.changes if c.ref.id == "i-1"))
    assert outcome(on, plan)[0] == ["tag i-1", "stop i-1"]
    later = replace(plan, changes=tuple(c for c in plan.changes if c.action == "stop"))
    made, _, drifted = outcome(on, later)
    assert (made, drifted) == ([], ["stop i-1: the policy's earlier action 'tag' on it is not as planned"])


def test_a_policy_of_another_type() -> None:
    on = cloud()
    plan = planned(on, RETAG)
    plan = replace(plan, changes=(replace(plan.changes[0], ref=replace(plan.changes[0].ref, type="s3")),))
    assert outcome(on, plan)[2] == ["tag i-1: the policy is about ec2, not s3"]
    assert plan.changes[0].ref.scope == SCOPE


def test_unknown_is_not_made_and_on_unknown_fail_holds_all() -> None:
    on = Cloud(buckets={"b0": {}, "b1": {}})
    on._GetBucketVersioning = lambda params: {}  # type: ignore[attr-defined]
    policy = {"resource": "s3", "filters": [{"Versioning.Status": "absent"}], "actions": [TAG]}
    for way, reasons in (
        ("report", {"b1": "it is not known whether it matches: "}),
        ("fail", dict.fromkeys(("b0", "b1"), "the policy has 'on-unknown: fail', and 1 resources are unknown")),
    ):
        on.breaks = lambda call: None
        plan = planned(on, {**policy, "on-unknown": way})
        assert len(plan.changes) == 2
        on.breaks = lambda call: (
            refused(call) if call.operation == "GetBucketVersioning" and call.params["Bucket"] == "b1" else None
        )
        found = comparison(on, plan)
        assert {d.change.ref.id for d in found.drifted} == set(reasons)
        assert all(d.reason.startswith(reasons[d.change.ref.id]) for d in found.drifted), found.drifted


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"end": "2026-11-21T09:30:00+00:00"}, "the policy does not run here: it ended at 2026-11-21T09:30:00+00:00"),
        (
            {
                "conditions": [
                    {"type": "value", "key": "now", "op": "lt", "value_type": "date", "value": "2026-11-21 09:30"}
                ]
            },
            "the policy does not run here: its condition does not hold: ",
        ),
    ],
)
def test_a_policy_that_does_not_run_any_more(more: dict[str, Any], says: str) -> None:
    on = cloud()
    plan = planned(on, {**RETAG, **more})
    assert len(plan.changes) == 4
    made, _, drifted = outcome(on, plan)
    assert made == []
    assert drifted[0].startswith(f"tag i-1: {says}")


def test_changes_that_are_put_into_a_plan_count_for_its_limits() -> None:
    on = Cloud().instance("i-1").instance("i-2").instance("i-3")
    plan = planned(on, {"resource": "ec2", "filters": [{"tag:A": "absent"}], "actions": [TAG], "max-resources": 3})
    on.instance("i-4")
    more = replace(plan.changes[0], ref=replace(plan.changes[0].ref, id="i-4"))
    made, _, drifted = outcome(on, replace(plan, changes=(*plan.changes, more)))
    assert made == []
    assert drifted[0] == "tag i-1: the policy's limit is exceeded: 4 matched, max-resources is 3"


def test_resources_of_one_id_are_told_apart_by_their_calls() -> None:
    """As versions of a launch template: each change is made once, and one that is put beside it is not."""
    on = Cloud().instance("i-1")
    plan = planned(on, {"resource": "ec2", "actions": [TAG]})
    (change,) = plan.changes
    other = replace(change, calls=[{**change.calls[0], "params": {"Resources": ["i-1"], "Tags": []}}])
    made, _, drifted = outcome(on, replace(plan, changes=(change, other)))
    assert made == ["tag i-1"]
    assert len(drifted) == 1
    made, _, drifted = outcome(on, replace(plan, changes=(change, replace(change))))
    assert (made, drifted) == (["tag i-1"], ["tag i-1: it would be another change: the policy wants it once"])
