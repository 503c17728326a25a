"""The least that a plan needs to be allowed."""

from __future__ import annotations

import pytest

from engine.model.json import Json
from engine.plan.permissions import permissions
from engine.plugin.discover import catalog

from .plans import SHIPPED, TYPES, checked, plan

ACTIONS = catalog().provider.iam_actions


def statements(*written: dict[str, Json], undo: bool = False) -> dict[str, list[str]]:
    """Sid → actions."""
    document = permissions(plan(*written), TYPES, ACTIONS, undo=undo)
    assert document["Version"] == "2012-10-17"
    return {s["Sid"]: s["Action"] for s in document["Statement"]}


def test_reading_needs_only_reading() -> None:
    """What the filters ask."""
    policy = {"resource": "ec2", "filters": [{"type": "metrics", "name": "CPUUtilization", "value": 5}]}
    assert statements(policy) == {"Read": ["cloudwatch:GetMetricData", "ec2:DescribeInstances"]}


def test_acting_and_undoing() -> None:
    """Each in a statement of its own; undo only what acting does not allow already."""
    policy = {"resource": "ec2", "actions": ["stop"]}
    found = statements(policy, undo=True)
    assert found["Act"] == ["ec2:StopInstances"]
    assert found["Undo"] == ["ec2:StartInstances"]
    assert "Undo" not in statements(policy)
    assert "sts:GetCallerIdentity" in found["Read"]


def test_what_actions_must_read_is_among_the_reads() -> None:
    """A bucket's tags, before they are replaced."""
    found = statements({"resource": "s3", "actions": [{"type": "tag", "key": "a", "value": "b"}]})
    assert "s3:GetBucketTagging" in found["Read"] or "tag:GetResources" in found["Read"]
    assert found["Act"] == ["s3:PutBucketTagging"]


def test_iams_own_names() -> None:
    """Not the API's where they differ."""
    found = statements({"resource": "s3", "filters": [{"type": "bucket-encryption", "state": False}]})
    assert found["Read"] == ["s3:GetEncryptionConfiguration", "s3:ListAllMyBuckets"]


@pytest.mark.parametrize("policy", SHIPPED, ids=lambda policy: policy.name)
def test_shipped_policies_never_write_under_read(policy: object) -> None:
    """And every name is an IAM action."""
    from engine.plan.compile import compile

    document = permissions(compile([checked(policy)]), TYPES, ACTIONS, undo=True)  # type: ignore[arg-type]
    for statement in document["Statement"]:
        for action in statement["Action"]:
            service, _, name = action.partition(":")
            assert service.islower()
            assert name[:1].isupper()
            if statement["Sid"] == "Read":
                assert name.startswith(("Describe", "List", "Get")), action
