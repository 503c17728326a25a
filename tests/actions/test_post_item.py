"""Operational items about resources."""

from __future__ import annotations

import json

import pytest

from engine.executor.batches import merged
from engine.lang.check import check
from engine.lang.load import policy_from
from engine.model.json import Json
from engine.model.need import OpsItemNeed
from engine.plugin.discover import catalog

from .table import calls, change, item, skip

NEED = OpsItemNeed(source="Cloud Custodian")
ARN = "arn:aws:ec2:us-east-1:123456789012:instance/i-1"


def told(title: str) -> list[Json]:
    return [{"Title": title, "Status": "Open"}]


def problems(action: Json, word: str = "ec2") -> list[str]:
    policy, _ = policy_from({"name": "p", "resource": word, "actions": [{"type": "post-item", **action}]})
    assert policy is not None
    return [d.summary for d in check(policy, catalog())[1]]


def test_an_item() -> None:
    made = change({"type": "post-item"}, item("ec2", {}, facts={NEED: told("another")}))
    ((name, params),) = calls(made)
    assert name == "ssm:CreateOpsItem"
    assert (params["Title"], params["Description"], params["Source"]) == ("p", "p", "Cloud Custodian")
    assert json.loads(params["OperationalData"]["/aws/resources"]["Value"]) == [{"arn": ARN}]
    assert "Tags" not in params
    assert not made.reversible


def test_all_that_can_be_said() -> None:
    action: Json = {
        "type": "post-item", "title": "t", "description": "d", "priority": 2, "tags": {"A": "b"}, "topics": "arn:t",
        "source": "us",
    }  # fmt: skip
    made = change(action, item("ec2", {}, facts={OpsItemNeed(source="us"): []}))
    ((_, params),) = calls(made)
    assert {k: v for k, v in params.items() if k != "OperationalData"} == {
        "Title": "t",
        "Description": "d",
        "Priority": 2,
        "Source": "us",
        "Tags": [{"Key": "A", "Value": "b"}],
        "Notifications": [{"Arn": "arn:t"}],
    }


def test_one_item_about_many() -> None:
    one = change({"type": "post-item"}, item("ec2", {}, facts={NEED: []}))
    two = change({"type": "post-item"}, item("ec2", {}, InstanceId="i-2", facts={NEED: []}))
    data = merged([one, two, one]).params["OperationalData"]
    assert json.loads(data["/aws/resources"]["Value"]) == [{"arn": ARN}, {"arn": ARN[:-1] + "2"}]
    assert data["/custodian/policy-name"] == one.calls[0].params["OperationalData"]["/custodian/policy-name"]
    assert one.batching is not None
    assert one.batching.most == 100


def test_what_is_told_already() -> None:
    assert skip({"type": "post-item"}, item("ec2", {}, facts={NEED: told("p")})) == "an open item is about it already"
    assert skip({"type": "post-item", "title": "t"}, item("ec2", {}, facts={NEED: told("t")}))


@pytest.mark.parametrize(
    "action", [{"source": "My AWS"}, {"source": ""}, {"title": "x" * 1025}, {"priority": 6}, {"tags": {"a": 1}}]
)
def test_rejected(action: Json) -> None:
    assert problems(action)


def test_only_what_has_an_arn() -> None:
    assert problems({}) == []
    lacking = next(
        word
        for word in catalog().provider.words()
        if not catalog().provider.type(word).identity.arn and "." not in word
    )
    assert problems({}, lacking)
