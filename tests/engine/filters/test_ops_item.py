"""OpsCenter's items about a resource."""

from __future__ import annotations

import pytest

from engine.model.need import OpsItemNeed
from engine.plugin.tree import Leaf

from . import views


def test_needs_and_evidence() -> None:
    leaf = views.tree("{type: ops-item, status: [In progress], priority: [1, 5], title: disk, source: EC2}")
    assert isinstance(leaf, Leaf)
    assert leaf.piece.needs(views.MACHINE) == {OpsItemNeed(("InProgress",), ("1", "5"), "disk", "EC2")}
    shown = views.why("ops-item", {}, facts={OpsItemNeed(): [{"Title": "disk is full", "Status": "Open"}]})
    assert (shown.expected, shown.observed) == ("one that is Open", "disk is full (Open)")


@pytest.mark.parametrize("asked", [{"priority": [6]}, {"status": ["Closed"]}, {"title": 1}])
def test_rejected(asked: dict[str, object]) -> None:
    with pytest.raises(views.Rejected):
        views.tree({"type": "ops-item", **asked})
