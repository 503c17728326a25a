"""Use by other resources."""

from __future__ import annotations

import pytest

from engine.model.need import Need, PopulationNeed
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from .views import MACHINE, Rejected, tree, verdict, why

ASG, NIC = PopulationNeed("asg", "Ids[]"), PopulationNeed("eni", "Id")
BY = {"by": [{"type": "asg", "path": "Ids[]"}, {"type": "eni", "path": "Id"}]}
MATCH, NO, UNKNOWN = Kind.MATCH, Kind.NO_MATCH, Kind.UNKNOWN


@pytest.mark.parametrize(
    ("text", "presets", "facts", "expected"),
    [
        ("unused", BY, {ASG: set(), NIC: {"other"}}, MATCH),
        ("unused", BY, {ASG: set(), NIC: {"i-1"}}, NO),
        ("unused", BY, {NIC: {"i-1"}}, NO),
        ("unused", BY, {NIC: set()}, UNKNOWN),
        ("{type: unused, value: false}", BY, {ASG: set(), NIC: {"i-1"}}, MATCH),
        ("unused", {**BY, "used": True}, {ASG: set(), NIC: {"i-1"}}, MATCH),
        ("{type: unused, value: false}", {**BY, "used": True}, {ASG: set(), NIC: {"i-1"}}, NO),
        (
            "unused",
            {**BY, "by": [*BY["by"], {"type": "x", "path": "y", "when": "_options.all"}]},
            {ASG: set(), NIC: set()},
            MATCH,
        ),
        ("unused", {**BY, "options": {"state": "absent"}}, {ASG: set(), NIC: {"i-1"}}, MATCH),
        ("unused", {**BY, "used": True, "options": {"state": "absent"}}, {ASG: set(), NIC: {"i-1"}}, NO),
        ("unused", {**BY, "id": "Arn"}, {ASG: {"i-1"}, NIC: {"arn"}}, NO),
        ("unused", {**BY, "id": "[Arn, id]"}, {ASG: {"i-1"}, NIC: set()}, NO),
        ("unused", {**BY, "id": "Gone"}, {ASG: {"i-1"}, NIC: set()}, MATCH),
    ],
)
def test_judge(text: str, presets: dict[str, object], facts: dict[Need, object], expected: Kind) -> None:
    assert verdict(text, {"id": "i-1", "Arn": "arn"}, facts=facts, presets=presets).kind is expected


def test_needs_evidence_problems() -> None:
    told = tree("unused", BY)
    assert isinstance(told, Leaf)
    assert told.piece.needs(MACHINE) == {ASG, NIC}
    shown = why("unused", {"id": "i-1"}, facts={ASG: {"i-1"}, NIC: set()}, presets=BY)
    assert (shown.filter, shown.expected, shown.observed) == (
        "unused",
        "named by no resource of asg, eni",
        "named by asg",
    )
    for presets in ({}, {"by": [{"type": "asg", "path": "a["}]}):
        with pytest.raises(Rejected):
            tree("unused", presets)
