"""Which are kept of each group."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.filters.reduce import Reduce
from engine.model.need import FacetNeed
from engine.model.verdict import MATCH, Kind
from engine.plugin.tree import Leaf

from .views import MACHINE, PlainView, Rejected, setting, tree, why

SEEN: list[dict[str, Any]] = [
    {"n": 3, "g": "a", "s": "x10"},
    {"n": 10, "g": "b", "s": "x2"},
    {"n": None, "g": "a"},
    {"n": 1, "s": "y"},
    {"n": "3", "g": "b", "s": "x3"},
    {"n": "abc", "g": 1, "s": 5},
]


def kept(options: str, resources: list[dict[str, Any]] = SEEN, unreadable: tuple[int, ...] = ()) -> list[int]:
    """Places of those that match."""
    told = tree(f"{{type: reduce, {options}}}")
    assert isinstance(told, Leaf)
    views = [PlainView(r, unreadable=("n",) if i in unreadable else ()) for i, r in enumerate(resources)]
    verdicts = told.piece.judge_all(views, setting())  # type: ignore[union-attr]
    return [i for i, verdict in enumerate(verdicts) if verdict == MATCH]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("limit: 2", [0, 1]),
        ("limit: 0", [0, 1, 2, 3, 4, 5]),
        ("limit-percent: 10", []),
        ("limit-percent: 50, limit: 1", [0]),
        ("discard: 4", [4, 5]),
        ("discard: 1, discard-percent: 50", [3, 4, 5]),
        ("discard: 2, limit-percent: 50", [2, 3]),
        ("discard: 9", []),
        ("order: reverse, limit: 1", [5]),
        ("sort-by: n, limit: 2", [1, 3]),
        ("sort-by: {key: n, value_type: number}, limit: 2", [0, 3]),
        ("sort-by: {key: n, value_type: number}, order: desc, limit: 2", [0, 1]),
        ("sort-by: {key: n, value_type: number}, null-order: first, limit: 2", [2, 5]),
        ("sort-by: {key: s, value_type: number, value_regex: 'x(.*)'}, limit: 1", [1]),
        ("group-by: g, limit: 1", [0, 1, 3, 5]),
        ("group-by: {key: s, value_regex: '(x).*'}, limit: 1", [0, 2]),
        ("group-by: g, sort-by: {key: n, value_type: number}, order: desc, limit: 1", [0, 1, 3, 5]),
    ],
)
def test_kept(options: str, expected: list[int]) -> None:
    assert kept(options) == expected


def test_where() -> None:
    """Others are in no group."""
    piece = Reduce(limit=1, where="g == _options.group", options={"group": "b"})
    verdicts = piece.judge_all([PlainView(each) for each in SEEN], setting())
    assert [i for i, verdict in enumerate(verdicts) if verdict == MATCH] == [1]


def test_newest_by_date() -> None:
    dates = [{"d": "2026-01-01"}, {"d": "2026-03-01T00:00:00Z"}, {"d": None}, {"d": "20260201"}]
    assert kept("sort-by: {key: d, value_type: date}, order: desc, limit: 2", dates) == [1, 3]


@given(st.lists(st.fixed_dictionaries({"n": st.integers(0, 5)}), max_size=8), st.integers(0, 4), st.integers(0, 4))
def test_numbers_kept(resources: list[dict[str, Any]], discard: int, limit: int) -> None:
    found = kept(f"order: randomize, discard: {discard}, limit: {limit}", resources)
    left = max(0, len(resources) - discard)
    assert len(found) == (min(left, limit) if limit else left)
    assert found == kept(f"order: randomize, discard: {discard}, limit: {limit}", resources)


def test_an_unknown_value_makes_its_group_unknown() -> None:
    told = tree("{type: reduce, group-by: g, sort-by: n, limit: 1}")
    assert isinstance(told, Leaf)
    views = [PlainView({"g": "a"}, unreadable=("n",)), PlainView({"g": "a", "n": 1}), PlainView({"g": "b", "n": 1})]
    kinds = [v.kind for v in told.piece.judge_all(views, setting())]  # type: ignore[union-attr]
    assert kinds == [Kind.UNKNOWN, Kind.UNKNOWN, Kind.MATCH]


def test_needs_and_evidence() -> None:
    told = tree("{type: reduce, group-by: Policy.x, limit: 1}")
    assert isinstance(told, Leaf)
    assert told.piece.needs(MACHINE) == {FacetNeed("policy")}
    shown = why("{type: reduce, group-by: g, sort-by: n, order: desc, discard: 1, limit-percent: 5}", {"g": 1, "n": 2})
    assert shown.filter == "reduce of each g"
    assert (shown.expected, shown.observed) == ("by n, desc, discard 1, limit 5 percent", "g is 1, n is 2")


@pytest.mark.parametrize(
    "options",
    [
        "limit: 1.5",
        "limit: -1",
        "limit-percent: 101",
        "order: up",
        "null-order: zz",
        "sort-by: 'a['",
        "sort-by: {key: s, value_regex: 'x'}",
        "sort-by: {key: s, value_regex: '('}",
        "sort-by: {value_type: number}",
    ],
)
def test_problems(options: str) -> None:
    with pytest.raises(Rejected):
        tree(f"{{type: reduce, {options}}}")
