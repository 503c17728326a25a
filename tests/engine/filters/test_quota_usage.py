"""How much of a quota is used."""

from __future__ import annotations

from typing import Any

import pytest

from engine.filters.quota_usage import QuotaUsage
from engine.model.verdict import Kind
from engine.plugin.paths import getter
from engine.plugin.tree import Leaf

from . import views

MATCH, NO, UNKNOWN = Kind.MATCH, Kind.NO_MATCH, Kind.UNKNOWN


def quota(value: float = 100, statistic: str = "Maximum", **period: Any) -> dict[str, Any]:
    metric = {
        "MetricNamespace": "AWS/Usage",
        "MetricName": "CallCount",
        "MetricDimensions": {"Service": "X"},
        "MetricStatisticRecommendation": statistic,
    }
    return {"Value": value, "UsageMetric": metric, **({"Period": period} if period else {})}


def piece(text: str) -> QuotaUsage:
    leaf = views.tree(text)
    assert isinstance(leaf, Leaf)
    assert isinstance(leaf.piece, QuotaUsage)
    return leaf.piece


@pytest.mark.parametrize(
    ("text", "attributes", "points", "expected"),
    [
        ("quota-usage", quota(), [10.0, 81.0], MATCH),
        ("quota-usage", quota(), [80.0], NO),
        ("{type: quota-usage, limit: 20}", quota(), [21.0], MATCH),
        ("quota-usage", quota(), [], NO),
        ("quota-usage", {"Value": 100}, [], NO),
        ("quota-usage", quota(statistic="Average"), [90.0, 10.0], NO),
        ("quota-usage", quota(statistic="Minimum"), [90.0, 10.0], NO),
        # 300 seconds of calls, of which 10 a second are allowed
        ("quota-usage", quota(10, "Sum", PeriodValue=1, PeriodUnit="SECOND"), [2700.0], MATCH),
        ("quota-usage", quota(10, "Sum", PeriodValue=1, PeriodUnit="SECOND"), [2000.0], NO),
        ("{type: quota-usage, statistic: Maximum}", quota(10, "Sum", PeriodValue=1, PeriodUnit="SECOND"), [9.0], MATCH),
        ("quota-usage", quota(), None, UNKNOWN),
    ],
)
def test_judge(text: str, attributes: dict[str, Any], points: list[float] | None, expected: Kind) -> None:
    (need,) = piece(text).needs(views.MACHINE)
    facts = {} if points is None else {need: points}
    assert views.verdict(text, attributes, facts=facts).kind is expected


@pytest.mark.parametrize(
    ("text", "attributes", "period"),
    [
        ("quota-usage", quota(), 86400),
        ("quota-usage", quota(PeriodValue=1, PeriodUnit="SECOND"), 300),
        ("{type: quota-usage, min_period: 1}", quota(PeriodValue=1, PeriodUnit="SECOND"), 60),
        ("quota-usage", quota(PeriodValue=310, PeriodUnit="SECOND"), 360),
        ("quota-usage", quota(PeriodValue=2, PeriodUnit="HOUR"), 7200),
    ],
)
def test_the_period_is_whole_minutes(text: str, attributes: dict[str, Any], period: int) -> None:
    (need,) = piece(text).needs(views.MACHINE)
    assert getter(need.of)(attributes)["period"] == period  # type: ignore[union-attr]


def test_evidence_and_problems() -> None:
    (need,) = piece("quota-usage").needs(views.MACHINE)
    shown = views.why("quota-usage", quota(), facts={need: [90.0]})
    assert (shown.expected, shown.observed) == ("> 80 percent of the quota", "90 of 100")
    with pytest.raises(views.Rejected):
        views.tree("{type: quota-usage, limit: -1}")
