"""Marks."""

from __future__ import annotations

import pytest

from engine.model.node import node_of
from engine.model.verdict import Kind
from engine.plugin.params import Reading, problems_of
from engine.plugin.tree import Leaf

from .views import Rejected, matched, tree, verdict, why

STOP = "{type: marked-for-op, op: stop%s}"


def marked(mark: object) -> dict[str, object]:
    return {"Tags": [{"Key": "maid_status", "Value": mark}]}


@pytest.mark.parametrize(
    ("options", "mark", "expected"),
    [
        ("", "x: stop@2026/11/21", True),
        ("", "x: stop@2026-11-20T23:59:00-00:30", False),
        ("", "x: stop@2026-11-20T23:00:00-00:30", True),
        ("", "x: stop@20261120T2300-0000", True),
        (", tz: pt", "x: stop@2026/11/21", False),
        (", tz: Asia/Tokyo", "x: stop@2026/11/21", True),
        (", tz: pt", "x: stop@2026/11/20 1559 PST", True),
        (", skew: 0.5, skew_hours: 12", "x: stop@2026/11/22", True),
        ("", "x: stop@9999-12-31T23:59:59-12:00", False),
        (", skew: 99999999", "x: stop@2026/11/20", False),
        ("", "x: stop", False),
        ("", "stop@2026/11/20", False),
        ("", ":@", False),
        ("", None, False),
        ("", 5, False),
    ],
)
def test_judge(options: str, mark: object, expected: bool) -> None:
    assert matched(STOP % options, marked(mark)) is expected


def test_unknown_and_evidence() -> None:
    assert verdict(STOP % "", {}, unreadable=("Tags",)).kind is Kind.UNKNOWN
    assert not matched(STOP % "", {})
    shown = why(STOP % ", tag: t, skew: 1", {})
    assert (shown.filter, shown.observed) == ("tag:t marked for stop", "key missing")


def test_problems() -> None:
    for text in (STOP % ", tz: nowhere", STOP % ", skew: -1", "{type: marked-for-op}"):
        with pytest.raises(Rejected):
            tree(text)
    told = tree(STOP % "")
    assert isinstance(told, Leaf)
    reading = Reading()
    problems_of(told.piece, node_of({"op": "stop"}), "", reading, ops={"start"})
    assert [d.summary for d in reading.diagnostics] == ["'stop' is no action of the type"]


def test_a_mark_may_announce_that_somebody_is_told() -> None:
    told = tree("{type: marked-for-op, op: notify}")
    assert isinstance(told, Leaf)
    reading = Reading()
    problems_of(told.piece, node_of({"op": "notify"}), "", reading, ops={"stop"})
    assert reading.diagnostics == []
