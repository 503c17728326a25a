"""What a resource is called."""

from __future__ import annotations

import pytest

from engine.model.json import Json
from engine.model.listing import Identity
from engine.model.scope import Scope
from engine.plugin.identity import arn_of, fillings, id_of, name_of

from .records import SCOPE, thing

ONE: Json = {"Id": "t-1", "Group": {"Name": "g"}, "Title": "first", "Arn": "arn:x"}
CHINA = Scope("1", "cn-north-1")


@pytest.mark.parametrize(
    ("arn", "attributes", "scope", "expected"),
    [
        (thing().identity.arn, ONE, SCOPE, "arn:aws:things:eu-west-1:123456789012:thing/g/t-1"),
        (thing().identity.arn, ONE, CHINA, "arn:aws-cn:things:cn-north-1:1:thing/g/t-1"),
        (thing().identity.arn, {"Id": "t-1"}, SCOPE, "arn:aws:things:eu-west-1:123456789012:thing//t-1"),
        ("arn:{partition}:x:::{split('-', Id)[1]}", ONE, SCOPE, "arn:aws:x:::1"),
        ("Arn", ONE, SCOPE, "arn:x"),
        ("Arn", {}, SCOPE, ""),
        ("Group", ONE, SCOPE, ""),
        ("", ONE, SCOPE, ""),
    ],
)
def test_arn(arn: str, attributes: Json, scope: Scope, expected: str) -> None:
    assert arn_of(thing(identity=Identity("Id", arn)), attributes, scope) == expected


@pytest.mark.parametrize(
    ("identity", "attributes", "expected"),
    [
        (Identity("Id"), ONE, "t-1"),
        (Identity("Id"), {}, ""),
        (Identity("_account"), ONE, SCOPE.account),
        (Identity("Title", within=("Id",)), ONE, "t-1/first"),  # two parents may have a child of one name
        (Identity("Title", within=("Arn", "Id")), ONE, "arn:x/t-1/first"),
    ],
)
def test_id(identity: Identity, attributes: Json, expected: str) -> None:
    assert id_of(thing(identity=identity), attributes, SCOPE) == expected


TAGGED = [{"Key": "Other", "Value": "x"}, {"Key": "Name", "Value": "tagged"}]


@pytest.mark.parametrize(
    ("name", "attributes", "expected"),
    [
        ("Title", ONE, "first"),
        ("Title", {"Tags": TAGGED}, "tagged"),
        ("Title", {"Title": "", "Tags": TAGGED}, "tagged"),
        ("Title", {"Title": ["no text"]}, ""),
        ("tag:Name", {"Tags": TAGGED, "tag:Name": "x"}, "tagged"),
        ("tag:Name", {"Tags": None}, ""),
        ("", {"Tags": [{"Key": "Name"}]}, ""),
        ("", {}, ""),
    ],
)
def test_name(name: str, attributes: Json, expected: str) -> None:
    assert name_of(thing(identity=Identity("Id", "", name)), attributes) == expected


def test_what_tables_see() -> None:
    assert fillings(thing(), ONE, CHINA) == {
        **ONE,
        "_arn": "arn:aws-cn:things:cn-north-1:1:thing/g/t-1",
        "_account": "1",
        "_region": "cn-north-1",
        "_partition": "aws-cn",
    }
