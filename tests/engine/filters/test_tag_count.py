"""Counting tags."""

from __future__ import annotations

import pytest

from engine.model.verdict import Kind

from .views import Rejected, matched, tree, verdict, why


def tags(*keys: str) -> dict[str, object]:
    return {"Tags": [{"Key": key, "Value": ""} for key in keys]}


@pytest.mark.parametrize(
    ("text", "attributes", "expected"),
    [
        ("{type: tag-count}", tags(*"abcdefghij"), True),
        ("{type: tag-count}", tags(*"abcdefghi", "aws:x"), False),
        ("{type: tag-count, count: 0, op: eq}", {}, True),
        ("{type: tag-count, count: 1, op: lt}", {"Tags": None}, True),
        ("tag-count", tags("a"), False),
    ],
)
def test_judge(text: str, attributes: dict[str, object], expected: bool) -> None:
    assert matched(text, attributes) is expected


def test_unreadable_tags_are_unknown() -> None:
    assert verdict("tag-count", {}, unreadable=("Tags",)).kind is Kind.UNKNOWN


def test_evidence_and_problems() -> None:
    assert why("{type: tag-count, count: 1}", tags("a")).observed == "1 tags"
    for text in ("{type: tag-count, op: in}", "{type: tag-count, count: -1}"):
        with pytest.raises(Rejected):
            tree(text)
