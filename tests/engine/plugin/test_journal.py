"""The reasons that a journal gives: a person reads them, and exit codes are told from them."""

from __future__ import annotations

import pytest

from engine.plugin.journal import being_changed, changed_since, held_by, is_held, left_to_another


@pytest.mark.parametrize(
    ("reason", "left", "held"),
    [
        (being_changed("r1"), True, False),
        (changed_since("r1"), True, False),
        (held_by("r1", 3), False, True),
        ("an earlier action of the policy failed on it", False, False),
    ],
)
def test_what_a_reason_means(reason: str, left: bool, held: bool) -> None:
    assert (left_to_another(reason), is_held(reason)) == (left, held)


def test_a_hold_says_how_it_is_settled() -> None:
    assert "engine runs settle r1 3 done|not-done" in held_by("r1", 3)
