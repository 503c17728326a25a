"""The calls of an operation: one for each of a list, those before and after, what they wait for, terms, and undoing."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.model.call import Call
from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.model.record import Operation, Option, Pause, ResourceType, Sweep
from engine.model.resource import Resource, ResourceRef
from engine.model.scope import Scope
from engine.plugin.calling import may_hold
from engine.plugin.operate import Operate
from engine.plugin.protocols import Setting
from providers.aws import PROVIDER

SCOPE = Scope("123456789012", "us-east-1")
EC2 = PROVIDER.type("ec2")


class Seen:
    """A view of attributes alone."""

    def __init__(self, attributes: dict[str, Json]) -> None:
        self.resource = Resource(ResourceRef("thing", SCOPE, "t"), attributes)
        self.attributes = attributes

    def fact(self, need: object) -> Json:
        return None


def option(type: str = "boolean", **more: Any) -> Option:
    return Option(type, **more)


def wanted(operations: dict[str, Operation], attributes: dict[str, Json], **options: Json) -> Change | Skip:
    """What the operation `do` wants on a resource."""
    type: ResourceType = dataclasses.replace(EC2, operations=operations, facets={})
    setting = Setting(type, SCOPE, datetime(2026, 11, 21, tzinfo=UTC))
    return Operate("do", operations["do"], options).change(Seen(attributes), setting)


def told(calls: tuple[Call, ...]) -> list[tuple[str, dict[str, Json]]]:
    return [(call.operation, call.params) for call in calls]


def made(operations: dict[str, Operation], attributes: dict[str, Json], **options: Json) -> Change:
    change = wanted(operations, attributes, **options)
    assert isinstance(change, Change), change
    return change


PART = Operation("DeletePart", {"Part": "_each.Id"}, each="Parts", hidden=True, undo="none: it is a part")
NOTE = Operation("Note", {"Name": "_terms.name"}, when="Name", hidden=True, undo="forget", keep={"name": "Name"})
FORGET = Operation("Forget", {"Name": "_options.name"}, options={"name": option("string", required=True)}, hidden=True)
DO = Operation(
    "Delete", {"Id": "Id"}, options={"force": option(default=False), "note": option("string")},
    before_it={"force": ("parts",)}, after_it={"_options.note": ("note",)}, terms={"name": "join('-', [Name, 'x'])"},
    undo="back", keep={"id": "Id"},
)  # fmt: skip
BACK = Operation("Make", {}, options={"id": option("string", to="Id")}, hidden=True, undo="do")
ALL = {"do": DO, "parts": PART, "note": NOTE, "forget": FORGET, "back": BACK}
THING = {"Id": "t", "Name": "n", "Parts": [{"Id": "a"}, {"Id": "b"}]}


@pytest.mark.parametrize(
    ("options", "attributes", "expected"),
    [
        ({}, THING, ["Delete"]),
        ({"force": True}, THING, ["DeletePart", "DeletePart", "Delete"]),
        ({"force": True}, {**THING, "Parts": []}, ["Delete"]),
        ({"force": True}, {"Id": "t"}, ["Delete"]),
        ({"note": "x"}, THING, ["Delete", "Note"]),
        ({"note": "x"}, {"Id": "t"}, ["Delete"]),
        ({"force": True, "note": "x"}, THING, ["DeletePart", "DeletePart", "Delete", "Note"]),
    ],
)
def test_before_and_after(options: dict[str, Json], attributes: dict[str, Json], expected: list[str]) -> None:
    assert [name for name, _ in told(made(ALL, attributes, **options).calls)] == expected


def test_elements_and_terms_reach_the_parameters() -> None:
    calls = told(made(ALL, THING, force=True, note="x").calls)
    assert calls == [
        ("DeletePart", {"Part": "a"}),
        ("DeletePart", {"Part": "b"}),
        ("Delete", {"Id": "t"}),
        ("Note", {"Name": "n-x"}),
    ]


def test_what_goes_with_it_is_taken_back_too() -> None:
    assert told(made(ALL, THING, note="x").inverse) == [("Make", {"Id": "t"}), ("Forget", {"Name": "n"})]
    assert told(made(ALL, THING).inverse) == [("Make", {"Id": "t"})]


def test_nothing_to_do_is_a_skip() -> None:
    skip = wanted({"do": dataclasses.replace(PART, hidden=False)}, {"Id": "t", "Parts": []})
    assert isinstance(skip, Skip)
    assert skip.reason == "it has nothing of that"


def test_it_waits_only_after_another_call() -> None:
    waiting = dataclasses.replace(
        DO, wait=Pause(60, "DescribeInstanceStatus", {"InstanceIds": ["Id"]}, "A[0].B == 'c'"), undo="none: no"
    )
    first, *_ = made({**ALL, "do": waiting}, THING).calls
    assert first.wait is None
    *_, last = made({**ALL, "do": waiting}, THING, force=True).calls
    assert last.wait is not None
    assert last.wait.call is not None
    assert (last.wait.seconds, last.wait.call.params) == (60, {"InstanceIds": ["t"]})


def test_a_pause_of_an_option_and_none() -> None:
    pausing = dataclasses.replace(
        DO, options={**DO.options, "delay": option("number")}, wait=Pause("_options.delay"), undo="none: no"
    )
    for delay, seconds in ((30, 30.0), (0, None)):
        *_, last = made({**ALL, "do": pausing}, THING, force=True, delay=delay).calls
        assert (last.wait.seconds if last.wait else None) == seconds


def test_a_sweep_names_its_listing() -> None:
    sweep = Sweep("ListParts", {"Of": "Id"}, "Parts", "Parts", 100, "Errors")
    (call,) = made({"do": Operation("DeleteParts", {"Of": "Id"}, over=sweep, undo="none: no")}, THING).calls
    assert call.sweep is not None
    assert (call.sweep.call.operation, call.sweep.call.params) == ("ListParts", {"Of": "t"})
    assert (call.sweep.items, call.sweep.param, call.sweep.most, call.sweep.failures) == (
        "Parts",
        "Parts",
        100,
        "Errors",
    )


def test_options_are_seen_inside_a_filter() -> None:
    op = Operation("Do", {"Value": "(Tags[?Key == _options.tag].Value)[0]"}, options={"tag": option("string")})
    change = made({"do": dataclasses.replace(op, undo="none: no")}, {"Tags": [{"Key": "b", "Value": "2"}]}, tag="b")
    assert told(change.calls) == [("Do", {"Value": "2"})]


def test_settings_that_are_so_already_are_left_alone() -> None:
    op = Operation("Modify", {}, options={"update": option("object", to="*")}, undo="none: no")
    assert isinstance(wanted({"do": op}, {"A": 1, "B": 2}, update={"A": 1, "B": 2}), Skip)
    assert told(made({"do": op}, {"A": 1, "B": 2}, update={"A": 1, "B": 3}).calls) == [("Modify", {"A": 1, "B": 3})]
    assert told(made({"do": op}, {"A": 1}, update={"C": None}).calls) == [("Modify", {})]
    pairs = dataclasses.replace(op, options={"update": option("array", to="*")})
    assert isinstance(wanted({"do": pairs}, {"A": 1}, update=[{"property": "A", "value": 1}]), Skip)


@pytest.mark.parametrize(
    ("condition", "options", "expected"),
    [
        ("force", {}, False),
        ("force", {"force": True}, True),
        ("`true`", {}, True),
        ("_options.note == 'x'", {"note": "x"}, True),
        ("_options.note == 'x'", {"note": "y"}, False),
        ("Name", {}, True),
        ("_options.note && Name", {}, False),
        ("_options.note && Name", {"note": "x"}, True),
        ("!(_options.note) && Name", {}, True),
    ],
)
def test_may_hold(condition: str, options: dict[str, Json], expected: bool) -> None:
    assert may_hold(condition, DO, options) is expected
