"""Zones by the names people write."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest

from engine.plugin.zones import ALIASES, zone_named


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        (" Europe/Berlin ", "Europe/Berlin"),
        ("utc", "Etc/UTC"),
        ("Z", "Etc/UTC"),
        ("EST", "America/New_York"),
        ("pt", "America/Los_Angeles"),
        ("it", "Asia/Kolkata"),
        ("Japan", "Japan"),
        ("japan", "Japan"),
    ],
)
def test_a_zone(name: str, expected: str) -> None:
    found = zone_named(name)
    assert found is not None
    assert found.key == expected


@pytest.mark.parametrize(
    "name", ["", " ", "Mars/Base", "europe", "../etc/passwd", "/etc/localtime", "Europe/", "x" * 300, "a\0b"]
)
def test_no_zone(name: str) -> None:
    assert zone_named(name) is None


@pytest.mark.parametrize("alias", ALIASES)
def test_every_alias_is_a_zone_in_lower_case(alias: str) -> None:
    assert alias == alias.lower()
    assert ALIASES[alias] in available_timezones()
