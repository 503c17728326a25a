"""AWS Health's events about a resource."""

from __future__ import annotations

import pytest

from engine.model.json import Json
from engine.model.need import HealthNeed
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from . import views


@pytest.mark.parametrize(
    ("found", "expected"), [([{"arn": "e"}], Kind.MATCH), ([], Kind.NO_MATCH), (None, Kind.UNKNOWN)]
)
def test_judge(found: Json, expected: Kind) -> None:
    facts = {} if found is None else {HealthNeed(): found}
    assert views.verdict("health-event", {}, facts=facts).kind is expected


def test_needs_and_evidence() -> None:
    leaf = views.tree("{type: health-event, statuses: [closed], category: [issue], types: [A]}")
    assert isinstance(leaf, Leaf)
    assert leaf.piece.needs(views.MACHINE) == {HealthNeed(("closed",), ("A",), ("issue",))}
    event = {"eventTypeCode": "AWS_EC2_X", "statusCode": "open"}
    shown = views.why("health-event", {}, facts={HealthNeed(): [event]})
    assert (shown.expected, shown.observed) == ("one that is open or upcoming", "AWS_EC2_X open")
