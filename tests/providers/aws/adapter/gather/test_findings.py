"""Security Hub's findings, by ARN and by ids that AWS makes."""

from __future__ import annotations

from engine.model.call import Call
from engine.model.errors import FailureKind
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import FindingNeed

from ..doubles import at, gathered, refused

NEED = FindingNeed('{"RecordState": [{"Comparison": "EQUALS", "Value": "ACTIVE"}]}')


def arn(number: int) -> str:
    return f"arn:aws:ec2:eu-west-1:123456789012:instance/i-{number:017x}"


def instances(count: int) -> list[dict[str, Json]]:
    return [{"InstanceId": f"i-{number:017x}"} for number in range(count)]


def hub(call: Call) -> Json:
    """One finding by an ARN, one by an id, one on something else too."""
    asked = {each["Value"] for each in call.params["Filters"]["ResourceId"]}
    about = [[call.params["Filters"]["ResourceId"][0]["Value"], "other"], ["i-" + "0" * 16 + "1"]]
    return {"Findings": [{"Title": str(n), "Resources": [{"Id": i} for i in ids]} for n, ids in enumerate(about)
                         if set(ids) & asked]}  # fmt: skip


def test_each_gets_its_own() -> None:
    connection, door = at(hub)
    told = gathered(connection, "ec2", instances(3), NEED)
    assert [[each["Title"] for each in facts[NEED]] for facts in told] == [["0"], ["1"], []]
    assert door.asked[0].params["Filters"]["RecordState"] == [{"Comparison": "EQUALS", "Value": "ACTIVE"}]


def test_ten_a_call_and_in_the_region_that_is_told() -> None:
    connection, door = at(hub)
    gathered(connection, "ec2", instances(11), FindingNeed(region="us-east-1"))
    assert [len(call.params["Filters"]["ResourceId"]) for call in door.asked] == [20, 2]
    assert {call.scope.region for call in door.asked} == {"us-east-1"}


def test_refusal_is_unknown() -> None:
    def refuse(call: Call) -> Json:
        raise refused(call, "AccessDeniedException", FailureKind.DENIED)

    connection, _ = at(refuse)
    (told,) = gathered(connection, "ec2", instances(1), NEED)
    assert isinstance(told[NEED], Failed)
