"""normalize-tag: the value as it is to be written."""

from __future__ import annotations

import pytest

from engine.model.json import Json

from .table import calls, change, inverse, item, skip, wanted


@pytest.mark.parametrize(
    ("given", "before", "after"),
    [
        ({"action": "upper"}, "Dev", "DEV"),
        ({"action": "lower"}, "Dev", "dev"),
        ({"action": "title"}, "ana maria", "Ana Maria"),
        ({"action": "strip"}, " dev ", "dev"),
        ({"action": "strip", "value": "cc-"}, "cc-1c", "1c"),
        ({"action": "strip", "value": "/x"}, "a/x", "a"),
    ],
)
def test_value(given: Json, before: str, after: str) -> None:
    """What is written, and what comes back."""
    found = change({"type": "normalize-tag", "key": "Env", **given}, item("ec2", {"Env": before}))
    assert [p["Tags"] for _, p in calls(found)] == [[{"Key": "Env", "Value": after}]]
    assert [p["Tags"] for _, p in inverse(found)] == [[{"Key": "Env", "Value": before}]]


def test_left_alone() -> None:
    """Without the tag, or with its value so."""
    action = {"type": "normalize-tag", "key": "Env", "action": "lower"}
    assert skip(action, item("ec2", {"Name": "A"})) == "it has no tag Env"
    assert skip(action, item("ec2", {"Env": "dev"})) == "it is tagged so already"


def test_a_value_without_use() -> None:
    """Told before anything runs."""
    with pytest.raises(AssertionError, match="'lower' has no use for 'value'"):
        wanted({"type": "normalize-tag", "key": "Env", "action": "lower", "value": "x"}, item("ec2", {}))
