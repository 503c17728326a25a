"""Plans to JSON and back."""

from __future__ import annotations

import json

import pytest

from engine.lang.syntax import Policy
from engine.model.errors import PlanRejected
from engine.model.need import (
    AskedNeed,
    ContentNeed,
    FacetNeed,
    FindingNeed,
    HealthNeed,
    MetricNeed,
    Need,
    OpsItemNeed,
    PolicyNeed,
    PopulationNeed,
    RelatedNeed,
)
from engine.plan.codec import need_json, need_of_json, plan_json, plan_of_json
from engine.plan.compile import compile
from engine.plan.explain import explain

from .plans import SHIPPED, TYPES, checked


@pytest.mark.parametrize("optimise", [True, False])
@pytest.mark.parametrize("policy", SHIPPED, ids=lambda policy: policy.name)
def test_every_shipped_policy_comes_back(policy: Policy, optimise: bool) -> None:
    """Through real JSON: the same steps, the same text, positions and all."""
    plan = compile([checked(policy)], optimise=optimise)
    data = json.loads(json.dumps(plan_json(plan)))
    again = plan_of_json(data, checked)
    assert plan_json(again) == plan_json(plan)
    assert explain(again, 1000, TYPES) == explain(plan, 1000, TYPES)
    assert [(s.conditions, s.ids) for s in again.scans] == [(s.conditions, s.ids) for s in plan.scans]
    assert [t.stages for s in again.scans for t in s.tracks] == [t.stages for s in plan.scans for t in s.tracks]
    assert [t.policy.policy.span for s in again.scans for t in s.tracks] == [policy.span]


def test_all_of_them_in_one_plan() -> None:
    """Shared scans too."""
    plan = compile([checked(policy) for policy in SHIPPED])
    assert any(len(scan.tracks) > 3 for scan in plan.scans)
    again = plan_of_json(json.loads(json.dumps(plan_json(plan))), checked)
    assert explain(again, 10, TYPES) == explain(plan, 10, TYPES)
    assert again.passes == plan.passes != ()


@pytest.mark.parametrize(
    "need",
    [
        FacetNeed("tags"),
        MetricNeed("n", "m", "Sum", 7.5, 60, (("a", "b"), ("c", "d")), True),
        RelatedNeed("vpc"),
        PopulationNeed("eni", "Groups[].GroupId"),
        ContentNeed("s3://b/k", "csv", 1, "", (("X", "y"),)),
        ContentNeed("s3://b/k", "json", "a.b"),
        PolicyNeed('{"resource":"ec2"}'),
        MetricNeed("", "m", "", 1, 0, of="UsageMetric"),
        FindingNeed('{"A": 1}', "us-east-1"),
        HealthNeed(("open",), ("T",), ("issue",)),
        OpsItemNeed(("Open",), ("1",), "t", "s"),
        AskedNeed("inventory", '{"query": []}'),
    ],
)
def test_every_need_comes_back_equal(need: Need) -> None:
    """And hashable: needs are compared and shared."""
    again = need_of_json(json.loads(json.dumps(need_json(need))))
    assert again == need
    assert hash(again) == hash(need)


@pytest.mark.parametrize("version", [0, 2, None, "1"])
def test_another_version_is_refused(version: object) -> None:
    """In words."""
    with pytest.raises(PlanRejected, match="this engine reads version 1"):
        plan_of_json({"version": version, "passes": [], "scans": []}, checked)
