"""The action that a record's operation makes: its options, its calls, what it leaves alone, its way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.model.change import Batching, Change, Check, Skip
from engine.model.json import Json
from engine.model.need import FacetNeed, Need
from engine.model.node import node_of
from engine.model.record import Facet, NewTags, Operation, Option, ResourceType
from engine.plugin.calling import pruned
from engine.plugin.operate import Operate
from engine.plugin.params import Reading
from engine.plugin.paths import bound
from engine.plugin.protocols import Setting
from tests.engine.filters.views import PlainView

from .records import SCOPE, thing

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
IDS = {"Ids": ["Id"]}
SIZE = Option("integer", to="Size", required=True, least=1, most=10)
SET = Operation(
    "SetSize",
    {"Id": "Id"},
    options={"size": SIZE},
    undo="set-size",
    keep={"size": "Size"},
    after={"Size": "_options.size"},
)
STOP = Operation(
    "StopThings",
    IDS,
    when="State == 'on'",
    when_says="is not on",
    batch="Ids",
    most=50,
    undo="start",
    done="State == 'off'",
    after={"State": "'off'"},
)
START = Operation("StartThings", IDS, undo="stop")
DELETE = Operation("DeleteThing", {"Id": "Id"}, undo="none: it is gone", gone=True, destructive=True)


def type_with(**operations: Operation) -> ResourceType:
    return thing(
        tags=None,
        operations={word.replace("_", "-"): each for word, each in operations.items()},
        facets={"size": Facet("GetSize", {"Id": "Id"}, attribute="Size")},
    )


def wanted(
    word: str,
    type: ResourceType,
    options: dict[str, Json] | None = None,
    facts: dict[Need, Json] | None = None,
    **attributes: Json,
) -> Change | Skip:
    """What the operation does to a thing with these attributes."""
    given = {"Id": "t-1", **attributes}
    operation = type.operations[word]
    filled = {name: option.default for name, option in operation.options.items() if option.default is not None}
    piece = Operate(word, operation, {**filled, **(options or {})})
    return piece.change(PlainView(given, facts), Setting(type, SCOPE, NOW, {"name": "p"}))


def change(*given: Any, **more: Any) -> Change:
    found = wanted(*given, **more)
    assert isinstance(found, Change), found
    return found


def calls(found: Change) -> list[tuple[str, Json]]:
    return [(call.operation, call.params) for call in found.calls]


def test_a_call_with_its_way_back() -> None:
    found = change("stop", type_with(stop=STOP, start=START), State="on")
    assert calls(found) == [("StopThings", {"Ids": ["t-1"]})]
    assert [(c.operation, c.params) for c in found.inverse] == [("StartThings", {"Ids": ["t-1"]})]
    assert (found.before, found.after) == ({"State": "on"}, {"State": "off"})
    assert (found.batching, found.done) == (Batching("Ids", 50), Check("State == 'off'"))
    assert not found.destructive


@pytest.mark.parametrize(("state", "reason"), [("off", "is not on"), (None, "is not on")])
def test_what_the_guard_leaves_alone(state: Json, reason: str) -> None:
    found = wanted("stop", type_with(stop=STOP, start=START), State=state)
    assert isinstance(found, Skip)
    assert found.reason == reason


def test_a_guard_without_words_tells_its_path() -> None:
    found = wanted("stop", type_with(stop=replace(STOP, when_says="")), State="off")
    assert isinstance(found, Skip)
    assert found.reason == "it is not so that State == 'on'"


SIZED = FacetNeed("size")


def test_what_was_is_written_back() -> None:
    found = change("set-size", type_with(set_size=SET), {"size": 5}, {SIZED: 3}, Size=3)
    assert calls(found) == [("SetSize", {"Id": "t-1", "Size": 5})]
    assert found.inverse[0].params == {"Id": "t-1", "Size": 3}
    assert (found.before, found.after) == ({"Size": 3}, {"Size": 5})


def test_what_is_so_already_is_left_alone() -> None:
    found = wanted("set-size", type_with(set_size=SET), {"size": 3}, {SIZED: 3}, Size=3)
    assert isinstance(found, Skip)
    assert found.reason == "it is so already"


def test_what_was_not_read_cannot_be_written_back() -> None:
    """The fact is missing: the change may be made, but not undone."""
    from engine.model.verdict import unknown
    from engine.plugin.protocols import Missing

    class Denied(PlainView):
        def fact(self, need: Need) -> Json:
            raise Missing(unknown("GetSize is denied"))

    piece = Operate("set-size", SET, {"size": 5})
    found = piece.change(Denied({"Id": "t-1"}), Setting(type_with(set_size=SET), SCOPE, NOW, {}))
    assert isinstance(found, Change)
    assert (found.inverse, found.irreversible) == ((), "the value it had before is not known: GetSize is denied")


def test_what_was_not_there_cannot_be_written_back() -> None:
    found = change("set-size", type_with(set_size=SET), {"size": 5}, {SIZED: None})
    assert (found.inverse, found.irreversible) == ((), "the value it had before is not known (size)")


@pytest.mark.parametrize(
    ("given", "back", "reason"),
    [
        ({"Size": 5}, {"Id": "t-1", "Size": 3}, ""),
        ({"Size": 5, "Password": "x"}, None, "the value it had before is not known (Password)"),
    ],
)
def test_a_table_is_written_back_as_a_whole_or_not_at_all(given: dict[str, Json], back: Json, reason: str) -> None:
    """A setting that cannot be read would stay as it was set: that is no way back."""
    options = {"settings": Option("object", to="*", required=True)}
    update = Operation("SetThing", {"Id": "Id"}, options=options, undo="update", keep={"settings": "Settings"})
    found = change("update", type_with(update=update), {"settings": given}, Settings={"Size": 3, "Colour": "red"})
    assert ([call.params for call in found.inverse], found.irreversible) == ([back] if back else [], reason)


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (DELETE, "it is gone"),
        (replace(DELETE, undo="none"), "AWS offers no way back"),
        (replace(DELETE, undo=""), "its record names no inverse"),
        (replace(DELETE, undo="nowhere"), "its record names no inverse"),
    ],
)
def test_why_there_is_no_way_back(operation: Operation, reason: str) -> None:
    found = change("delete", type_with(delete=operation))
    assert (found.inverse, found.irreversible) == ((), reason)


def test_what_goes_is_gone() -> None:
    found = change("delete", type_with(delete=DELETE))
    assert (found.before, found.after, found.done) == ({"exists": True}, {"exists": None}, Check("", gone=True))
    assert found.destructive


PLACED = {
    "plain": Option("string", to="A.B"),
    "spread": Option("any", to="*"),
    "pairs": Option("object", to="Attributes", form="pairs"),
    "seen": Option("string"),
    "default": Option("boolean", to="D", default=True),
}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {"D": True}),
        ({"plain": "x"}, {"A": {"B": "x"}, "D": True}),
        ({"spread": {"X": 1, "Y": None}}, {"X": 1, "D": True}),
        ({"spread": [{"property": "X", "value": 1}]}, {"X": 1, "D": True}),
        ({"pairs": {"k": True, "n": 5, "none": None}}, {"Attributes": [{"Key": "k", "Value": "true"}, {"Key": "n", "Value": "5"}], "D": True}),
        ({"seen": "x"}, {"Seen": "x", "D": True}),
        ({"default": False}, {"D": False}),
    ],
)  # fmt: skip
def test_where_options_go(options: dict[str, Json], expected: Json) -> None:
    operation = Operation("Do", {"Seen": "_options.seen"}, options=PLACED)
    assert calls(change("do", type_with(do=operation), options)) == [("Do", expected)]


@pytest.mark.parametrize(
    ("copy", "tags", "expected"),
    [
        (None, None, None),
        (["Owner"], None, {"Owner": "ana"}),
        (["*"], {"Owner": "bob"}, {"Owner": "bob", "Team": "x"}),
        (True, {"Owner": "bob"}, {"Owner": "bob", "Team": "x"}),
        ([], {"By": "p"}, {"By": "p"}),
        (["Nope"], None, None),
    ],
)
def test_tags_on_what_is_made(copy: Json, tags: Json, expected: dict[str, str] | None) -> None:
    operation = Operation(
        "Copy",
        {"Id": "Id"},
        options={"copy-tags": Option("array"), "tags": Option("object")},
        new_tags=NewTags("TagSpecifications", "copy"),
    )
    own = [{"Key": "Owner", "Value": "ana"}, {"Key": "Team", "Value": "x"}]
    ((_, params),) = calls(change("copy", type_with(copy=operation), {"copy-tags": copy, "tags": tags}, Tags=own))
    pairs = [{"Key": k, "Value": v} for k, v in (expected or {}).items()]
    assert params.get("TagSpecifications") == ([{"ResourceType": "copy", "Tags": pairs}] if pairs else None)


def test_another_operation_stands_in() -> None:
    """The first whose condition holds; its own guard and way back are asked then."""
    stop = replace(
        STOP, instead={"_options.kill && Kind == 'brief'": "delete"}, options={"kill": Option("boolean", default=False)}
    )
    type = type_with(stop=stop, start=START, delete=DELETE)
    assert calls(change("stop", type, {"kill": True}, Kind="brief", State="off")) == [("DeleteThing", {"Id": "t-1"})]
    assert calls(change("stop", type, {"kill": True}, State="on")) == [("StopThings", {"Ids": ["t-1"]})]
    assert calls(change("stop", type, Kind="brief", State="on")) == [("StopThings", {"Ids": ["t-1"]})]


def test_operations_beforehand() -> None:
    """Only where they apply; a change with several calls is not batched."""
    stop = replace(STOP, before_it={"force": ("unlock",)}, options={"force": Option("boolean", default=False)})
    type = type_with(stop=stop, start=START, unlock=Operation("Unlock", {"Id": "Id"}, when="Locked", hidden=True))
    forced = change("stop", type, {"force": True}, State="on", Locked=True)
    assert [name for name, _ in calls(forced)] == ["Unlock", "StopThings"]
    assert forced.batching is None
    assert [name for name, _ in calls(change("stop", type, {"force": True}, State="on", Locked=False))] == [
        "StopThings"
    ]
    assert [name for name, _ in calls(change("stop", type, State="on", Locked=True))] == ["StopThings"]


def test_operations_afterwards_do_not_show() -> None:
    """What is done after the operation's own call, there and back, is not told by what the resource shows."""
    stop = replace(STOP, before_it={"Locked": ("unlock",)}, after_it={"Noisy": ("hush",)})
    unlock = Operation("Unlock", {"Id": "Id"}, undo="lock", hidden=True)
    hush = Operation("Hush", {"Id": "Id"}, undo="sound", hidden=True)
    others = {"lock": Operation("Lock", {"Id": "Id"}, hidden=True), "sound": Operation("Sound", {"Id": "Id"})}
    type = type_with(stop=stop, start=START, unlock=unlock, hush=hush, **others)
    found = change("stop", type, State="on", Locked=True, Noisy=True)
    assert [name for name, _ in calls(found)] == ["Unlock", "StopThings", "Hush"]
    assert [call.operation for call in found.inverse] == ["StartThings", "Sound", "Lock"]
    assert found.unseen == (1, 2)
    assert change("stop", type, State="on", Locked=True).unseen == (0, 1)


def test_what_an_earlier_operation_shows_does_not_show_the_own_call() -> None:
    """A group's processes are suspended, then its instances stopped: only the processes show. A later call may show."""
    pause = Operation("Pause", {"Id": "Id"}, after={"State": "'off'"}, hidden=True)
    stop = replace(STOP, done="", before_it={"Paused": ("pause",)}, after_it={"Late": ("pause",)}, undo="none: no")
    type = type_with(stop=stop, pause=pause)
    assert change("stop", type, State="on", Paused=True).unseen == (1, 0)
    assert change("stop", type, State="on").unseen == (0, 0)
    assert change("stop", type, State="on", Paused=True, Late=True).unseen == (0, 0)


def test_a_call_in_the_resources_own_region() -> None:
    found = change(
        "stop", type_with(stop=replace(STOP, region="Where", service="other")), State="on", Where="us-west-2"
    )
    assert (found.calls[0].scope.region, found.calls[0].service) == ("us-west-2", "other")
    assert change("stop", type_with(stop=replace(STOP, region="Where")), State="on").calls[0].scope == SCOPE


def test_what_paths_may_read_besides() -> None:
    seen = {"A": "_account", "R": "_region", "P": "_partition", "N": "_policy", "T": "_now"}
    ((_, params),) = calls(change("do", type_with(do=Operation("Do", seen))))
    assert params == {"A": "123456789012", "R": "eu-west-1", "P": "aws", "N": "p", "T": "2026-11-21-09-30"}


def test_needs() -> None:
    """What the inverse reads is wanted; what the guard and the parameters read must be known."""
    type = type_with(set_size=SET, shrink=replace(SET, when="Size > `1`"))
    assert Operate("set-size", SET, {}).needs(type) == {SIZED}
    assert Operate("set-size", SET, {}).must_know(type) == frozenset()
    assert Operate("shrink", type.operations["shrink"], {}).must_know(type) == {SIZED}


OPTIONS = {
    "size": SIZE,
    "mode": Option("string", enum=("fast", "slow"), says="how"),
    "tags": Option("object"),
    "count": Option("number", default=2),
}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"size": 5}, {"size": 5, "count": 2}),
        ({"type": "resize", "size": 5.0, "count": 1.5}, {"size": 5.0, "count": 1.5}),
        ({"size": 5, "mode": "fast", "tags": {}}, {"size": 5, "mode": "fast", "tags": {}, "count": 2}),
        ({}, ["C211 action 'resize' needs 'size'"]),
        ({"size": "5"}, ["C212 'size' of action 'resize' is the string '5', not a whole number"]),
        ({"size": True}, ["C212 'size' of action 'resize' is true, not a whole number"]),
        ({"size": 0}, ["C214 'size' of action 'resize' is 0, not from 1 to 10"]),
        ({"size": 5, "mode": "fats"}, ["C213 'mode' of action 'resize' cannot be the string 'fats'"]),
        ({"size": 5, "tags": []}, ["C212 'tags' of action 'resize' is a list, not a mapping"]),
        ({"sise": 5}, ["C210 unknown option 'sise' of action 'resize'", "C211 action 'resize' needs 'size'"]),
    ],
)
def test_reading_options(data: Json, expected: Json) -> None:
    reading = Reading()
    found = Operate.read("resize", Operation("R", {}, options=OPTIONS), node_of(data), "action 'resize'", reading)
    said = [f"{d.code} {d.summary}" for d in reading.diagnostics]
    if isinstance(expected, list):
        assert (found, said) == (None, expected)
    else:
        assert found is not None
        assert (found.options, said) == (expected, [])


def test_an_operation_without_options_says_so() -> None:
    reading = Reading()
    Operate.read("stop", Operation("S", {}), node_of({"force": True}), "action 'stop'", reading)
    assert [d.summary for d in reading.diagnostics] == ["action 'stop' takes no options"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": None, "b": 1}, {"b": 1}),
        ({"a": {"b": None}}, {}),
        ({"a": {}}, {"a": {}}),
        ({"a": [None, {"b": None, "c": 0}]}, {"a": [{"c": 0}]}),
        ({"a": False, "b": 0, "c": ""}, {"a": False, "b": 0, "c": ""}),
    ],
)
def test_nulls_are_not_sent(value: Json, expected: Json) -> None:
    assert pruned(value) == expected


@pytest.mark.parametrize(
    ("expression", "options", "expected"),
    [
        ("Size == _options.size", {"size": 5}, "Size == `5`"),
        ('Name == _options."a-b"', {"a-b": 'x"`y'}, 'Name == `"x\\"\\`y"`'),
        ("X == _options.none", {}, "X == `null`"),
        ("X == 'y'", {"x": 1}, "X == 'y'"),
    ],
)
def test_options_are_written_into_expressions(expression: str, options: dict[str, Json], expected: str) -> None:
    assert bound(expression, options) == expected
