"""Dates as policies and services write them, zones by any name, marks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.filters import _dates

from .views import NOW


def at(year: int, month: int = 1, day: int = 1, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-02T03:04:00Z", at(2026, 1, 2, 3, 4)),
        ("2026-01-02T03:04:00+02:00", at(2026, 1, 2, 1, 4)),
        ("2026-01-02 03:04", at(2026, 1, 2, 3, 4)),
        ("2026-01-02", at(2026, 1, 2)),
        ("2026/01/02", at(2026, 1, 2)),
        ("20260102", at(2026, 1, 2)),
        ("20261302", None),
        ("Jan 2, 2026", at(2026, 1, 2)),
        ("March", at(2026, 3, 21)),
        ("2017-10-20 15:30:00 GMT", at(2017, 10, 20, 15, 30)),
        ("2017-10-20 15:30:00 PST", at(2017, 10, 20, 23, 30)),
        ("2017-10-20 15:30:00 XYZ", None),
        ("1790000000", datetime.fromtimestamp(1790000000, UTC)),
        ("1790000000000", datetime.fromtimestamp(1790000000, UTC)),
        (1790000000.5, datetime.fromtimestamp(1790000000.5, UTC)),
        (5, None),
        (True, None),
        ("5", None),
        ("9" * 30, None),
        ("junk", None),
        ("", None),
        (None, None),
        ([], None),
        (date(2026, 1, 2), at(2026, 1, 2)),
        (datetime(2026, 1, 2), at(2026, 1, 2)),
        (datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=2))), at(2026, 1, 1, 22)),
    ],
)
def test_instant(value: Any, expected: datetime | None) -> None:
    assert _dates.instant(value, NOW) == expected


@given(st.one_of(st.text(max_size=30), st.from_regex(r"[0-9:/. +\-TZa-z]{0,20}"), st.floats(), st.integers()))
def test_never_raises(value: Any) -> None:
    found = _dates.instant(value, NOW)
    assert found is None or found.tzinfo is not None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("et", "America/New_York"),
        ("ET", "America/New_York"),
        ("utc", "Etc/UTC"),
        ("UTC", "Etc/UTC"),
        ("US/Pacific", "US/Pacific"),
        ("us/pacific", "US/Pacific"),
        ("europe/BERLIN", "Europe/Berlin"),
        ("nowhere", "None"),
        ("../etc/passwd", "None"),
        ("", "None"),
    ],
)
def test_zone(name: str, expected: str) -> None:
    assert str(_dates.zone(name)) == expected


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026/11/21", "utc", at(2026, 11, 21)),
        ("2026/11/21", "pt", at(2026, 11, 21, 8)),
        ("2026/11/20 2300 PST", "utc", at(2026, 11, 21, 7)),
        ("2026/11/20 2300 +08", "utc", at(2026, 11, 20, 15)),
        ("2026/07/20 1200 IST", "ist", at(2026, 7, 20, 11)),
        ("2026/07/20 1200 IST", "utc", at(2026, 7, 20, 6, 30)),
        ("2026-11-20T23:00:00-08:00", "utc", at(2026, 11, 21, 7)),
        ("20261120T2300-0800", "utc", at(2026, 11, 21, 7)),
        ("2026/11/20 10:30", "utc", None),
        ("2026/11/20 2300 QQQ", "utc", None),
        ("junk", "utc", None),
        ("", "utc", None),
    ],
)
def test_mark_date(text: str, zone: str, expected: datetime | None) -> None:
    local = _dates.zone(zone)
    assert local is not None
    assert _dates.mark_date(text, local, NOW) == expected
