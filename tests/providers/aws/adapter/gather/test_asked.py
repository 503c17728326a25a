"""Facets asked for with a policy's options."""

from __future__ import annotations

import json

from engine.model.call import Call
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import AskedNeed, FacetNeed
from engine.model.resource import Resource, ResourceRef
from engine.model.scope import Scope
from engine.plugin.protocols import Request, Setting
from providers.aws import PROVIDER

from ..doubles import NOW, at, gathered, refused

ACTIONS = {"actions": ["iam:CreateUser"], "boundaries": True}
NEED = AskedNeed("simulation", json.dumps(ACTIONS))


def function(name: str, role: str) -> dict[str, Json]:
    return {"FunctionName": name, "FunctionArn": f"arn:{name}", "Role": role}


def decide(call: Call) -> Json:
    if call.params["PolicySourceArn"] == "gone":
        raise refused(call, "NoSuchEntity")
    if call.params["PolicySourceArn"] == "secret":
        raise refused(call)
    return {"EvaluationResults": [{"EvalDecision": "allowed"}]}


def test_one_call_for_all_that_ask_the_same() -> None:
    connection, door = at(decide)
    things = [function("a", "one"), function("b", "one"), function("c", "two")]
    told = gathered(connection, "lambda", things, NEED)
    assert [facts[NEED] for facts in told] == [[{"EvalDecision": "allowed"}]] * 3
    assert sorted((call.service, str(call.params)) for call in door.asked) == [
        ("iam", str({"PolicySourceArn": role, "ActionNames": ["iam:CreateUser"]})) for role in ("one", "two")
    ]


def test_who_is_no_more_and_who_may_not_be_asked_about() -> None:
    connection, _ = at(decide)
    gone, secret = gathered(connection, "lambda", [function("a", "gone"), function("b", "secret")], NEED)
    assert gone[NEED] is None
    assert isinstance(secret[NEED], Failed)


def test_what_there_is_nobody_to_ask_about_is_not_asked_about() -> None:
    connection, door = at(decide)
    need = AskedNeed("simulation", json.dumps({**ACTIONS, "boundaries": False}))
    role = {"Roles": [{"Arn": "one"}]}
    things: list[dict[str, Json]] = [{"InstanceId": "i-1", "InstanceProfile": role}, {"InstanceId": "i-2"}]
    told = gathered(connection, "ec2", things, need)
    assert [facts[need] for facts in told] == [[{"EvalDecision": "allowed"}], None]
    (call,) = door.asked
    (override,) = call.params["PermissionsBoundaryPolicyInputList"]
    assert json.loads(override)["Statement"] == [{"Effect": "Allow", "Action": "*", "Resource": "*"}]


def test_a_batch_with_options_and_without() -> None:
    """What options do not give is not sent."""
    connection, door = at(lambda call: {"instanceRecommendations": []})
    given = {"filters": {"Finding": ["Overprovisioned"]}, "recommendation-preferences": None}
    for options in (given, dict.fromkeys(given)):
        need = AskedNeed("compute-optimizer", json.dumps(options))
        assert gathered(connection, "ec2", [{"InstanceId": "i-1"}], need) == [{need: []}]
    first, second = (call.params for call in door.asked)
    assert first["filters"] == [{"name": "Finding", "values": ["Overprovisioned"]}]
    assert set(second) == {"instanceArns"}


def test_the_hub_is_asked_at_its_own_place_about_the_scope() -> None:
    """The region of a facet is where it is asked; the resource's own stays what the paths see."""
    connection, door = at(lambda call: {"items": []})
    need = AskedNeed("cost-optimization", json.dumps({"action": "Stop", "efforts": ["Low"]}))
    type = PROVIDER.type("ec2")
    scope = Scope("123456789012", "eu-west-1")
    resource = Resource(ResourceRef("ec2", scope, "i-1"), {"InstanceId": "i-1"})
    setting = Setting(type, scope, NOW, types=PROVIDER.type)
    connection.gather([Request(need, type, [(resource, resource.attributes)], setting, 1)], lambda *_: None)
    (call,) = door.asked
    assert (call.scope.region, call.params["filter"]["regions"]) == ("us-east-1", ["eu-west-1"])
    assert (call.params["filter"]["actionTypes"], call.params["filter"]["implementationEfforts"]) == (["Stop"], ["Low"])


def test_as_attributes_they_are_null() -> None:
    """A value filter on what only such a word asks for makes no call."""
    connection, door = at(decide)
    needs = [FacetNeed("simulation"), FacetNeed("cost-optimization")]
    assert gathered(connection, "lambda", [function("a", "one")], *needs) == [dict.fromkeys(needs)]
    assert door.asked == []
