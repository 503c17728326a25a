"""mark-for-op: the date in the tag is one that the filter marked-for-op reads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.lang.check import Environment, check
from engine.lang.load import policy_from
from engine.model.json import Json
from engine.model.verdict import Kind
from engine.plugin.discover import catalog
from engine.plugin.protocols import Setting
from engine.plugin.tree import judge

from .table import NOW, SCOPE, change, item


def text(action: Json) -> str:
    """The mark."""
    (value,) = change(action, item("ec2", {})).after.values()
    return str(value)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ({"op": "stop", "days": 4}, "Resource does not meet policy: stop@2026/11/25"),
        ({"op": "stop", "days": 0}, "Resource does not meet policy: stop@2026/11/21"),
        ({"op": "stop", "hours": 30}, "Resource does not meet policy: stop@2026/11/22 1530 UTC"),
        ({"op": "stop", "days": 1, "hours": 1}, "Resource does not meet policy: stop@2026/11/22 1030 UTC"),
        ({"op": "stop", "hours": 1, "tz": "Asia/Kolkata"}, "Resource does not meet policy: stop@2026/11/21 1600 +0530"),
        ({"op": "stop", "days": 1, "tz": "Pacific/Auckland"}, "Resource does not meet policy: stop@2026/11/22"),
        ({"op": "terminate", "days": 1, "msg": "idle: {op}@{action_date}"}, "idle: terminate@2026/11/22"),
        ({"op": "terminate", "days": 1, "message": "m: {op}@{action_date}"}, "m: terminate@2026/11/22"),
    ],
)
def test_marks(action: dict[str, Json], expected: str) -> None:
    """As c7n writes them; with hours the zone goes along."""
    assert text({"type": "mark-for-op", **action}) == expected


def test_the_tag() -> None:
    """maid_status, `tag`, or `key`."""
    for given, name in (({}, "maid_status"), ({"tag": "T"}, "T"), ({"key": "K"}, "K")):
        assert list(change({"type": "mark-for-op", "op": "stop", "days": 1, **given}, item("ec2", {})).after) == [
            f"tag:{name}"
        ]


@pytest.mark.parametrize("delay", [{"days": 2}, {"hours": 5}, {"days": 1, "hours": 3}])
@pytest.mark.parametrize("tz", ["utc", "et", "Asia/Kolkata", "Pacific/Auckland"])
def test_the_filter_finds_it_on_its_day_and_not_before(delay: dict[str, Json], tz: str) -> None:
    """Writer and reader agree."""
    mark = {"type": "mark-for-op", "op": "stop", "tz": tz, **delay}
    on = item("ec2", {"maid_status": text(mark)})
    policy, _ = policy_from(
        {"name": "p", "resource": "ec2", "filters": [{"type": "marked-for-op", "op": "stop", "tz": tz}]}
    )
    assert policy is not None
    checked, _ = check(policy, catalog(), Environment(now=NOW))
    assert checked is not None
    due = timedelta(days=float(delay.get("days", 0)), hours=float(delay.get("hours", 0)))
    for moment, kind in ((NOW, Kind.NO_MATCH), (NOW + due - timedelta(hours=25), Kind.NO_MATCH),
                         (NOW + due + timedelta(minutes=1), Kind.MATCH)):  # fmt: skip
        assert judge(checked.filters[0], on, Setting(on.type, SCOPE, moment)).kind is kind
