"""Counting the resources that are left."""

from __future__ import annotations

import pytest

from engine.model.verdict import MATCH, NO_MATCH
from engine.plugin.tree import Leaf

from .views import PlainView, Rejected, setting, tree, why

TEXT = "{type: value, value_type: resource_count, op: %s, value: %s}"


@pytest.mark.parametrize(
    ("op", "value", "count", "passes"),
    [("gte", "2", 2, True), ("gte", "2", 1, False), ("in", "[1, 3]", 3, True), ("lt", "1", 0, True)],
)
def test_all_or_none(op: str, value: str, count: int, passes: bool) -> None:
    told = tree(TEXT % (op, value))
    assert isinstance(told, Leaf)
    assert list(told.piece.judge_all([PlainView({})] * count, setting())) == [MATCH if passes else NO_MATCH] * count  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{type: value, value_type: resource_count, value: 1}", "value_type resource_count needs an op"),
        ("{type: value, value_type: resource_count, op: gt}", "value_type resource_count needs a value"),
        (TEXT % ("gt", "a"), "value_type resource_count needs a whole number, or a list of them"),
    ],
)
def test_problems(text: str, problem: str) -> None:
    with pytest.raises(Rejected, match=problem):
        tree(text)


def test_evidence() -> None:
    assert why(TEXT % ("gte", "2"), {}).filter == "number of resources >= 2"
