"""max-resources: when it forbids acting, and in which words."""

from __future__ import annotations

import pytest

from engine.executor.limits import exceeded
from engine.lang.syntax import Limits


@pytest.mark.parametrize(
    ("limits", "matched", "population", "over"),
    [
        (None, 10, 10, False),
        (Limits(amount=10), 10, 10, False),
        (Limits(amount=10), 11, 99, True),
        (Limits(percent=50), 5, 10, False),
        (Limits(percent=50), 6, 10, True),
        (Limits(percent=50), 0, 0, False),
        (Limits(percent=33.3), 1, 3, True),
        (Limits(1, 50), 2, 10, True),
        (Limits(9, 10), 2, 10, True),
        (Limits(9, 50), 2, 10, False),
        (Limits(1, 50, "and"), 2, 10, False),
        (Limits(1, 10, "and"), 2, 10, True),
    ],
)
def test_exceeded(limits: Limits | None, matched: int, population: int, over: bool) -> None:
    """More than, never as many as."""
    assert bool(exceeded(limits, matched, population)) is over


def test_words() -> None:
    """Only the limits that are exceeded."""
    assert exceeded(Limits(1, 10), 2, 4) == "2 matched, max-resources is 1; 2 of 4 matched, max-resources-percent is 10"
    assert exceeded(Limits(1, 90), 2, 4) == "2 matched, max-resources is 1"
