"""Comparisons with one of several parts."""

from __future__ import annotations

from typing import Any

import pytest

from engine.plugin.tree import Leaf

from . import views

OF = {"in": "In", "out": "Out"}
RESOURCE = {"In": [{"Owner": "a"}, {"Owner": "b"}], "Out": [{"Owner": "c"}]}


def presets(**parts: Any) -> dict[str, Any]:
    return {"of": OF, "options": {"in": parts.get("into"), "out": parts.get("out")}}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"into": {"key": "Owner", "value": "b"}}, True),
        ({"into": {"key": "Owner", "value": "c"}}, False),
        ({"into": {"key": "Owner", "value": "c"}, "out": {"key": "Owner", "value": "c"}}, True),
        ({"out": {"key": "Owner", "op": "in", "value": ["c", "d"]}}, True),
        ({"out": {"key": "Owner", "op": "ne", "value": "c"}}, False),
    ],
)
def test_judge(parts: dict[str, Any], expected: bool) -> None:
    assert views.matched("parts", RESOURCE, presets=presets(**parts)) is expected
    assert views.matched("parts", {"In": None}, presets=presets(**parts)) is False


def test_needs_and_evidence() -> None:
    told = presets(into={"key": "Owner", "value": "a"})
    leaf = views.tree("parts", told)
    assert isinstance(leaf, Leaf)
    assert leaf.piece.needs(views.MACHINE) == frozenset()
    shown = views.why("parts", RESOURCE, presets=told)
    assert (shown.expected, shown.observed) == ("one that passes", "1 of 2 in")


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"into": {"key": "Owner"}},
        {"into": {"key": "Owner", "value": 1, "op": "like"}},
        {"into": {"key": "Owner", "value": 1, "keys": 2}},
    ],
)
def test_problems(parts: dict[str, Any]) -> None:
    with pytest.raises(views.Rejected):
        views.tree("parts", presets(**parts))
