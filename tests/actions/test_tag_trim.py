"""tag-trim: which tags go."""

from __future__ import annotations

import pytest

from engine.model.json import Json

from .table import calls, change, inverse, item, skip


def tags(count: int) -> dict[str, str]:
    """`t01`, `t02` …"""
    return {f"t{n:02}": "x" for n in range(1, count + 1)}


@pytest.mark.parametrize(
    ("given", "own", "gone"),
    [
        ({}, tags(48), ["t01"]),
        ({"space": 2}, tags(50), ["t01", "t02"]),
        ({"space": 2, "preserve": ["t01"]}, tags(50), ["t02", "t03"]),
        ({"space": 1}, {**tags(50), "aws:a": "x"}, ["t01"]),
        ({"space": 0, "preserve": ["t02"]}, {**tags(3), "aws:a": "x"}, ["t01", "t03"]),
    ],
)
def test_which_go(given: Json, own: dict[str, str], gone: list[str]) -> None:
    """By name; never those to preserve, nor AWS's own, which do not count. They come back."""
    found = change({"type": "tag-trim", **given}, item("ec2", own))
    ((_, params),) = calls(found)
    assert [tag["Key"] for tag in params["Tags"]] == gone
    ((_, back),) = inverse(found)
    assert back["Tags"] == [{"Key": key, "Value": "x"} for key in gone]


@pytest.mark.parametrize(
    ("given", "own", "why"),
    [
        ({}, tags(47), "it has room enough"),
        ({"space": 0, "preserve": ["t01"]}, tags(1), "it has room enough"),
        ({"preserve": [*tags(50)]}, tags(50), "too many of its tags are to stay"),
    ],
)
def test_left_alone(given: Json, own: dict[str, str], why: str) -> None:
    """Nothing to do, or nothing that may go."""
    assert skip({"type": "tag-trim", **given}, item("ec2", own)) == why
