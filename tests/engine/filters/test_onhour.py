"""The hour to start."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from .views import matched

MONDAY_7 = datetime(2026, 11, 23, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("options", "tag", "state", "expected"),
    [
        ("", "on", "stopped", True),
        ("", "on", "running", False),
        ("", "on=(T,7)", "stopped", False),
        ("", "off=(T,7)", "stopped", True),
        ("", "on=never", "stopped", False),
        (", weekends-only: true", "on", "stopped", True),
        (", onhour: 8", "on", "stopped", False),
    ],
)
def test_judge(options: str, tag: str, state: str, expected: bool) -> None:
    attributes = {"Tags": [{"Key": "maid_offhours", "Value": tag}], "State": state}
    presets = {"stopped": "State == 'stopped'"}
    assert matched(f"{{type: onhour{options}}}", attributes, now=MONDAY_7, presets=presets) is expected
