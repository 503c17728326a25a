"""Security Hub's findings on a resource."""

from __future__ import annotations

import pytest

from engine.model.json import Json
from engine.model.need import FindingNeed
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from . import views


@pytest.mark.parametrize(
    ("found", "expected"), [([{"Title": "x"}], Kind.MATCH), ([], Kind.NO_MATCH), (None, Kind.UNKNOWN)]
)
def test_judge(found: Json, expected: Kind) -> None:
    facts = {} if found is None else {FindingNeed(): found}
    assert views.verdict("finding", {}, facts=facts).kind is expected


def test_needs_and_evidence() -> None:
    leaf = views.tree("{type: finding, region: us-east-1, query: {B: [1], A: [2]}}")
    assert isinstance(leaf, Leaf)
    assert leaf.piece.needs(views.MACHINE) == {FindingNeed('{"A": [2], "B": [1]}', "us-east-1")}
    shown = views.why("finding", {}, facts={FindingNeed(): [{"Title": "open port"}, {"Id": "f-2"}]})
    assert shown.observed == "open port; f-2"
