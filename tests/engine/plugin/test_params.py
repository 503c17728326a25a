"""One class is the reader, the schema and the page of a piece's options."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import jsonschema
import pytest

from engine.model.diagnostic import Message
from engine.model.json import Json
from engine.model.node import Node, node_of
from engine.plugin.params import (
    Problem,
    Reading,
    Says,
    Tree,
    limits_text,
    parameters,
    problems_of,
    quoted,
    read,
    schema_of,
)


@dataclass(frozen=True, slots=True)
class Inner:
    """Options inside options."""

    of: Annotated[str, Says("whose")]


@dataclass(frozen=True, slots=True)
class Options:
    """One of each kind."""

    name: Annotated[str, Says("a name")]
    days: Annotated[float, Says("window", unit="days", least=1, most=455)] = 14
    count: Annotated[int | None, Says("how many", least=0)] = None
    flag: bool = False
    when: date | None = None
    form: Annotated[Literal["a", "b", 3], Says("form")] = "a"
    names: tuple[str, ...] = ()
    table: Annotated[dict[str, int] | None, Says("numbers")] = None
    inner: Annotated[Inner | tuple[Inner, ...] | None, Says("more")] = None
    missing_value: Annotated[float | None, Says("instead", key="missing-value")] = None
    node: Node | None = None
    preset: Annotated[int, Says("only records", key="-preset")] = 0


def told(cls: type, data: Json, **more: Json) -> tuple[object, list[str]]:
    """(the instance, code, summary and hint of every problem)."""
    reading = Reading(policy="p")
    found = read(cls, node_of(data), "filter 'x'", reading, **more)
    assert {d.policy for d in reading.diagnostics} <= {"p"}
    return found, [f"{d.code} {d.summary} ({d.hint})" for d in reading.diagnostics]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"name": "x"}, Options("x")),
        ({"name": "x", "days": 7, "count": 3.0, "flag": True}, Options("x", days=7, count=3, flag=True)),
        ({"name": "x", "form": 3, "names": ["a", "b"], "table": {"k": 1}}, Options("x", form=3, names=("a", "b"), table={"k": 1})),
        ({"name": "x", "inner": {"of": "y"}}, Options("x", inner=Inner("y"))),
        ({"name": "x", "inner": [{"of": "y"}, {"of": "z"}]}, Options("x", inner=(Inner("y"), Inner("z")))),
        ({"name": "x", "missing-value": None, "when": date(2026, 1, 1)}, Options("x", when=date(2026, 1, 1))),
        ({"name": "x", "node": {"any": ["thing"]}}, Options("x", node=node_of({"any": ["thing"]}))),
    ],
)  # fmt: skip
def test_what_is_right(data: Json, expected: Options) -> None:
    assert told(Options, data) == (expected, [])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, "C211 filter 'x' needs 'name' (a name)"),
        ({"name": 5}, "C212 'name' of filter 'x' is 5, not a string (a name)"),
        ({"name": None}, "C212 'name' of filter 'x' is null, not a string (a name)"),
        ({"name": "x", "day": 1}, "C210 unknown option 'day' of filter 'x' (did you mean 'days'?)"),
        ({"name": "x", "days": "seven"}, "C212 'days' of filter 'x' is the string 'seven', not a number (window)"),
        ({"name": "x", "days": True}, "C212 'days' of filter 'x' is true, not a number (window)"),
        ({"name": "x", "days": 0}, "C214 'days' of filter 'x' is 0, not from 1 to 455 (window)"),
        ({"name": "x", "days": 456}, "C214 'days' of filter 'x' is 456, not from 1 to 455 (window)"),
        ({"name": "x", "count": -1}, "C214 'count' of filter 'x' is -1, not at least 0 (how many)"),
        ({"name": "x", "count": 1.5}, "C212 'count' of filter 'x' is 1.5, not a whole number or null (how many)"),
        ({"name": "x", "form": "c"}, "C213 'form' of filter 'x' cannot be the string 'c' (expected one of: a, b, 3)"),
        ({"name": "x", "form": "3"}, "C213 'form' of filter 'x' cannot be the string '3' (did you mean '3'?)"),
        ({"name": "x", "form": []}, "C212 'form' of filter 'x' is a list, not one of a, b, 3 (form)"),
        ({"name": "x", "names": "a"}, "C212 'names' of filter 'x' is the string 'a', not a list ()"),
        ({"name": "x", "names": ["a", 1]}, "C212 'names[1]' of filter 'x' is 1, not a string ()"),
        ({"name": "x", "table": {"k": "v"}}, "C212 'table.k' of filter 'x' is the string 'v', not a whole number ()"),
        ({"name": "x", "inner": {"off": "y", "of": "z"}}, "C210 unknown option 'off' of 'inner' of filter 'x' (did you mean 'of'?)"),
        ({"name": "x", "inner": [{}]}, "C211 'inner[0]' of filter 'x' needs 'of' (whose)"),
        ({"name": "x", "missing_value": 1}, "C210 unknown option 'missing_value' of filter 'x' (did you mean 'missing-value'?)"),
        ({"name": "x", "-preset": 1}, "C210 unknown option '-preset' of filter 'x' (options are: count, days, flag, form, inner, missing-value, name, names, node, table, when)"),
    ],
)  # fmt: skip
def test_what_is_wrong(data: Json, expected: str) -> None:
    assert told(Options, data) == (None, [expected])


def test_all_problems_at_once() -> None:
    assert len(told(Options, {"day": 1, "days": 0, "flag": 1})[1]) == 4


def test_the_callers_keys_are_left_to_it() -> None:
    assert told(Options, {"name": "x", "type": "y"}, ignore=("type",)) == (Options("x"), [])


def test_presets_stand_unless_given() -> None:
    presets = {"name": "preset", "preset": 7}
    assert told(Options, {}, presets=presets) == (Options("preset", preset=7), [])
    assert told(Options, {"name": "x"}, presets=presets) == (Options("x", preset=7), [])


@dataclass(frozen=True, slots=True)
class Nested:
    """Holds filters."""

    attrs: tuple[Tree, ...] = ()


def test_filters_inside_are_read_by_whoever_can() -> None:
    reading = Reading(read_filter=lambda node: f"tree of {node.value}")
    assert read(Nested, node_of({"attrs": ["a", "b"]}), "x", reading) == Nested(("tree of a", "tree of b"))
    refusing = Reading()
    refusing.read_filter = lambda node: refusing.add(Message("C201", "unknown filter").at(node.span))
    assert read(Nested, node_of({"attrs": ["a"]}), "x", refusing) is None
    with pytest.raises(TypeError, match="cannot be read here"):
        read(Nested, node_of({"attrs": ["a"]}), "x", Reading())


@dataclass(frozen=True, slots=True)
class Careful:
    """Looks at its options taken together."""

    low: int = 0
    high: int = 0

    def problems(self) -> Iterator[Problem]:
        """Those that do not fit."""
        if self.low > self.high:
            yield Problem("low", "low is above high", "swap them")


@pytest.mark.parametrize(
    ("data", "expected"), [({"low": 2, "high": 1}, ["C215 x: low is above high (swap them)"]), ({"high": 1}, [])]
)
def test_options_taken_together(data: Json, expected: list[str]) -> None:
    reading = Reading()
    node = node_of(data)
    piece = read(Careful, node, "x", reading)
    problems_of(piece, node, "x", reading)
    assert [f"{d.code} {d.summary} ({d.hint})" for d in reading.diagnostics] == expected


@pytest.mark.parametrize(
    ("value", "text", "plain"),
    [
        ("x", "the string 'x'", "x"),
        ("x" * 61, f"the string '{'x' * 59}…'", "x" * 59 + "…"),
        (5, "5", "5"),
        (10**50, "a number of more than 38 digits", "a number of more than 38 digits"),
        (True, "true", "true"),
        (None, "null", "null"),
        ([], "a list", "a list"),
        ({}, "a mapping", "a mapping"),
        (date(2026, 1, 2), "the date 2026-01-02", "2026-01-02"),
    ],
)
def test_values_in_messages(value: Json, text: str, plain: str) -> None:
    assert (quoted(node_of(value)), quoted(node_of(value), plain=True)) == (text, plain)


@pytest.mark.parametrize(
    ("low", "high", "text"), [(0, 100, "from 0 to 100"), (1, None, "at least 1"), (None, 5, "at most 5")]
)
def test_limits_in_messages(low: float | None, high: float | None, text: str) -> None:
    assert limits_text(low, high) == text


def test_parameters_in_their_order() -> None:
    found = {p.key: p for p in parameters(Options)}
    assert list(found)[:2] == ["name", "days"]
    assert (found["name"].required, found["days"].required, found["days"].default) == (True, False, 14)
    assert [p.key for p in found.values() if p.hidden] == ["-preset"]


SAMPLES: list[Json] = [
    {"name": "x"}, {"name": 5}, {}, {"name": "x", "days": 0}, {"name": "x", "days": 7.5}, {"name": "x", "form": "c"}, {"name": "x", "form": 3},
    {"name": "x", "names": ["a"]}, {"name": "x", "names": [1]}, {"name": "x", "table": {"k": 1}}, {"name": "x", "table": {"k": "v"}},
    {"name": "x", "inner": {"of": "y"}}, {"name": "x", "inner": {}}, {"name": "x", "nope": 1}, {"name": "x", "count": -1}, {"name": "x", "flag": "yes"},
]  # fmt: skip


@pytest.mark.parametrize("data", SAMPLES, ids=str)
def test_the_schema_takes_what_the_reader_takes(data: Json) -> None:
    right = not list(jsonschema.Draft7Validator(schema_of(Options)).iter_errors(data))
    assert right is (told(Options, data)[0] is not None)


@dataclass(frozen=True, slots=True)
class Endless:
    """Holds itself."""

    inner: Endless | None = None


def test_a_class_that_holds_itself_has_a_schema() -> None:
    inner = schema_of(Endless)["properties"]["inner"]
    assert inner["anyOf"][0] == {"type": "object"}
