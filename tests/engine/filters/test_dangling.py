"""Resources that name what is not there."""

from __future__ import annotations

import dataclasses

import pytest

from engine.model.need import FacetNeed, Need, RelatedNeed
from engine.model.record import Join
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from . import views

RECORD = dataclasses.replace(
    views.MACHINE, joins={"groups": Join("security-group", "Policy.Groups"), "key": Join("key-pair", "Key")}
)
PRESETS = {"joins": ["groups", "key"], "also": "Lost"}
OPPOSITE = {Kind.MATCH: Kind.NO_MATCH, Kind.NO_MATCH: Kind.MATCH, Kind.UNKNOWN: Kind.UNKNOWN}


def facts(groups: str, key: str) -> dict[Need, object]:
    """Of each join: its ids, of which `x` leads to nothing; `?` is a join that cannot be followed."""
    told = (("groups", groups), ("key", key))
    return {RelatedNeed(n, ("_id",)): [(i, None if i == "x" else {}) for i in ids] for n, ids in told if ids != "?"}


@pytest.mark.parametrize(
    ("groups", "key", "lost", "expected"),
    [
        ("ab", "k", False, Kind.NO_MATCH),
        ("", "", False, Kind.NO_MATCH),
        ("ax", "k", False, Kind.MATCH),
        ("ab", "x", False, Kind.MATCH),
        ("ab", "k", True, Kind.MATCH),
        ("ab", "?", False, Kind.UNKNOWN),
        ("ax", "?", False, Kind.MATCH),
    ],
)
def test_judge(groups: str, key: str, lost: bool, expected: Kind) -> None:
    for text, kind in (("{type: dangling}", expected), ("{type: dangling, state: false}", OPPOSITE[expected])):
        held = views.verdict(text, {"Lost": lost}, facts=facts(groups, key), presets=PRESETS, record=RECORD)
        assert held.kind is kind


@pytest.mark.parametrize(
    ("groups", "key", "number", "expected"),
    [
        ("x", "x", 2, Kind.MATCH),
        ("x", "", 1, Kind.MATCH),
        ("", "", 0, Kind.NO_MATCH),
        ("ax", "x", 3, Kind.NO_MATCH),
        ("x", "x", 3, Kind.NO_MATCH),
        ("x", "?", 2, Kind.UNKNOWN),
        ("a", "?", 2, Kind.NO_MATCH),
    ],
)
def test_all(groups: str, key: str, number: int, expected: Kind) -> None:
    """What no join follows may be there."""
    presets = {"joins": ["groups", "key"], "number": "Number"}
    for text, kind in (
        ("{type: dangling, all: true}", expected),
        ("{type: dangling, all: true, state: false}", OPPOSITE[expected]),
    ):
        held = views.verdict(text, {"Number": number}, facts=facts(groups, key), presets=presets, record=RECORD)
        assert held.kind is kind


def test_needs_evidence_problems() -> None:
    told = views.tree("{type: dangling}", PRESETS, RECORD)
    assert isinstance(told, Leaf)
    assert told.piece.needs(RECORD) == {
        RelatedNeed("groups", ("_id",)),
        RelatedNeed("key", ("_id",)),
        FacetNeed("policy"),
    }
    shown = views.why("{type: dangling}", {"Lost": True}, facts=facts("ax", "?"), presets=PRESETS, record=RECORD)
    assert (shown.filter, shown.observed) == ("names what is not there", "not there: groups x, Lost")
    shown = views.why("{type: dangling, state: false}", {}, facts=facts("a", "k"), presets=PRESETS, record=RECORD)
    assert (shown.filter, shown.observed) == ("names only what is there", "everything is there")
    for presets in ({}, {"joins": ["nowhere"]}, {**PRESETS, "also": "a["}):
        with pytest.raises(views.Rejected):
            views.tree("{type: dangling}", presets, RECORD)


@pytest.mark.parametrize(("deep", "expected"), [(False, Kind.NO_MATCH), (True, Kind.MATCH)])
def test_a_join_that_an_option_asks_for(deep: bool, expected: Kind) -> None:
    presets = {"joins": ["groups"], "asked": {"deep": "key"}, "options": {"deep": deep}}
    held = views.verdict("{type: dangling}", {}, facts=facts("ab", "x"), presets=presets, record=RECORD)
    assert held.kind is expected
