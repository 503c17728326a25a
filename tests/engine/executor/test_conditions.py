"""Does a policy run here and now?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.executor.conditions import why_skipped
from engine.lang.check import Environment, check
from engine.model.json import Json
from engine.plugin.discover import catalog
from engine.plugin.protocols import Setting

from .cloud import SCOPE, parsed

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def skipped(event: Json = None, **more: Json) -> str:
    """The reason."""
    (policy,) = parsed({"resource": "ec2", **more})
    checked, problems = check(policy, catalog(), Environment(now=NOW))
    assert checked is not None, problems
    return why_skipped(checked, Setting(checked.type, SCOPE, NOW, event=event), "123456789012")


@pytest.mark.parametrize(
    ("more", "runs"),
    [
        ({}, True),
        ({"conditions": [{"region": "us-east-1"}]}, True),
        ({"conditions": [{"region": "eu-west-1"}]}, False),
        ({"conditions": [{"account_id": "123456789012"}, {"resource": "ec2"}]}, True),
        ({"conditions": [{"or": [{"region": "eu-west-1"}, {"provider": "aws"}]}]}, True),
        ({"conditions": [{"not": [{"name": "p0"}]}]}, False),
        ({"conditions": [{"type": "value", "key": "now", "op": "greater-than", "value_type": "date",
                          "value": "2026-11-20"}]}, True),
        ({"conditions": [{"type": "value", "key": "now", "op": "greater-than", "value_type": "date",
                          "value": "2026-12-20"}]}, False),
        ({"region": "us-east-1"}, True),
        ({"region": "eu-west-1"}, False),
        ({"start": "2026-11-21"}, True),
        ({"start": "2026-11-22"}, False),
        ({"end": "2026-11-22"}, True),
        ({"end": "2026-11-20"}, False),
    ],
)  # fmt: skip
def test_conditions(more: dict[str, Json], runs: bool) -> None:
    """Each must hold."""
    assert (skipped(**more) == "") is runs


def test_the_reason_is_told() -> None:
    """With what was seen."""
    assert "its condition does not hold: region" in skipped(conditions=[{"region": "eu-west-1"}])
    assert skipped(region="eu-west-1") == "it is for region eu-west-1"
    assert skipped(start="2026-11-22") == "it starts at 2026-11-22"


def test_event_conditions_hold_without_an_event() -> None:
    """As in c7n, a pull has none; with an event they are judged."""
    conditions: Json = [{"type": "event", "key": "detail.user", "value": "ana"}]
    mode: Json = {"type": "cloudtrail", "role": "r", "events": ["RunInstances"]}
    assert skipped(conditions=conditions, mode=mode) == ""
    assert skipped({"detail": {"user": "ana"}}, conditions=conditions, mode=mode) == ""
    assert skipped({"detail": {"user": "bob"}}, conditions=conditions, mode=mode) != ""
