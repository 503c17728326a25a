"""Facts: no absence without a proof, no value without one, bugs told apart from what the world does."""

from __future__ import annotations

import pytest

from engine.model.fact import (
    Absent,
    Answered,
    Defect,
    Failed,
    Inapplicable,
    Listed,
    NotFound,
    Proof,
    Value,
    defect,
    fact_of,
    plain,
)


@pytest.mark.parametrize(
    ("proof", "sentence"),
    [
        (Answered("s3:GetBucketVersioning"), "s3:GetBucketVersioning answered without it"),
        (NotFound("s3:GetBucketPolicy", "NoSuchBucketPolicy"), "s3:GetBucketPolicy answered NoSuchBucketPolicy"),
        (Listed("kms:ListAliases", 7), "it is not among the 7 of kms:ListAliases"),
        (Inapplicable("Engine == 'aurora'"), "a resource has none unless Engine == 'aurora'"),
    ],
)
def test_a_proof_says_what_shows_it(proof: Proof, sentence: str) -> None:
    assert str(Absent(proof).proof) == sentence


@pytest.mark.parametrize("value", [0, "", [], {}, False, {"a": None}])
def test_whatever_was_answered_is_a_value(value: object) -> None:
    """Empty is not absent."""
    assert fact_of(value, "a:B") == Value(value)
    assert plain(fact_of(value, "a:B")) == value


def test_nothing_answered_is_an_absence_with_its_call() -> None:
    assert fact_of(None, "a:B") == Absent(Answered("a:B"))
    assert plain(fact_of(None, "a:B")) is None


def test_a_failure_has_no_value() -> None:
    with pytest.raises(TypeError, match="denied"):
        plain(Failed("denied"))


def test_an_absence_cannot_be_made_without_a_proof() -> None:
    with pytest.raises(TypeError):
        Absent()  # type: ignore[call-arg]


def test_a_defect_says_what_where_and_what_to_do() -> None:
    try:
        _ = dict[str, int]()["key"]
    except KeyError as error:
        found = defect("judging metrics", error)
    assert isinstance(found, Defect)
    assert found.startswith("a bug in the engine while judging metrics: KeyError: 'key' at ")
    assert "model/test_fact.py:" in found
    assert found.endswith("please report it")
