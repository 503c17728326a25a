"""Three values and their algebra."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some_

from engine.model.need import FacetNeed
from engine.model.verdict import MATCH, NO_MATCH, Kind, Verdict, decided, every, negate, some, unknown

U, V = unknown("denied"), unknown("throttled", pending=[FacetNeed("tags")])
VERDICTS = some_.lists(some_.sampled_from([MATCH, NO_MATCH, U, V]), max_size=5)


@pytest.mark.parametrize(
    ("verdicts", "all_of", "any_of"),
    [
        ([], MATCH, NO_MATCH),
        ([MATCH], MATCH, MATCH),
        ([NO_MATCH], NO_MATCH, NO_MATCH),
        ([U], U, U),
        ([MATCH, NO_MATCH], NO_MATCH, MATCH),
        ([MATCH, U], U, MATCH),
        ([NO_MATCH, U], NO_MATCH, U),
        (
            [U, V],
            unknown("denied", "throttled", pending=[FacetNeed("tags")]),
            unknown("denied", "throttled", pending=[FacetNeed("tags")]),
        ),
        ([U, U], U, U),
    ],
)
def test_and_or(verdicts: list[Verdict], all_of: Verdict, any_of: Verdict) -> None:
    assert (every(verdicts), some(verdicts)) == (all_of, any_of)


@pytest.mark.parametrize(("given_", "expected"), [(MATCH, NO_MATCH), (NO_MATCH, MATCH), (V, V)])
def test_not(given_: Verdict, expected: Verdict) -> None:
    assert negate(given_) == expected


def test_booleans() -> None:
    assert (decided(True), decided(False)) == (MATCH, NO_MATCH)


@given(VERDICTS, some_.randoms())
def test_order_never_changes_an_answer(verdicts: list[Verdict], chance: object) -> None:
    mixed = list(verdicts)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    for combine in (every, some):
        one, other = combine(verdicts), combine(mixed)
        assert (one.kind, set(one.causes), one.pending) == (other.kind, set(other.causes), other.pending)


@given(VERDICTS)
def test_de_morgan(verdicts: list[Verdict]) -> None:
    assert negate(every(verdicts)) == some(map(negate, verdicts))


@given(VERDICTS)
def test_what_is_unknown_may_turn_out_either_way_and_only_then(verdicts: list[Verdict]) -> None:
    """UNKNOWN exactly where the answers that may still come differ."""
    ways = [every([given_ if v.kind is Kind.UNKNOWN else v for v in verdicts]) for given_ in (MATCH, NO_MATCH)]
    assert (every(verdicts).kind is Kind.UNKNOWN) is (ways[0] != ways[1])


def test_a_verdict_is_not_a_boolean() -> None:
    with pytest.raises(TypeError, match="three values"):
        assert MATCH


def test_a_cause_is_told_once() -> None:
    assert unknown("a", "b", "a").causes == ("a", "b")
