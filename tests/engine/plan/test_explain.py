"""The plan as a person reads it."""

from __future__ import annotations

from textwrap import dedent

from engine.model.json import Json
from engine.plan.explain import explain

from .plans import TYPES, plan

POLICY: dict[str, Json] = {
    "name": "idle", "resource": "ec2", "max-resources": {"amount": 5, "percent": 10, "op": "and"},
    "filters": [
        {"State.Name": "running"}, {"or": [{"tag:Env": "dev"}, {"not": ["termination-protected"]}]},
        {"type": "metrics", "name": "CPUUtilization", "days": 7, "value": 5},
    ],
    "actions": [{"type": "tag", "key": "Idle", "value": "true"}, "stop"],
}  # fmt: skip


def test_everything_in_its_place() -> None:
    """Scan, policy, stages, filters, limit, actions, calls."""
    found = explain(plan(POLICY), 1500, TYPES)
    assert found == dedent(
        """\
        scan ec2  ec2:DescribeInstances
          policy idle  (<policy>)
            judge each page by what the listing tells
            gather for those still undecided: AWS/EC2 CPUUtilization Average over 7 d by 604800 s
            judge again
            gather for those still undecided: termination-protection
            judge again
              State.Name: running
              or
                tag:Env: dev
                not
                  termination-protected
              metrics (name: CPUUtilization, days: 7, value: 5)
            limit: 5 resources and 10 %
            act: tag  ec2:CreateTags
            act: stop  ec2:StopInstances

        calls at most, a region, for 1,500 resources of each type:
             1,500  ec2:DescribeInstanceAttribute
                 3  cloudwatch:GetMetricData
                 2  ec2:DescribeInstances
             1,505  in all"""
    )


def test_what_is_pushed_and_shared() -> None:
    """In the scan's line."""
    found = explain(plan({"resource": "ec2", "filters": [{"State.Name": "running"}]},
                         {"resource": "ec2", "filters": [{"State.Name": "stopped"}]}), 1, TYPES)  # fmt: skip
    assert found.splitlines()[0] == (
        "scan ec2  ec2:DescribeInstances  where instance-state-name in (running, stopped)  shared by 2 policies"
    )


def test_the_naive_plan_says_so() -> None:
    """Everyone is asked about."""
    assert "gather for everyone" in explain(plan(POLICY, optimise=False), 1, TYPES)


def test_sets() -> None:
    """Judged as a whole."""
    reduce = {"type": "reduce", "sort-by": "LaunchTime", "limit": 1}
    assert "judge the whole set by what the listing tells" in explain(
        plan({"resource": "ec2", "filters": [reduce]}), 1, TYPES
    )


def test_another_source_is_asked_by_its_own_service() -> None:
    """And what is asked only where it finds nothing counts once."""
    found = explain(plan({"name": "p", "resource": "ecs-service", "source": "config"}), 1500, TYPES)
    assert found == dedent(
        """\
        scan ecs-service  config:SelectResourceConfig
          policy p  (<policy>)
            judge each page by what the listing tells

        calls at most, a region, for 1,500 resources of each type:
                15  config:SelectResourceConfig
                 1  config:GetResourceConfigHistory
                 1  config:ListDiscoveredResources
                17  in all"""
    )
