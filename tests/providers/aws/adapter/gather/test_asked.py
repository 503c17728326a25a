"""Facets asked for with a policy's options."""

from __future__ import annotations

import json

from engine.model.call import Call
from engine.model.json import Json
from engine.model.need import AskedNeed
from engine.plugin.protocols import Failed

from ..doubles import at, gathered, refused

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
