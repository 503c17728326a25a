"""The words in which the journal says why a resource is left alone, and what commands conclude from them."""

from __future__ import annotations

import pytest

from engine.plugin.journal import being_changed, changed_since, held_by, is_held, left_to_another


@pytest.mark.parametrize(
    ("reason", "another", "held"),
    [
        (being_changed("r-1"), True, False),
        (changed_since("r-1"), True, False),
        (held_by("r-1", 3), False, True),
        ("an earlier action of the policy failed on it", False, False),
        ("", False, False),
    ],
)
def test_what_a_reason_means(reason: str, another: bool, held: bool) -> None:
    assert (left_to_another(reason), is_held(reason)) == (another, held)


def test_a_held_resource_names_the_command_that_settles_it() -> None:
    assert held_by("r-1", 3) == (
        "change 3 of run r-1 may or may not have been made; check the resource, then run:"
        " engine runs settle r-1 3 done|not-done"
    )
    assert being_changed("r-1") == "being changed by run r-1"
    assert changed_since("r-1") == "changed by run r-1 after this run read it"


def test_a_request_that_may_be_on_its_way_settles_with_time() -> None:
    """Nobody is sent to look for what a minute shows."""
    held = held_by("r-1", 3, "what it creates is not there yet; its request may still be on its way until 10:00:59 UTC")
    assert is_held(held)
    assert held.endswith("its request may still be on its way until 10:00:59 UTC; run the command again after that")
