"""Evidence as a sentence for a person."""

from __future__ import annotations

import pytest

from engine.model.finding import Evidence
from engine.model.verdict import MATCH, NO_MATCH, Verdict, unknown


def leaf(name: str, verdict: Verdict = MATCH, observed: str = "seen") -> Evidence:
    return Evidence(name, verdict, "wanted", observed)


DENIED = unknown("denied", "throttled")
A, B, NO = leaf("a"), leaf("b"), leaf("n", NO_MATCH)


def block(op: str, verdict: Verdict, *children: Evidence) -> Evidence:
    return Evidence(op, verdict, children=children)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (A, "a: seen"),
        (leaf("a", observed=""), "a"),
        (leaf("a", DENIED), "a: unknown: denied; throttled"),
        (block("and", MATCH, A, B), "a: seen; b: seen"),
        (block("or", MATCH, A, NO), "a: seen"),
        (block("and", NO_MATCH, A, NO), "n: seen"),
        (block("or", DENIED, NO, leaf("u", DENIED)), "u: unknown: denied; throttled"),
        (block("not", MATCH, NO, A), "not (n: seen; a: seen)"),
        (block("and", MATCH, block("not", MATCH, NO), A), "not (n: seen); a: seen"),
        (block("and", MATCH, NO), "n: seen"),
    ],
)
def test_a_sentence_tells_what_decided(evidence: Evidence, expected: str) -> None:
    assert evidence.sentence() == expected
