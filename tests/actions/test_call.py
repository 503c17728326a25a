"""Any operation of AWS, made for each resource, held against AWS's model before."""

from __future__ import annotations

import pytest

from engine.lang.check import check
from engine.lang.load import policy_from
from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.plan.compile import compile
from engine.plan.permissions import permissions
from engine.plugin.discover import catalog

from .table import item, wanted

GP3 = {"type": "call", "operation": "ModifyInstanceAttribute", "with": {"InstanceId": "InstanceId"}, "params": {"EbsOptimized": {"Value": True}}}  # fmt: skip


def problems(action: Json, word: str = "ec2") -> list[tuple[str, str]]:
    policy, _ = policy_from({"name": "p", "resource": word, "actions": [{"type": "call", **action}]})
    assert policy is not None
    return [(d.summary.removeprefix("action 'call': "), d.hint) for d in check(policy, catalog())[1]]


def test_the_call_of_one_resource() -> None:
    change = wanted(GP3, item("ec2", {}))
    assert isinstance(change, Change)
    (call,) = change.calls
    assert (str(call), call.params) == (
        "ec2:ModifyInstanceAttribute",
        {"InstanceId": "i-1", "EbsOptimized": {"Value": True}},
    )
    assert (change.reversible, change.irreversible) == (False, "what the call changes is not known")
    assert not change.destructive


def test_paths_lists_and_the_arn() -> None:
    action = {"type": "call", "service": "ssm", "operation": "SendCommand", "params": {"DocumentName": "d"},
              "with": {"InstanceIds": ["InstanceId"], "Comment": "_arn"}}  # fmt: skip
    change = wanted(action, item("ec2", {}))
    assert isinstance(change, Change)
    assert change.calls[0].params == {
        "DocumentName": "d",
        "InstanceIds": ["i-1"],
        "Comment": "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
    }


def test_what_it_must_hold_for() -> None:
    skip = wanted({**GP3, "when": "State.Name == 'stopped'"}, item("ec2", {}))
    assert isinstance(skip, Skip)
    assert "State.Name == 'stopped'" in skip.reason


@pytest.mark.parametrize(
    ("operation", "destructive"), [("TerminateInstances", True), ("DeleteTags", True), ("StartInstances", False)]
)
def test_taking_away_is_destructive(operation: str, destructive: bool) -> None:
    given = {"DeleteTags": {"Resources": ["InstanceId"]}}.get(operation, {"InstanceIds": ["InstanceId"]})
    change = wanted({"type": "call", "operation": operation, "with": given}, item("ec2", {}))
    assert isinstance(change, Change)
    assert change.destructive is destructive


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (
            {"operation": "StopInstance"},
            [("ec2 has no operation 'StopInstance'", "did you mean 'StopInstances'?")],
        ),
        (
            {"operation": "StopInstances"},
            [("StopInstances needs InstanceIds", "give it under 'params', or under 'with' from an attribute")],
        ),
        (
            {"operation": "DescribeInstances"},
            [("'DescribeInstances' changes nothing", "filters read; actions change")],
        ),
        (
            {"operation": "StopInstances", "with": {"InstanceIds": ["InstanceId"]}, "service": "ec3"},
            [("there is no service 'ec3'", "botocore's name of it, as in ec2, logs, elbv2")],
        ),
        (
            {"operation": "StopInstances", "with": {"InstanceIds": ["InstanceId"]}, "params": {"Force": "yes"}},
            [("StopInstances.Force is 'yes'", "it takes true or false")],
        ),
        (
            {"operation": "StopInstances", "with": {"InstanceIds": "a["}},
            [("'a[' is no path: Invalid jmespath expression", "")],
        ),
    ],
)  # fmt: skip
def test_held_against_the_model(action: Json, expected: list[tuple[str, str]]) -> None:
    found = problems(action)
    assert [text[:40] for text, _ in found] == [text[:40] for text, _ in expected]
    assert all(hint in ("", found[i][1]) for i, (_, hint) in enumerate(expected))


def test_plans_know_its_permission() -> None:
    policy, _ = policy_from({"name": "p", "resource": "ec2", "actions": [GP3]})
    assert policy is not None
    checked, found = check(policy, catalog())
    assert checked is not None, found
    provider = catalog().provider
    document = permissions(compile([checked]), provider.type, provider.iam_actions)
    assert document["Statement"][1]["Action"] == ["ec2:ModifyInstanceAttribute"]
