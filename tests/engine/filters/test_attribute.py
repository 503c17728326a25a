"""Comparisons on something that belongs to the resource."""

from __future__ import annotations

import pytest

from engine.filters._options import asked_need
from engine.filters.attribute import Attribute
from engine.model.json import Json
from engine.model.need import FacetNeed
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf, found_by

from .views import MACHINE, PlainView, Rejected, matched, setting, tree, verdict, why

ONE = {"of": "Policy"}
MANY = {"of": "Policy", "each": True}


@pytest.mark.parametrize(
    ("text", "policy", "presets", "expected"),
    [
        ("{type: attribute, key: a, value: 1}", {"a": 1}, ONE, True),
        ("{type: attribute, key: a, value: 1}", None, ONE, False),
        ("{type: attribute, key: a, value: absent}", None, ONE, True),
        ("{type: attribute, key: a, op: ne, value: 1}", None, ONE, True),
        ("{type: attribute, value: x}", "x", {**ONE, "keyless": True}, True),
        ("{type: attribute, key: 'length(@)', op: gt, value: 1}", [1, 2], ONE, True),
        ("{type: attribute, key: a, value_path: b}", {"a": 1, "b": 1}, ONE, True),
        ("{type: attribute, key: a, value: 1}", [{"a": 2}, {"a": 1}], MANY, True),
        ("{type: attribute, key: a, value: 1, operator: and}", [{"a": 2}, {"a": 1}], MANY, False),
        ("{type: attribute, key: a, op: gt, value: 0, operator: and}", [{"a": 2}, {"a": 1}], MANY, True),
        ("{type: attribute, key: a, op: ne, value: 1}", [], MANY, False),
        ("{type: attribute, key: a, op: ne, value: 1}", None, MANY, False),
        ("{type: attribute, key: a, value: absent}", [], MANY, True),
        ("{type: attribute, key: k.a, value: 2}", {"k": [{"a": 1}, {"a": 2}]}, {**ONE, "parts": ["k"]}, True),
        ("{type: attribute, key: k.a, value: 3}", {"k": [{"a": 1}, {"a": 2}]}, {**ONE, "parts": ["k"]}, False),
        ("{type: attribute, key: k, value: absent}", {"k": None}, {**ONE, "parts": ["k"]}, True),
        ("{type: attribute}", {"a": 1}, {**ONE, "default_present": True}, True),
        ("{type: attribute}", None, {**ONE, "default_present": True}, False),
        ("{type: attribute}", [], {**ONE, "default_present": True}, False),
        ("{type: attribute, key: Policy, value: x}", "x", {}, True),
    ],
)
def test_judge(text: str, policy: object, presets: dict[str, object], expected: bool) -> None:
    assert matched(text, {"Policy": policy}, presets=presets) is expected


def test_tells_what_all_of_several_found() -> None:
    """What one of them alone found is not enough."""
    presets = {**ONE, "parts": ["k"]}
    two = [tree(f"{{type: attribute, key: k.{key}, value: 1}}", presets) for key in "ab"]
    keys = [{"a": 1, "b": 2}, {"a": 1, "b": 1}, {"a": 2, "b": 1}]
    view = PlainView({"Policy": {"k": keys}})
    assert found_by(two[:1], view, setting()) == {"Policy.k": keys[:2]}
    assert found_by(two, view, setting()) == {"Policy.k": keys[1:2]}


def test_needs_and_evidence() -> None:
    told = tree("{type: attribute, key: Tags, value_path: other}", ONE)
    assert isinstance(told, Leaf)
    assert told.piece.needs(MACHINE) == {FacetNeed("policy")}
    shown = why("{type: attribute, key: a, value: 1}", {"Policy": [{"a": 2}, {"a": 1}]}, presets=MANY)
    assert (shown.filter, shown.observed, shown.source) == ("Policy a = 1", "[2, 1]", "ec2:GetPolicy")
    assert why("{type: attribute}", {}, presets={**ONE, "default_present": True}).filter == "Policy is present"


@pytest.mark.parametrize(
    ("text", "presets"),
    [
        ("{type: attribute}", ONE),
        ("{type: attribute, value: x}", ONE),  # a mapping never equals it
        ("{type: attribute, value: 1}", {}),
        ("{type: attribute, key: a, value: 1}", {"of": "a["}),
        ("{type: attribute, value_type: resource_count, op: gt, value: 1}", ONE),
        ("{type: attribute, key: a, op: regex, value: '('}", ONE),
    ],
)
def test_problems(text: str, presets: dict[str, object]) -> None:
    with pytest.raises(Rejected):
        tree(text, presets)


@pytest.mark.parametrize(
    ("text", "told", "expected"),
    [
        ("attribute", [{"k": 1}], Kind.MATCH),
        ("attribute", None, Kind.NO_MATCH),
        ("{type: attribute, key: k, value: 1}", [{"k": 2}, {"k": 1}], Kind.MATCH),
        ("{type: attribute, key: k, value: 1}", [{"k": 2}], Kind.NO_MATCH),
    ],
)
def test_of_what_is_asked_for(text: str, told: Json, expected: Kind) -> None:
    """The thing is what a facet says that is asked with the options."""
    presets = {"ask": "told", "each": True, "default_present": True, "options": {"query": [1]}}
    need = asked_need("told", {"query": [1]})
    assert verdict(text, {}, presets=presets, facts={need: told}).kind is expected
    assert verdict(text, {}, presets=presets).kind is Kind.UNKNOWN
    leaf = tree(text, presets)
    assert isinstance(leaf, Leaf)
    assert leaf.piece.needs(MACHINE) == {need}


@pytest.mark.parametrize(
    ("options", "things", "expected", "found"),
    [
        ({"match-operator": "and"}, [{"a": 1, "b": 1}, {"a": 1, "b": 2}], True, [{"a": 1, "b": 2}]),
        ({"match-operator": "and"}, [{"a": 1, "b": 1}, {"a": 2, "b": 2}], False, []),
        ({"match-operator": "or"}, [{"a": 1, "b": 1}, {"a": 2, "b": 2}], True, [{"a": 2, "b": 2}]),
        ({"matched": True}, [{"a": 1, "b": 1}, {"a": 2, "b": 2}], False, []),
        ({"matched": False}, [{"a": 1, "b": 1}, {"a": 2, "b": 2}], True, [{"a": 2, "b": 2}]),
    ],
)
def test_of_what_those_before_found(options: Json, things: list[Json], expected: bool, found: list[Json]) -> None:
    presets = {**MANY, "called": "things", "options": options}
    first = tree("{type: attribute, key: a, value: 1}", presets)
    second = tree("{type: attribute, key: b, value: 2}", presets)
    assert isinstance(first, Leaf)
    assert isinstance(second, Leaf)
    assert isinstance(second.piece, Attribute)
    piece = second.piece.after([first.piece])
    view = PlainView({"Policy": things})
    assert (piece.judge(view, setting()).kind is Kind.MATCH) is expected
    assert piece.found(view, setting()) == found
