"""The comparison algebra: total, the quick forms equal to the rule, words before operators."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.filters._compare import OPS, matches, prepared, problem_of_regex, word_holds
from engine.filters._kinds import KINDS, WORDS

from .views import NOW

TEXTS = [
    "",
    "a",
    "ab",
    "A*",
    "(",
    "5",
    " 3 ",
    "2026-11-01",
    "20261101",
    "10.0.0.0/8",
    "10.1.2.3",
    "1.10",
    "absent",
    "empty",
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.sampled_from(TEXTS),
    st.text(max_size=6),
    st.datetimes(timezones=st.sampled_from([None, UTC])),
    st.dates(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abk"), inner, max_size=2),
    max_leaves=5,
)
NO_WORDS = VALUES.filter(lambda v: not (isinstance(v, str) and v in WORDS))
OP = st.sampled_from(["", *OPS])
KIND = st.sampled_from(["", *KINDS])


@settings(max_examples=1500, deadline=None)
@given(OP, KIND, VALUES, VALUES)
def test_total_and_prepared_is_the_rule(op: str, kind: str, r: Any, v: Any) -> None:
    ruled = matches(op, kind, r, v, NOW)
    assert isinstance(ruled, bool)
    assert prepared(op, kind, v)(r, NOW) is ruled


@settings(max_examples=400, deadline=None)
@given(VALUES, NO_WORDS)
def test_ne_is_not_eq(r: Any, v: Any) -> None:
    assert matches("ne", "", r, v, NOW) is not matches("eq", "", r, v, NOW)


@settings(max_examples=400, deadline=None)
@given(VALUES)
def test_words_are_opposites(r: Any) -> None:
    assert word_holds("absent", r) is not word_holds("present", r)
    assert word_holds("empty", r) is not word_holds("not-null", r)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(["gt", "ge", "lt", "le"]), NO_WORDS)
def test_nothing_is_ordered_against_a_missing_value(op: str, v: Any) -> None:
    assert not matches(op, "", None, v, NOW)


@pytest.mark.parametrize(
    ("op", "r", "v", "expected"),
    [
        ("", 5, 5.0, True),
        ("eq", "true", True, False),
        ("not-equal", None, 5, True),
        ("gte", 5, 5, True),
        ("less-than", "10", "9", True),
        ("gt", datetime(2026, 1, 1, tzinfo=UTC), "2025-01-01", False),
        ("in", None, ["a", None], False),
        ("not-in", None, ["a"], True),
        ("ni", ["a"], ["a"], True),
        ("not-in", ["a"], frozenset({"a"}), False),
        ("in", 1, [True], True),
        ("contains", {"a": 1}, "a", True),
        ("intersect", "cab", ["a"], True),
        ("intersect", [["a"]], ["a"], False),
        ("difference", [], ["a"], False),
        ("glob", "Abc", "a*", False),
        ("regex", "ABC", "ab", True),
        ("regex-case", "ABC", "ab", False),
        ("mod", 11, 5, True),
        ("mod", "100%d", 5, False),
        ("mod", 11, 0, False),
    ],
)
def test_operators(op: str, r: Any, v: Any, expected: bool) -> None:
    assert matches(op, "", r, v, NOW) is expected
    assert prepared(op, "", v)(r, NOW) is expected


@pytest.mark.parametrize(
    ("kind", "op", "r", "v", "expected"),
    [
        ("integer", "eq", 5.7, 0, True),
        ("integer", "eq", "9" * 5000, 0, True),
        ("size", "eq", {"a": 1}, 1, True),
        ("unique_size", "eq", [[1]], 0, True),
        ("swap", "not-in", None, "a", True),
        ("age", "gt", NOW - timedelta(days=31), 30, True),
        ("age", "ne", None, 30, True),
        ("age", "gt", "2026-10-01", 1e12, False),
        ("expiration", "lt", NOW + timedelta(days=3), 7, True),
        ("date", "gt", "2026-11-01", "October", True),
        ("date", "gt", "2026-11-20", "November", False),
        ("version", "gt", "1.10", "1.9", True),
        ("version", "gt", "1.10.0", "1.10", True),
        ("version", "gt", 5, "1.9", False),
        ("version", "", None, "absent", True),
        ("cidr", "in", "10.0.0.0/16", "10.1.2.3", False),
        ("cidr", "in", "10.0.0.0/8", "10.1.2.3", True),
        ("cidr", "in", "10.1.2.3", ["10.1.2.3"], True),
        ("cidr", "not-in", None, ["10.0.0.0/8"], True),
        ("cidr", "ne", None, "10.0.0.0/8", False),
        ("cidr", "", "2001:db8::/32", "2001:db8::/32", True),
        ("cidr", "contains", "10.0.0.0/8", "10.1.0.0/16", True),
        ("cidr", "intersect", "10.1.0.0/16", "10.0.0.0/8", True),
        ("cidr", "difference", "10.0.0.0/8", "10.1.0.0/16", True),
        ("cidr_size", "lt", None, 24, False),
        ("cidr_size", "present", "10.0.0.0/8", 8, False),
    ],
)
def test_kinds(kind: str, op: str, r: Any, v: Any, expected: bool) -> None:
    if op == "present":
        op, v, expected = "", "present", True
    assert matches(op, kind, r, v, NOW) is expected
    assert prepared(op, kind, v)(r, NOW) is expected


def test_problem_of_regex() -> None:
    assert problem_of_regex("a(b)") == ""
    assert "unterminated" in problem_of_regex("(")
    assert problem_of_regex(5) == "is no text"
