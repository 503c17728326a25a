"""The hour to stop."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.model.need import ContentNeed, FacetNeed
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from .views import MACHINE, Rejected, matched, tree, verdict, why

FRIDAY_19 = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
FRIDAY_21 = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)
OFF = "{type: offhour%s}"
STATE = {"running": "State == 'running'", "stopped": "State == 'stopped'"}
DAYS = ContentNeed("s3://b/days.txt")


def tagged(text: str, **more: object) -> dict[str, object]:
    return {"Tags": [{"Key": "Maid_Offhours", "Value": text}], **more}


@pytest.mark.parametrize(
    ("options", "attributes", "now", "expected"),
    [
        ("", tagged("on"), FRIDAY_19, True),
        ("", tagged("off=never"), FRIDAY_19, False),
        ("", tagged("on=never"), FRIDAY_19, True),
        ("", {}, FRIDAY_19, False),
        (", opt-out: true", {}, FRIDAY_19, True),
        (", fallback_schedule: 'off=(F,19)'", {}, FRIDAY_19, True),
        (", fallback-schedule: 'off=(S,19)', opt-out: true", {}, FRIDAY_19, False),
        (", offhour: 18", tagged("tz=ct"), FRIDAY_19, True),
        ("", tagged("on"), FRIDAY_21, False),
        (", catch-up: 2", tagged("on"), FRIDAY_21, True),
        (", catch-up: 1", tagged("on"), FRIDAY_21, False),
        (", catch-up: 2, skip-days: ['2026-11-20']", tagged("on"), FRIDAY_21, False),
        (", skip-days: [2026-11-20]", tagged("on"), FRIDAY_19, False),
        (", default_tz: US/Central, offhour: 18", tagged(""), FRIDAY_19, True),
        (", tag: other", tagged("on"), FRIDAY_19, False),
        (", weekends-only: true, weekends: false", tagged("on"), FRIDAY_19, True),
    ],
)
def test_judge(options: str, attributes: dict[str, object], now: datetime, expected: bool) -> None:
    assert matched(OFF % options, attributes, now=now) is expected


def test_state() -> None:
    for state, options, expected in [
        ("running", "", True),
        ("stopped", "", False),
        ("stopped", ", state-filter: false", True),
    ]:
        assert matched(OFF % options, tagged("on", State=state), now=FRIDAY_19, presets=STATE) is expected


def test_days_from_a_document_are_asked_for_only_at_the_hour() -> None:
    text = OFF % ", skip-days-from: {url: 's3://b/days.txt'}"
    assert not matched(text, tagged("on"), now=FRIDAY_19, facts={DAYS: ["2026-11-20"]})
    assert matched(text, tagged("on"), now=FRIDAY_19, facts={DAYS: ["2026-11-19"]})
    assert verdict(text, tagged("on"), now=FRIDAY_19).kind is Kind.UNKNOWN
    assert not matched(text, tagged("on"), now=FRIDAY_21)


def test_needs() -> None:
    told = tree(OFF % ", skip-days-from: {url: 's3://b/days.txt'}", {"running": "Policy.x"})
    assert isinstance(told, Leaf)
    assert told.piece.needs(MACHINE) == {DAYS, FacetNeed("policy")}


def test_evidence() -> None:
    told = why(OFF % "", tagged("hello"), now=FRIDAY_19)
    assert told.filter == "offhour 19:00 et, tag:maid_offhours"
    assert told.observed == "'hello' (no schedule); it is Fri 2026-11-20 19:30 there"


@pytest.mark.parametrize(
    "options",
    [
        ", offhour: 24",
        ", default_tz: nowhere",
        ", skip-days: [x]",
        ", skip-days: ['2026-11-20'], skip-days-from: {url: 'file:///x'}",
        ", fallback-schedule: junk",
        ", onhour: 3",
        ", state-filter: true",
        ", catch-up: 24",
    ],
)
def test_problems(options: str) -> None:
    with pytest.raises(Rejected):
        tree(OFF % options)
