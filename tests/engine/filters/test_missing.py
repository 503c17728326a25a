"""Embedded policies that match nothing."""

from __future__ import annotations

from engine.model.need import PolicyNeed
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from .views import MACHINE, matched, tree, verdict, why

TEXT = "{type: missing, policy: {resource: cloudtrail, filters: [{IsMultiRegionTrail: true}]}}"
NEED = PolicyNeed('{"filters":[{"IsMultiRegionTrail":true}],"resource":"cloudtrail"}')


def test_judge() -> None:
    assert matched(TEXT, {}, facts={NEED: 0})
    assert not matched(TEXT, {}, facts={NEED: 2})
    assert verdict(TEXT, {}).kind is Kind.UNKNOWN


def test_needs_and_evidence() -> None:
    told = tree(TEXT)
    assert isinstance(told, Leaf)
    assert told.piece.needs(MACHINE) == {NEED}
    shown = why(TEXT, {}, facts={NEED: 2})
    assert (shown.filter, shown.observed) == ("missing: no cloudtrail that passes the embedded policy", "2 matches")
