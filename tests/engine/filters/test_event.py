"""The value filter on the event."""

from __future__ import annotations

import pytest

from engine.model.node import node_of
from engine.plugin.params import Reading, problems_of
from engine.plugin.tree import Leaf

from .views import MACHINE, Rejected, matched, tree, why

ROOT = "{type: event, key: detail.userIdentity.type, op: ne, value: Root}"
EVENT = {"detail": {"userIdentity": {"type": "Root"}}}


@pytest.mark.parametrize(
    ("text", "event", "expected"),
    [
        (ROOT, None, True),
        (ROOT, EVENT, False),
        (ROOT, {}, True),
        ("{type: event, key: detail.errorCode, value: absent}", EVENT, True),
        ("{type: event, key: a, value_path: b}", {"a": 1, "b": 1}, True),
    ],
)
def test_judge(text: str, event: object, expected: bool) -> None:
    assert matched(text, {"a": 5}, event=event) is expected


def test_needs_nothing_of_the_resource() -> None:
    told = tree("{type: event, key: Policy.x, value_path: Policy.y}")
    assert isinstance(told, Leaf)
    assert told.piece.needs(MACHINE) == frozenset()


def test_evidence() -> None:
    assert why(ROOT, {}).observed == "no event"
    assert why(ROOT, {}, event=EVENT).observed == "Root"


def test_problems() -> None:
    with pytest.raises(Rejected, match="an event has no resources"):
        tree("{type: event, value_type: resource_count, op: gt, value: 1}")
    told = tree(ROOT)
    assert isinstance(told, Leaf)
    reading = Reading()
    problems_of(told.piece, node_of({}), "", reading, policy={"name": "x"})
    assert [d.summary for d in reading.diagnostics] == ["an event filter needs a policy with a mode that brings events"]
