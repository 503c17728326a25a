"""What actions want: guards, limits, on-unknown, facts they must know, and tags that know of each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.executor.changes import intend
from engine.model.change import Status
from engine.model.json import Json

from .cloud import NOW, Cloud, Desk, intent, ran, refused

TAG: Json = {"type": "tag", "key": "Idle", "value": "true"}
Sit = Callable[[Cloud], Desk]


def two() -> Cloud:
    """One of development, one of production."""
    return Cloud().instance("i-0", Env="dev").instance("i-1", Env="prod")


def wishes(cloud: Cloud, *written: dict[str, Json]) -> list[tuple[str, int, str, str]]:
    """(policy, step, id, action)."""
    return [(p.policy, p.step, p.change.ref.id, p.change.action) for p in intent(cloud, *written).planned]


def test_action_by_action() -> None:
    """All tags, then all stops."""
    assert wishes(two(), {"resource": "ec2", "actions": [TAG, "stop"]}) == [
        ("p0", 0, "i-0", "tag"), ("p0", 0, "i-1", "tag"), ("p0", 1, "i-0", "stop"), ("p0", 1, "i-1", "stop"),
    ]  # fmt: skip


def test_planning_writes_nothing() -> None:
    """Only reads."""
    cloud = two()
    intent(cloud, {"resource": "ec2", "actions": [TAG, "stop", "terminate"]})
    assert cloud.writes() == []


def test_the_guard_is_for_all_actions_and_tells_why() -> None:
    """One skip for each resource that it holds back."""
    found = intent(two(), {"resource": "ec2", "actions": [TAG, "stop"], "guard": [{"tag:Env": "dev"}]})
    assert {p.change.ref.id for p in found.planned} == {"i-0"}
    ((policy, skip),) = found.skipped
    assert (policy, skip.ref.id, skip.action) == ("p0", "i-1", "guard")
    assert "prod" in skip.reason


def test_a_guard_that_cannot_be_judged_holds_back() -> None:
    """Unknown is no match."""
    cloud = Cloud(functions={"f": {}})
    cloud.breaks = lambda call: refused(call) if call.operation in ("GetResources", "ListTags") else None
    policy = {"resource": "lambda", "actions": ["delete"], "guard": [{"tag:Env": "absent"}]}
    found = intent(cloud, policy)
    assert found.planned == []
    assert "UnauthorizedOperation" in found.skipped[0][1].reason


@pytest.mark.parametrize("on_unknown", ["report", "skip", "fail"])
def test_unknown_resources_are_never_acted_on(on_unknown: str) -> None:
    """`fail` acts on nothing at all; the others on what is known."""
    cloud = Cloud(buckets={"b0": {}, "b1": {}})

    def some(call: object) -> object:
        params = getattr(call, "params", {})
        operation = getattr(call, "operation", "")
        return refused(call) if operation == "GetBucketVersioning" and params["Bucket"] == "b1" else None  # type: ignore[arg-type]

    cloud.breaks = some  # type: ignore[assignment]
    cloud._GetBucketVersioning = lambda params: {}  # type: ignore[attr-defined]
    policy = {
        "resource": "s3",
        "filters": [{"Versioning.Status": "absent"}],
        "actions": [TAG],
        "on-unknown": on_unknown,
    }
    found = {p.change.ref.id for p in intent(cloud, policy).planned}
    assert found == (set() if on_unknown == "fail" else {"b0"})


@pytest.mark.parametrize(
    ("limits", "acts"),
    [
        ({"max-resources": 1}, False),
        ({"max-resources": 2}, True),
        ({"max-resources-percent": 99}, False),
        ({"max-resources-percent": 100}, True),
        ({"max-resources": {"amount": 1, "percent": 100, "op": "and"}}, True),
        ({"max-resources": {"amount": 1, "percent": 100, "op": "or"}}, False),
    ],
)
def test_limits(limits: dict[str, Json], acts: bool) -> None:
    """A policy over its limit wants nothing; others do."""
    found = wishes(two(), {"resource": "ec2", "actions": ["stop"], **limits}, {"resource": "ec2", "actions": [TAG]})
    assert [w for w in found if w[0] == "p0"] == ([("p0", 0, "i-0", "stop"), ("p0", 0, "i-1", "stop")] if acts else [])
    assert len([w for w in found if w[0] == "p1"]) == 2


def test_tags_must_be_known_where_writing_one_writes_all() -> None:
    """A bucket whose tags cannot be read is left alone; a function is tagged without a way back."""
    cloud = Cloud(buckets={"b": {"Owner": "ana"}}, functions={"f": {}})
    cloud.breaks = lambda call: (
        refused(call) if call.operation.startswith(("GetBucketTag", "GetRes", "ListTags")) else None
    )
    found = intent(cloud, {"resource": "s3", "actions": [TAG]}, {"resource": "lambda", "actions": [TAG]})
    ((_, skip),) = found.skipped
    assert skip.reason.startswith("it must be known first: s3:GetBucketTagging denied")
    (planned,) = found.planned
    assert planned.change.ref.id == "f"
    assert planned.change.irreversible


def test_two_tag_actions_on_one_bucket_keep_both_tags(desk: Sit) -> None:
    """Whole-set replacement, within a policy."""
    cloud = Cloud(buckets={"b": {"Owner": "ana"}})
    actions = [TAG, {"type": "tag", "key": "Second", "value": "2"}, {"type": "remove-tag", "tags": ["Owner"]}]
    _, outcomes = desk(cloud).make(intent(cloud, {"resource": "s3", "actions": actions}).planned)
    assert {o.status for o in outcomes} == {Status.DONE}
    assert cloud.buckets["b"] == {"Idle": "true", "Second": "2"}


def test_two_policies_on_one_bucket_keep_both_tags(desk: Sit) -> None:
    """And across policies: the second was planned before the first was made."""
    cloud = Cloud(buckets={"b": {"Owner": "ana"}})
    second = {"type": "tag", "key": "Second", "value": "2"}
    desk(cloud).make(
        intent(cloud, {"resource": "s3", "actions": [TAG]}, {"resource": "s3", "actions": [second]}).planned
    )
    assert cloud.buckets["b"] == {"Owner": "ana", "Idle": "true", "Second": "2"}


def test_a_tag_that_an_earlier_action_writes_is_not_written_twice() -> None:
    """Within a policy and across."""
    cloud = two()
    found = wishes(cloud, {"resource": "ec2", "actions": [TAG, TAG]}, {"resource": "ec2", "actions": [TAG]})
    assert found == [("p0", 0, "i-0", "tag"), ("p0", 0, "i-1", "tag")]


def test_tags_that_are_not_known_stay_unknown_after_the_first_tag() -> None:
    """The second action's inverse must not pretend to know what was there."""
    cloud = Cloud(functions={"f": {"Second": "precious"}})
    cloud.breaks = lambda call: refused(call) if call.operation.startswith(("GetRes", "ListTags")) else None
    actions = [TAG, {"type": "tag", "key": "Second", "value": "2"}]
    first, second = (p.change for p in intent(cloud, {"resource": "lambda", "actions": actions}).planned)
    assert first.irreversible
    assert second.irreversible
    assert second.inverse == ()


def test_what_is_written_from_the_clock_can_be_of_another_time() -> None:
    """A saved plan's: only what actions write, not what guards judge."""
    results = ran(
        two(), {"resource": "ec2", "actions": [{"type": "mark-for-op", "op": "stop", "days": 1, "tag": "Due"}]}
    )
    (first, *_), (other, *_) = intend(results).planned, intend(results, NOW + timedelta(days=7)).planned
    assert "2026/11/22" in first.change.after["tag:Due"]
    assert "2026/11/29" in other.change.after["tag:Due"]
