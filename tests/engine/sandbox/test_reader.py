"""YAML beside the annotations of a dataclass: the value, or every problem with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

import pytest
import yaml

from engine.sandbox.kinds.kind import Names, Region
from engine.sandbox.reader import BAD, Reader, entries_of, entry_of, fields_of, suggest
from engine.sandbox.series import Series


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a thing."""

    called: ClassVar[str] = "a part"

    name: str
    size: int = 1


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One of every annotation that a world uses."""

    called: ClassVar[str] = "a thing"

    name: str
    class_: str = ""
    age: timedelta | None = None
    on: bool = False
    weight: float = 0.0
    mode: Literal["fast", "slow"] = "fast"
    region: Annotated[str, Region()] | None = None
    of: Annotated[str, Names("parts")] | None = None
    all_of: tuple[Annotated[str, Names("parts")], ...] = ()
    parts: tuple[Part, ...] = ()
    one: Part | None = None
    tags: dict[str, str] = field(default_factory=dict)
    cpu: Series | None = None
    policy: object = None


def read(text: str) -> tuple[Any, list[str]]:
    """(the value or BAD, problems as line:column text)."""
    reader = Reader()
    found = reader.read(yaml.compose(text), Thing, "the thing")
    return found, [f"{line}:{column} {what}" for line, column, what in reader.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{name: a}", Thing(name="a")),
        ("{name: 5, class: db.m5, age: 90m, on: true, weight: 2}", Thing(name="5", class_="db.m5", age=timedelta(minutes=90), on=True, weight=2.0)),
        ("{name: a, age: 1.5 d, mode: slow, region: eu-west-1}", Thing(name="a", age=timedelta(hours=36), mode="slow", region="eu-west-1")),
        ("{name: a, of: x, all_of: [x, y]}", Thing(name="a", of="x", all_of=("x", "y"))),
        ("{name: a, parts: [{name: p}, {name: q, size: 3}], one: {name: r}}", Thing(name="a", parts=(Part(name="p"), Part(name="q", size=3)), one=Part(name="r"))),
        ("{name: a, tags: {On: true, N: 05}}", Thing(name="a", tags={"On": "true", "N": "05"})),
        ("{name: a, cpu: 2.5}", Thing(name="a", cpu=Series(mean=2.5))),
        ("{name: a, cpu: {mean: 1, spread: 0.5, days: 3}}", Thing(name="a", cpu=Series(mean=1.0, spread=0.5, days=3))),
        ("{name: a, policy: {S: [1, true, null, 1.5, x]}}", Thing(name="a", policy={"S": [1, True, None, 1.5, "x"]})),
        ("{name: a, age: null, one: ~}", Thing(name="a")),
    ],
)  # fmt: skip
def test_values(text: str, expected: Thing) -> None:
    assert read(text) == (expected, [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{}", "1:1 a thing needs 'name'"),
        ("[]", "1:1 a thing is a list, expected keys with values"),
        ("{name: a, agee: 1d}", "1:11 unknown key 'agee' in a thing; did you mean 'age'?"),
        ("{name: a, zzz: 1d}", "1:11 unknown key 'zzz' in a thing; its keys are age, all_of, class, cpu, mode, name, of, on, one, parts, policy, region, tags, weight"),
        ("{name: a, name: b}", "1:11 'name' is written twice in a thing"),
        ("{name: }", "1:7 'name' of a thing is empty, expected a text"),
        ("{name: [a]}", "1:8 'name' of a thing is a list, expected a text"),
        ("{name: a, age: 5}", "1:16 'age' of a thing is '5', expected a time span such as 90m, 3h, 40d, 2w or 1y"),
        ("{name: a, on: maybe}", "1:15 'on' of a thing is 'maybe', expected true or false"),
        ("{name: a, on: 1}", "1:15 'on' of a thing is '1', expected true or false"),
        ("{name: a, weight: true}", "1:19 'weight' of a thing is 'true', expected a number"),
        ("{name: a, mode: quick}", "1:17 'mode' of a thing is 'quick', expected one of fast, slow"),
        ("{name: a, region: Europe}", "1:19 'region' of a thing is 'Europe', expected a region such as us-east-1"),
        ("{name: a, all_of: x}", "1:19 'all_of' of a thing is 'x', expected a list"),
        ("{name: a, parts: [{name: p, size: 1.5}]}", "1:35 'size' of a part is '1.5', expected a whole number"),
        ("{name: a, parts: [p]}", "1:19 a part is 'p', expected keys with values"),
        ("{name: a, tags: [x]}", "1:17 'tags' of a thing is a list, expected keys with values"),
        ("{name: a, tags: {x: {}}}", "1:21 'x' in 'tags' of a thing is a mapping, expected a text"),
        ("{name: a, cpu: lots}", "1:16 'cpu' of a thing is 'lots', expected a number"),
    ],
)  # fmt: skip
def test_problems(text: str, problem: str) -> None:
    """One each. What is left over or twice is told, and the rest is read."""
    value, problems = read(text)
    assert problems == [problem]
    assert (value is BAD) is not ("unknown key" in problem or "twice" in problem)


def test_a_key_of_tags_twice() -> None:
    assert read("{name: a, tags: {x: 1, x: 2}}")[1] == ["1:24 'x' is written twice in 'tags' of a thing"]


def test_all_problems_at_once() -> None:
    assert [p.split(" ")[0] for p in read("age: 5\non: 7\nparts:\n  - {size: x}\n")[1]] == [
        "1:6",
        "2:5",
        "4:12",
        "4:5",
        "1:1",
    ]


def named(text: str, *mentions: str) -> list[str]:
    reader = Reader()
    root = yaml.compose(text)
    for mention in mentions:
        reader.read(yaml.compose(mention), Annotated[str, Names("parts")], "it")
    reader.check_names({"parts": entries_of(entry_of(root, "parts"))})
    return [what for _, _, what in reader.problems]


@pytest.mark.parametrize(
    ("text", "mention", "expected"),
    [
        ("parts: [{name: wheel}]", "wheel", []),
        ("parts: [{name: wheel}]", "weel", ["nothing in 'parts' is called 'weel'; did you mean 'wheel'?"]),
        ("parts: [{name: b}, {name: a}]", "zebra", ["nothing in 'parts' is called 'zebra'; it has a, b"]),
        ("parts: []", "x", ["nothing in 'parts' is called 'x'; it is empty"]),
        ("parts: [{name: x}, {name: x}]", "x", ["'x' is already taken in 'parts', line 1"]),
        ("parts: [{nom: x}, 5]", "x", ["nothing in 'parts' is called 'x'; it is empty"]),
    ],
)
def test_names(text: str, mention: str, expected: list[str]) -> None:
    assert named(text, mention) == expected


def test_entries() -> None:
    root = yaml.compose("{a: [1, 2], b: 3}")
    assert [n.value for n in entries_of(entry_of(root, "a"))] == ["1", "2"]
    assert entries_of(entry_of(root, "b")) == []
    assert entry_of(root, "c") is None
    assert entry_of(entry_of(root, "b"), "a") is None
    assert entries_of(None) == []


def test_a_field_of_a_keyword_has_the_keywords_key() -> None:
    assert "class" in fields_of(Thing)
    assert "class_" not in fields_of(Thing)


@pytest.mark.parametrize(("word", "expected"), [("agee", "did you mean 'age'?"), ("zzz", "known are age, on")])
def test_hints(word: str, expected: str) -> None:
    assert suggest(word, ["on", "age"], "known are") == expected
