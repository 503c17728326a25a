"""Ages."""

from __future__ import annotations

import pytest

from engine.model.need import FacetNeed
from engine.plugin.tree import Leaf

from .views import MACHINE, Rejected, matched, tree, why

SEEN = {"date": "LaunchTime"}
OLD, NEW = {"LaunchTime": "2026-11-19T00:00:00Z"}, {"LaunchTime": "2026-11-20T18:00:00Z"}


@pytest.mark.parametrize(
    ("text", "attributes", "expected"),
    [
        ("{type: age, days: 1}", OLD, True),
        ("{type: age, days: 1}", NEW, False),
        ("{type: age, days: 1, op: less-than}", NEW, True),
        ("{type: age, days: 1, op: lt}", {}, False),
        ("{type: age, days: 1}", {}, False),
        ("{type: age, days: 1}", {"LaunchTime": "junk"}, False),
        ("{type: age, days: 2, op: gt}", OLD, False),
        ("{type: age, days: 2, op: ge}", OLD, True),
        ("{type: age, days: 1, hours: 23, minutes: 59}", OLD, True),
        ("{type: age, hours: 6, op: eq}", NEW, True),
        ("{type: age}", NEW, True),
        ("{type: age, days: 1}", {"LaunchTime": [NEW["LaunchTime"], OLD["LaunchTime"], None]}, True),
        ("{type: age, days: 1}", {"LaunchTime": []}, False),
    ],
)
def test_judge(text: str, attributes: dict[str, object], expected: bool) -> None:
    assert matched(text, attributes, presets=SEEN) is expected


def test_needs_and_evidence() -> None:
    told = tree("{type: age, days: 1}", {"date": "Policy.At"})
    assert isinstance(told, Leaf)
    assert told.piece.needs(MACHINE) == {FacetNeed("policy")}
    shown = why("{type: age, days: 1}", OLD, presets=SEEN)
    assert (shown.filter, shown.observed) == ("age > 1 days", "2026-11-19T00:00:00+00:00 (2.0 days ago)")


@pytest.mark.parametrize(
    ("text", "presets"),
    [
        ("{type: age, days: 1}", {}),
        ("{type: age, days: 1}", {"date": "a["}),
        ("{type: age, days: 1, op: glob}", SEEN),
        ("{type: age, days: 1.0e+12}", SEEN),
        ("{type: age, days: '1'}", SEEN),
    ],
)
def test_problems(text: str, presets: dict[str, object]) -> None:
    with pytest.raises(Rejected):
        tree(text, presets)
