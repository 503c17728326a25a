"""Metrics."""

from __future__ import annotations

import dataclasses

import pytest

from engine.model.need import FacetNeed, MetricNeed
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from .views import MACHINE, Rejected, matched, tree, verdict, why

CPU = MetricNeed("AWS/EC2", "CPUUtilization", "Average", 14, 14 * 86400)
IDLE = "{type: metrics, name: CPUUtilization, value: 5%s}"
SHARE = IDLE % ", percent-attr: Size, attr-multiplier: 2"


@pytest.mark.parametrize(
    ("text", "points", "attributes", "expected"),
    [
        (IDLE % "", [1.0, 4.9], {}, True),
        (IDLE % "", [1.0, 5.0], {}, False),
        (IDLE % ", op: gte", [5.0], {}, True),
        (IDLE % "", [], {}, False),
        (IDLE % ", missing-value: 0", [], {}, True),
        (IDLE % ", missing-value: 0", [9.0], {}, False),
        (SHARE, [4.0], {"Size": 50}, True),
        (SHARE, [6.0], {"Size": 50}, False),
        (SHARE, [4.0], {}, False),
        (SHARE, [4.0], {"Size": 0}, False),
    ],
)
def test_judge(text: str, points: list[float], attributes: dict[str, object], expected: bool) -> None:
    assert matched(text, attributes, facts={CPU: points}) is expected


def test_no_series_is_unknown() -> None:
    assert verdict(IDLE % "", {}).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("options", "need"),
    [
        ("", CPU),
        (", days: 0.5", dataclasses.replace(CPU, days=0.5, period=43200)),
        (", period: 3600, statistics: p99.9", dataclasses.replace(CPU, period=3600, statistic="p99.9")),
        (
            ", namespace: X, dimensions: {b: '1', a: '2'}",
            dataclasses.replace(CPU, namespace="X", dimensions=(("a", "2"), ("b", "1"))),
        ),
        (", period-start: start-of-day", dataclasses.replace(CPU, start_of_day=True)),
    ],
)
def test_needs(options: str, need: MetricNeed) -> None:
    told = tree(IDLE % options)
    assert isinstance(told, Leaf)
    assert told.piece.needs(MACHINE) == {need}


def test_needs_of_percent_attr() -> None:
    told = tree(IDLE % ", percent-attr: Policy.x")
    assert isinstance(told, Leaf)
    assert told.piece.needs(MACHINE) == {CPU, FacetNeed("policy")}


@pytest.mark.parametrize(
    ("text", "points", "observed"),
    [
        (IDLE % "", [1.5], "1.5"),
        (IDLE % "", [1.5, 2.0], "2 datapoints from 1.5 to 2"),
        (IDLE % "", [], "no datapoints"),
        (SHARE, [1.0], "Size is missing or zero"),
    ],
)
def test_evidence(text: str, points: list[float], observed: str) -> None:
    told = why(text, {}, facts={CPU: points})
    assert (told.observed, told.source) == (observed, "CloudWatch AWS/EC2 CPUUtilization Average 14 d")


@pytest.mark.parametrize(
    "options",
    [", days: 456", ", days: 0", ", period: 0", ", statistics: zz", ", op: zz", ", value: '5'", ", percent-attr: 'a['"],
)
def test_problems(options: str) -> None:
    with pytest.raises(Rejected):
        tree((IDLE % options).replace("value: 5, value", "value"))


def test_a_type_without_metrics_needs_a_namespace() -> None:
    bare = dataclasses.replace(MACHINE, metrics=None)
    with pytest.raises(Rejected, match="machine has no metrics of its own"):
        tree(IDLE % "", record=bare)
    tree(IDLE % ", namespace: X", record=bare)


@pytest.mark.parametrize(
    ("text", "series", "expected"),
    [
        (IDLE % "", [[9.0], [1.0, 2.0]], True),
        (IDLE % "", [[9.0], [1.0, 9.0]], False),
        (IDLE % "", [], False),
        (IDLE % ", missing-value: 0", [[9.0], []], True),
        (IDLE % ", missing-value: 0", [], False),
    ],
)
def test_one_of_several_series(text: str, series: list[list[float]], expected: bool) -> None:
    """All datapoints of one of them must pass; what is missing of one is assumed of that one."""
    assert MACHINE.metrics is not None
    record = dataclasses.replace(MACHINE, metrics=dataclasses.replace(MACHINE.metrics, each="Parts"))
    assert verdict(text, {}, facts={CPU: series}, record=record).kind is (Kind.MATCH if expected else Kind.NO_MATCH)


def test_dimensions_of_a_word() -> None:
    """They stand in place of the type's, and are read of the resource."""
    presets = {"namespace": "X", "own": {"Arn": "Policy.Arn"}}
    told = tree(IDLE % "", presets)
    assert isinstance(told, Leaf)
    need = dataclasses.replace(CPU, namespace="X", own=(("Arn", "Policy.Arn"),))
    assert told.piece.needs(MACHINE) == {need, FacetNeed("policy")}
    assert matched(IDLE % "", {}, facts={need: [1.0]}, presets=presets)
