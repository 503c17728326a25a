"""Did you mean."""

from __future__ import annotations

import pytest

from engine.plugin.suggest import did_you_mean, one_of

KNOWN = ("metrics", "marked-for-op", "value", "State")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("metric", "did you mean 'metrics'?"),
        ("marked_for_op", "did you mean 'marked-for-op'?"),
        ("VALUE", "did you mean 'value'?"),
        ("state", "did you mean 'State'?"),
        ("zebra", ""),
        ("", ""),
    ],
)
def test_the_nearest(word: str, expected: str) -> None:
    assert did_you_mean(word, KNOWN) == expected


@pytest.mark.parametrize(
    ("word", "most", "expected"),
    [
        ("metric", 12, "did you mean 'metrics'?"),
        ("zebra", 12, "expected one of: State, marked-for-op, metrics, value"),
        ("zebra", 2, "expected one of: State, marked-for-op, … (4 in all)"),
    ],
)
def test_all_of_them_where_none_is_near(word: str, most: int, expected: str) -> None:
    assert one_of(word, [*KNOWN, "value"], most) == expected
