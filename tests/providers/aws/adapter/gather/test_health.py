"""AWS Health's events, by the ids and ARNs of what they affect."""

from __future__ import annotations

from engine.model.call import Call
from engine.model.errors import FailureKind
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import HealthNeed

from ..doubles import at, gathered, refused

NEED = HealthNeed(types=("AWS_EC2_X",), categories=("issue",))


def health(call: Call) -> Json:
    """Twelve events, the first and the last about the first instance."""
    if call.operation == "DescribeEvents":
        return {"events": [{"arn": f"e{n:02}", "eventTypeCode": "X"} for n in range(12)]}
    hit = {"e00", "e11"} & set(call.params["filter"]["eventArns"])
    return {"entities": [{"entityValue": "i-0", "eventArn": arn} for arn in sorted(hit)]}


def test_each_gets_its_own() -> None:
    connection, door = at(health)
    told = gathered(connection, "ec2", [{"InstanceId": "i-0"}, {"InstanceId": "i-1"}], NEED)
    assert [[each["arn"] for each in facts[NEED]] for facts in told] == [["e00", "e11"], []]
    asked = door.asked[0].params["filter"]
    assert (asked["eventStatusCodes"], asked["eventTypeCodes"]) == (["open", "upcoming"], ["AWS_EC2_X"])
    assert "i-0" in asked["entityValues"]
    assert len(door.asked) == 3


def test_many_resources_are_not_named() -> None:
    connection, door = at(health)
    gathered(connection, "ec2", [{"InstanceId": f"i-{n}"} for n in range(60)], HealthNeed())
    assert "entityValues" not in door.asked[0].params["filter"]
    assert "eventTypeCodes" not in door.asked[0].params["filter"]


def test_refusal_is_unknown() -> None:
    def refuse(call: Call) -> Json:
        raise refused(call, "SubscriptionRequiredException", FailureKind.DENIED)

    connection, _ = at(refuse)
    (told,) = gathered(connection, "ec2", [{"InstanceId": "i-0"}], NEED)
    assert isinstance(told[NEED], Failed)
