"""What a policy's value must be for its value type."""

from __future__ import annotations

from typing import Any

import pytest

from engine.filters import _kinds


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("age", 30, ""),
        ("age", 0.5, ""),
        ("age", "30", "is not a number of days"),
        ("age", True, "is not a number of days"),
        ("expiration", 1e9, "is more days than the calendar has"),
        ("date", "2026-01-01", ""),
        ("date", "junk", "is not a date"),
        ("date", None, "is not a date"),
        ("version", "1.2", ""),
        ("version", 1.2, "is not a version in quotes"),
        ("cidr", "absent", ""),
        ("cidr", ["10.0.0.0/8", "2001:db8::/32"], ""),
        ("cidr", "10.0.0.1/8", "is not an address or a network: 10.0.0.1/8"),
        ("expr", 5, "is not a JMESPath expression"),
        ("integer", "x", ""),
    ],
)
def test_problem_of(kind: str, value: Any, problem: str) -> None:
    assert _kinds.problem_of(kind, value) == problem


def test_version_parts() -> None:
    assert list(_kinds.version("1.10b2-x")) == [1, 10, "b", 2, "-", "x"]


def test_network() -> None:
    assert str(_kinds.network("10.0.0.0/8")) == "10.0.0.0/8"
    assert _kinds.network("10.0.0.1/8") is None
    assert _kinds.network("2001:db8::/32") is None
    assert _kinds.network(5) is None
