"""Calls and changes to JSON and back: nothing is lost, whatever AWS puts into them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.model.call import Call
from engine.model.change import Batching, Change, Check
from engine.model.codec import call_json, call_of_json, change_json, change_of_json, plain, revived, scope_json
from engine.model.json import Json
from engine.model.resource import ResourceRef
from engine.model.scope import Scope

SCOPE = Scope("123456789012", "us-east-1", "audit")

PLAIN = [
    ({"a": 1, "b": [True, None, "x", 1.5]}, {"a": 1, "b": [True, None, "x", 1.5]}),
    (datetime(2026, 11, 21, 9, tzinfo=UTC), {"$date": "2026-11-21T09:00:00+00:00"}),
    (date(2026, 11, 21), {"$date": "2026-11-21"}),
    (b"\x00\xff", {"$bytes": "AP8="}),
    (("a", "b"), ["a", "b"]),
    (frozenset({"a"}), ["a"]),
    ({1: {"when": date(2026, 1, 2)}}, {"1": {"when": {"$date": "2026-01-02"}}}),
]


@pytest.mark.parametrize(("value", "expected"), PLAIN)
def test_what_json_lacks(value: Json, expected: Json) -> None:
    assert plain(value) == expected


@pytest.mark.parametrize("value", [value for value, _ in PLAIN[:4]])
def test_dates_and_bytes_come_back(value: Json) -> None:
    assert revived(json.loads(json.dumps(plain(value)))) == value


@pytest.mark.parametrize("value", [{"$date": "2026-01-01", "also": 1}, {"$other": "x"}, {"date": "2026-01-01"}])
def test_what_only_looks_like_a_date_stays(value: Json) -> None:
    assert revived(value) == value


LEAVES = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.text()
    | some.binary()
    | some.dates()
    | some.datetimes(timezones=some.just(UTC))
)
KEYS = some.text().filter(lambda key: not key.startswith("$"))
VALUES = some.recursive(
    LEAVES, lambda inner: some.lists(inner, max_size=3) | some.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


@given(VALUES)
def test_anything_comes_back_as_it_was(value: Json) -> None:
    assert revived(json.loads(json.dumps(plain(value)))) == value


def call(operation: str, **params: Json) -> Call:
    return Call("ec2", operation, params, SCOPE)


CHANGES = [
    Change(ResourceRef("ec2", SCOPE, "i-1"), "stop", (call("StopInstances", InstanceIds=["i-1"]),)),
    Change(
        ResourceRef("ebs", SCOPE, "vol-1"),
        "modify",
        (call("CreateSnapshot", At=datetime(2026, 1, 1, tzinfo=UTC)), call("ModifyVolume", Body=b"x")),
        before={"VolumeType": "gp2", "CreateTime": datetime(2025, 1, 1, tzinfo=UTC)},
        after={"VolumeType": "gp3", "CreateTime": None},
        inverse=(call("ModifyVolume", VolumeType="gp2"),),
        batching=Batching("VolumeIds", 50, "Failed"),
        done=Check("VolumeType == `gp3`", gone=True),
        destructive=True,
        unseen=(1, 0),
    ),
    Change(ResourceRef("s3", SCOPE, "b"), "delete", (call("DeleteBucket"),), irreversible="it is gone"),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.action)
def test_a_change_comes_back_as_it_was(change: Change) -> None:
    assert change_of_json(json.loads(json.dumps(change_json(change)))) == change


def test_a_call_and_its_scope() -> None:
    made = call_json(call("X", A=1))
    assert made == {"service": "ec2", "operation": "X", "params": {"A": 1}, "scope": scope_json(SCOPE)}
    assert made["scope"] == {"account": "123456789012", "region": "us-east-1", "target": "audit"}
    assert call_of_json(made) == call("X", A=1)
