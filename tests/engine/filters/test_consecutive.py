"""consecutive: one in each of the last periods."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.model.json import Json

from .views import Rejected, matched, tree, why

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
PRESETS: dict[str, Json] = {"of": "Backups", "made": "Made"}


def backups(*made: str, status: str = "DONE") -> dict[str, Json]:
    """Made at these times."""
    return {"Backups": [{"Made": each, "Status": status} for each in made]}


@pytest.mark.parametrize(
    ("count", "period", "made", "expected"),
    [
        (2, "days", ["2026-11-20T23:59:00Z", "2026-11-19T00:00:00Z"], True),
        (2, "days", ["2026-11-20T01:00:00Z", "2026-11-20T02:00:00Z"], False),
        (1, "days", ["2026-11-21T01:00:00Z"], False),
        (1, "days", ["2026-11-20T20:00:00-05:00"], False),
        (2, "hours", ["2026-11-21T08:00:00Z", "2026-11-21T07:59:00Z"], True),
        (2, "hours", ["2026-11-21T08:00:00Z", "2026-11-20T07:59:00Z"], False),
        (1, "weeks", ["2026-11-14T12:00:00Z"], True),
        (1, "weeks", ["2026-11-15T12:00:00Z"], False),
        (1, "days", [], False),
    ],
)
def test_each_period(count: int, period: str, made: list[str], expected: bool) -> None:
    """Days and weeks of UTC; what was made today does not count yet."""
    text = f"{{type: consecutive, count: {count}, period: {period}, status: DONE}}"
    assert matched(text, backups(*made), now=NOW, presets=PRESETS) is expected


def test_only_with_the_status() -> None:
    """A backup that failed is none."""
    text = "{type: consecutive, count: 1, period: days, status: DONE}"
    assert not matched(text, backups("2026-11-20", status="FAILED"), now=NOW, presets=PRESETS)
    assert not matched(text, {}, now=NOW, presets=PRESETS)


def test_paths_see_the_words_own_options() -> None:
    """As records give them."""
    presets = {**PRESETS, "of": "Backups[?Kind == _options.kind]", "options": {"kind": "a"}}
    held: Any = {"Backups": [{"Made": "2026-11-20", "Status": "DONE", "Kind": "a"}]}
    text = "{type: consecutive, count: 1, period: days, status: DONE}"
    assert matched(text, held, now=NOW, presets=presets)
    assert not matched(text, held, now=NOW, presets={**presets, "options": {"kind": "b"}})


def test_evidence_and_problems() -> None:
    """The days that lack one."""
    text = "{type: consecutive, count: 2, period: days, status: DONE}"
    told = why(text, backups("2026-11-20"), now=NOW, presets=PRESETS)
    assert told.observed == "none of 2026-11-19"
    for wrong in ("{type: consecutive, count: 0, period: days, status: DONE}", "{type: consecutive, count: 1}"):
        with pytest.raises(Rejected):
            tree(wrong, PRESETS)
