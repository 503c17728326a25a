"""What evidence shows."""

from __future__ import annotations

from datetime import date, datetime

from engine.filters import _texts

from .views import MACHINE, NOW


def test_short() -> None:
    assert _texts.short({"a": 1}) == '{"a": 1}'
    assert _texts.short("a\n b") == "a b"
    assert _texts.short(datetime(2026, 1, 2)) == "2026-01-02T00:00:00"
    assert _texts.short(date(2026, 1, 2)) == "2026-01-02"
    assert len(_texts.short("x" * 500)) == 80


def test_seen() -> None:
    assert _texts.seen(None) == "key missing"
    assert _texts.seen("running") == "running"
    assert _texts.seen_date("2026-11-11", NOW) == "2026-11-11 (10.0 days ago)"
    assert _texts.seen_date("2026-11-22", NOW) == "2026-11-22 (1.0 days ahead)"
    assert _texts.seen_date("junk", NOW) == "junk (not a date)"
    assert _texts.seen_date(None, NOW) == "key missing"


def test_source() -> None:
    assert _texts.source("tag:Owner", MACHINE) == "tags"
    assert _texts.source("Policy.Statement", MACHINE) == "ec2:GetPolicy"
    assert _texts.source("State", MACHINE) == "listing"
    assert _texts.source("a[", MACHINE) == "listing"
