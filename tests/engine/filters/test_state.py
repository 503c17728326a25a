"""States."""

from __future__ import annotations

import pytest

from engine.model.need import FacetNeed
from engine.plugin.tree import Leaf

from .views import MACHINE, SCOPE, Rejected, matched, tree, why

ON = {"expression": "Policy.Status == 'Enabled'"}


@pytest.mark.parametrize(
    ("text", "status", "expected"),
    [
        ("{type: state}", "Enabled", True),
        ("{type: state}", "Off", False),
        ("{type: state, state: false}", "Off", True),
        ("{type: state, state: false}", None, True),
    ],
)
def test_judge(text: str, status: object, expected: bool) -> None:
    assert matched(text, {"Policy": {"Status": status}}, presets=ON) is expected


def test_account_and_region() -> None:
    """They are known when the resource is judged."""
    here = {"expression": "Region == _options._region && Owner == _options._account"}
    own = {"Region": SCOPE.region, "Owner": SCOPE.account}
    assert matched("{type: state}", own, presets=here)
    assert not matched("{type: state}", {**own, "Region": "other"}, presets=here)


def test_needs_evidence_problems() -> None:
    told = tree("{type: state}", ON)
    assert isinstance(told, Leaf)
    assert told.piece.needs(MACHINE) == {FacetNeed("policy")}
    shown = why("{type: state, state: false}", {}, presets=ON)
    assert (shown.filter, shown.observed) == ("not Policy.Status == 'Enabled'", "false")
    for presets in ({}, {"expression": "a["}):
        with pytest.raises(Rejected):
            tree("{type: state}", presets)
