"""How many calls a plan makes at most, from records alone."""

from __future__ import annotations

import pytest

from engine.model.json import Json
from engine.plan.calls import action_calls, expected_calls, inverse_calls, totals

from .plans import SHIPPED, TYPES, checked, plan

METRICS = {"type": "metrics", "name": "CPUUtilization", "value": 5}


def counted(size: int, *written: dict[str, Json]) -> dict[str, int]:
    """Operation → times."""
    return dict(totals(expected_calls(plan(*written), size, TYPES)))


def test_pages_batches_and_single_calls() -> None:
    """A thousand a page, five hundred metrics a call, a facet each."""
    policy = {"resource": "ec2", "filters": ["termination-protected", METRICS]}
    assert counted(2001, policy) == {
        "ec2:DescribeInstances": 3, "cloudwatch:GetMetricData": 5, "ec2:DescribeInstanceAttribute": 2001,
    }  # fmt: skip
    assert counted(1, policy) == {
        "ec2:DescribeInstances": 1, "cloudwatch:GetMetricData": 1, "ec2:DescribeInstanceAttribute": 1,
    }  # fmt: skip


def test_what_policies_share_is_counted_once() -> None:
    """Listing and facts."""
    policy = {"resource": "ec2", "filters": [METRICS]}
    assert counted(1000, policy, policy, {"resource": "ec2"}) == {
        "ec2:DescribeInstances": 1, "cloudwatch:GetMetricData": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"resource": "lambda", "filters": [{"tag:Owner": "absent"}]},
         {"lambda:ListFunctions": 20, "resourcegroupstaggingapi:GetResources": 10}),
        ({"resource": "ec2", "filters": [{"type": "security-group", "key": "GroupName", "value": "x"}]},
         {"ec2:DescribeInstances": 1, "ec2:DescribeSecurityGroups": 1}),
        ({"resource": "ec2", "filters": [{"type": "value", "key": "ImageId", "op": "in",
                                         "value_from": {"url": "s3://b/k.txt"}}]},
         {"ec2:DescribeInstances": 1, "s3:GetObject": 1}),
        ({"resource": "ec2", "filters": [{"type": "value", "key": "ImageId", "op": "in",
                                         "value_from": {"url": "https://x/k.txt"}}]},
         {"ec2:DescribeInstances": 1}),
        ({"resource": "iam-user", "filters": [{"type": "credential", "key": "user", "value": "x"}]},
         {"iam:ListUsers": 1, "iam:GetCredentialReport": 1, "iam:GenerateCredentialReport": 1}),
        ({"resource": "app-elb", "filters": ["shield-enabled"]},
         {"elbv2:DescribeLoadBalancers": 3, "shield:ListProtections": 10}),
        ({"resource": "ebs", "filters": [{"type": "config-compliance", "rules": ["a", "b"]}]},
         {"ec2:DescribeVolumes": 2, "config:DescribeConfigRules": 1, "config:GetComplianceDetailsByConfigRule": 2}),
    ],
)  # fmt: skip
def test_other_needs(policy: dict[str, Json], expected: dict[str, int]) -> None:
    """Tags by the hundred, related by listing, documents, reports and rules that are named once."""
    assert counted(1000, policy) == expected


def test_writes_and_their_inverses() -> None:
    """Each with the action that makes it; nothing for read-only policies."""
    actions: Json = [{"type": "tag", "key": "a", "value": "b"}, "stop"]
    track = plan({"resource": "ec2", "actions": actions}).scans[0].tracks[0]
    assert set(action_calls(track)) >= {("ec2", "CreateTags", "tag"), ("ec2", "StopInstances", "stop")}
    assert set(inverse_calls(track)) >= {("ec2", "DeleteTags", "tag"), ("ec2", "StartInstances", "stop")}
    track = plan({"resource": "ec2"}).scans[0].tracks[0]
    assert list(action_calls(track)) == list(inverse_calls(track)) == []


@pytest.mark.parametrize("policy", SHIPPED, ids=lambda policy: policy.name)
def test_more_resources_never_take_fewer_calls(policy: object) -> None:
    """And none takes none."""
    from engine.plan.compile import compile

    made = compile([checked(policy)])  # type: ignore[arg-type]
    few, many = (totals(expected_calls(made, size, TYPES)) for size in (1, 5000))
    assert set(few) == set(many)
    assert all(0 < few[call] <= many[call] for call in few)
