"""A plan's policies, run again over its resources: what is read, judged, and by which clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.app.plan_file import SavedPlan, SavedPolicy
from engine.app.recompute import policies_of
from engine.model.errors import PlanRejected
from engine.model.resource import ResourceRef
from engine.plugin.discover import catalog
from tests.engine.executor.cloud import NOW, SCOPE, Cloud, refused

from .saved import LATER, TAG, planned, recomputed

RETAG = {"resource": "ec2", "filters": [{"tag:A": "absent"}], "actions": [TAG]}


def three() -> Cloud:
    return Cloud().instance("i-1").instance("i-2").instance("i-3", A="b")


def reads(cloud: Cloud, plan: SavedPlan, **more: Any) -> list[Any]:
    """The parameters of each listing while a plan is computed again."""
    cloud.calls.clear()
    recomputed(cloud, plan, **more)
    assert cloud.writes() == []
    return [call.params for call in cloud.calls if call.operation == "DescribeInstances"]


def test_only_its_resources_are_read() -> None:
    cloud = three()
    assert reads(cloud, planned(cloud, RETAG)) == [{"InstanceIds": ["i-1", "i-2"]}]


def test_two_policies_share_a_read() -> None:
    cloud = three()
    other = {"resource": "ec2", "filters": [{"tag:A": "b"}], "actions": [{**TAG, "key": "B"}]}
    assert reads(cloud, planned(cloud, RETAG, other)) == [{"InstanceIds": ["i-1", "i-2", "i-3"]}]


@pytest.mark.parametrize(
    "more",
    [
        {"max-resources-percent": 90},
        {"filters": [{"type": "reduce", "sort-by": "InstanceId", "limit": 2}]},
        {"query": [{"instance-state-name": "running"}]},
    ],
)
def test_everything_is_read_where_a_verdict_depends_on_it(more: dict[str, Any]) -> None:
    cloud = three()
    (params,) = reads(cloud, planned(cloud, {**RETAG, **more}))
    assert "InstanceIds" not in params


def test_what_beside_its_resources_matches_counts_for_limits_and_is_left_out() -> None:
    cloud = three()
    plan = planned(cloud, {**RETAG, "max-resources-percent": 80})
    cloud.instance("i-4")
    found = recomputed(cloud, plan)
    assert [p.change.ref.id for p in found.intent.planned] == ["i-1", "i-2"]
    cloud.instance("i-5").instance("i-6").instance("i-7")
    found = recomputed(cloud, plan)
    assert (found.intent.planned, found.results[0][1].limited) == (
        [], "6 of 7 matched, max-resources-percent is 80",
    )  # fmt: skip


def test_what_is_written_has_the_plans_clock_and_what_is_judged_the_present() -> None:
    cloud = Cloud().instance("i-1", At="2026-11-21 09:30:00")
    actions = [
        {**TAG, "value": "{now:%H:%M}"},
        {"type": "mark-for-op", "op": "stop", "hours": 2, "tag": "Due"},
    ]
    plan = planned(cloud, {"resource": "ec2", "actions": actions})
    now = recomputed(cloud, plan).intent.planned
    assert [dict(p.change.after) for p in now] == [dict(c.after) for c in plan.changes]
    assert now[0].change.after == {"tag:A": "09:00"}
    filters = [{"type": "value", "key": "tag:At", "op": "gt", "value": "{now:%Y-%m-%d %H:%M:%S}"}]
    judged = planned(cloud, {"resource": "ec2", "filters": filters, "actions": actions})
    assert len(judged.changes) == 2  # 09:30 is after 09:00, when the plan was made
    assert timedelta(hours=1) == LATER - NOW
    assert recomputed(cloud, judged).intent.planned == []  # and before 10:00


def test_filters_are_not_judged_on_what_the_plan_has_touched_and_guards_are() -> None:
    cloud = three()
    plan = planned(cloud, {**RETAG, "guard": [{"tag:No": "absent"}], "actions": [TAG, "stop"]})
    cloud.instances["i-1"]["tags"]["A"] = "b"
    touched = frozenset({ResourceRef("ec2", SCOPE, "i-1")})
    found = recomputed(cloud, plan, touched=touched)
    assert sorted((p.step, p.change.ref.id) for p in found.intent.planned) == [(0, "i-2"), (1, "i-1"), (1, "i-2")]
    cloud.instances["i-1"]["tags"]["No"] = "x"
    found = recomputed(cloud, plan, touched=touched)
    assert {p.change.ref.id for p in found.intent.planned} == {"i-2"}


def test_a_read_that_fails_is_that_results_failure() -> None:
    cloud = three()
    plan = planned(cloud, RETAG)
    cloud.breaks = lambda call: refused(call) if call.operation == "DescribeInstances" else None
    for touched in (frozenset[ResourceRef](), frozenset(change.ref for change in plan.changes)):
        ((_, result),) = recomputed(cloud, plan, touched=touched).results
        assert result.error.startswith("ec2:DescribeInstances denied")
        assert result.matched == []


def test_accounts_and_regions_that_are_not_reached_are_left() -> None:
    cloud = three()
    plan = planned(cloud, RETAG)
    far = [
        replace(change, ref=replace(change.ref, scope=replace(change.ref.scope, **where)))
        for change in plan.changes
        for where in ({"account": "210987654321"}, {"region": "mars-1"})
    ]
    found = recomputed(cloud, replace(plan, changes=tuple(far)), unreached={"210987654321": "denied"})
    assert {str(scope): reason for (_, scope), reason in found.left.items()} == {
        "210987654321/us-east-1": "account 210987654321 is not reached: denied",
        "123456789012/mars-1": "region 'mars-1' is not known to have ec2",
    }
    assert found.results == []


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"resource": "ec2"}, "policy '' of the plan is not valid: P116 a policy needs 'name'"),
        ({"name": "p"}, "policy 'p' of the plan is not valid: P116 a policy needs 'resource'"),
        ({"name": "p", "resource": "nonsense"}, "C203 unknown resource type 'nonsense'"),
        ({"name": "p", "resource": "ec2", "filters": ["nope"]}, "C201 unknown filter 'nope'"),
        ({"name": "p", "resource": "ec2", "x": {"$bytes": "AA=="}}, "C219 a policy cannot hold a Python bytes"),
        (
            {"name": "p", "resource": "ec2", "x": {"$date": 5}},
            "policy 'p' of the plan holds a date that cannot be read",
        ),
    ],
)
def test_policies_that_are_not_valid(mapping: dict[str, Any], says: str) -> None:
    plan = planned(three(), RETAG)
    with pytest.raises(PlanRejected) as error:
        policies_of(replace(plan, policies=(SavedPolicy(mapping),)), catalog())
    assert says in str(error.value)


def test_variables_come_from_the_plan() -> None:
    cloud = three()
    policy = {**RETAG, "vars": {"who": "ana"}, "actions": [{**TAG, "value": "{who} {team}"}]}
    plan = replace(planned(cloud, RETAG), variables={"team": "x"})
    plan = replace(plan, policies=(SavedPolicy({"name": "p0", **policy}, {"team": "of the file"}),))
    assert recomputed(cloud, plan).intent.planned[0].change.after == {"tag:A": "ana x"}
