"""OpsCenter's items, by the ARNs that they are about."""

from __future__ import annotations

import json

import pytest

from engine.model.call import Call
from engine.model.errors import FailureKind
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import OpsItemNeed

from ..doubles import at, gathered, refused

NEED = OpsItemNeed(("Open",), ("1", "2"), "disk", "EC2")


def item(id: str, *numbers: int) -> Json:
    arns = [{"arn": f"arn:aws:ec2:us-east-1:123456789012:instance/i-{n}"} for n in numbers]
    return {"OpsItemId": id, "OperationalData": {"/aws/resources": {"Value": json.dumps(arns)}}}


def test_each_gets_its_own() -> None:
    connection, door = at(lambda call: {"OpsItemSummaries": [item("a", 0, 1), item("b", 1, 1)]})
    told = gathered(connection, "ec2", [{"InstanceId": f"i-{n}"} for n in range(3)], NEED)
    assert [[each["OpsItemId"] for each in facts[NEED]] for facts in told] == [["a"], ["a", "b"], []]
    (call,) = door.asked
    assert {each["Key"]: (each["Operator"], each["Values"]) for each in call.params["OpsItemFilters"]} == {
        "Status": ("Equal", ["Open"]),
        "Priority": ("Equal", ["1", "2"]),
        "Title": ("Contains", ["disk"]),
        "Source": ("Equal", ["EC2"]),
        "ResourceId": ("Contains", ["i-0", "i-1", "i-2"]),
    }


def test_many_resources_are_not_named() -> None:
    connection, door = at(lambda call: {"OpsItemSummaries": []})
    gathered(connection, "ec2", [{"InstanceId": f"i-{n}"} for n in range(11)], OpsItemNeed())
    assert [each["Key"] for each in door.asked[0].params["OpsItemFilters"]] == ["Status"]


@pytest.mark.parametrize(
    "data", [{}, {"/aws/resources": {}}, {"/aws/resources": {"Value": "{"}}, {"/aws/resources": {"Value": '["x"]'}}]
)
def test_items_about_nothing(data: Json) -> None:
    connection, _ = at(lambda call: {"OpsItemSummaries": [{"OperationalData": data}, {}]})
    assert gathered(connection, "ec2", [{"InstanceId": "i-0"}], NEED) == [{NEED: []}]


def test_refusal_is_unknown() -> None:
    def refuse(call: Call) -> Json:
        raise refused(call, "AccessDeniedException", FailureKind.DENIED)

    connection, _ = at(refuse)
    (told,) = gathered(connection, "ec2", [{"InstanceId": "i-0"}], NEED)
    assert isinstance(told[NEED], Failed)
