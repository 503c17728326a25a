"""Do a resource's CloudWatch datapoints compare with a number?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from engine.filters._compare import SIGNS, Op, matches
from engine.filters._kinds import is_number
from engine.filters._options import NOT_GIVEN, Reader, needs_of, problem_of_path, reader
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import MetricNeed, Need
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View

STATISTICS = ("Average", "Sum", "Maximum", "Minimum", "SampleCount")
_PERCENTILE = re.compile(r"p\d{1,3}(\.\d{0,2})?\Z")
"""Source: CloudWatch user guide, statistics definitions: `pNN.NN`."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Compares every datapoint of a metric with `value`; all must pass.

    Without `period` the whole window is one datapoint. A resource without datapoints does not match, unless
    `missing-value` stands in for them. `percent-attr` turns each datapoint into a percentage of an attribute of the
    resource times `attr-multiplier`; a resource where that is missing or zero does not match.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: metrics, name: CPUUtilization, days: 7, op: less-than, value: 5}",
        "{type: metrics, name: FreeStorageSpace, percent-attr: AllocatedStorage, attr-multiplier: 1.0e+9, value: 9}",
        "{type: metrics, name: RequestCount, statistics: Sum, days: 14, value: 1, missing-value: 0}",
    )

    name: Annotated[str, Says("the metric's name as CloudWatch spells it")]
    value: Annotated[float, Says("what to compare each datapoint with, in the metric's own unit")]
    op: Annotated[Op, Says("how each datapoint compares")] = "less-than"
    days: Annotated[float, Says("the window, ending now; at most 455, as CloudWatch keeps", unit="days", most=455)] = 14
    period: Annotated[float, Says("length of one datapoint (default: the whole window)", unit="seconds")] = NOT_GIVEN
    statistics: Annotated[str, Says("Average, Sum, Minimum, Maximum, SampleCount, or a percentile as p99.9")] = (
        "Average"
    )
    namespace: Annotated[str, Says("CloudWatch namespace (default: the type's)")] = ""
    dimensions: Annotated[dict[str, str], Says("dimensions added to the resource's own")] = field(default_factory=dict)
    missing_value: Annotated[float | None, Says("the datapoint to assume when there is none", key="missing-value")] = (
        None
    )
    percent_attr: Annotated[str, Says("attribute that is 100 percent", key="percent-attr")] = ""
    attr_multiplier: Annotated[
        float, Says("factor that turns the attribute into the metric's unit", key="attr-multiplier")
    ] = 1
    period_start: Annotated[
        Literal["auto", "start-of-day"], Says("start-of-day: from midnight to midnight UTC", key="period-start")
    ] = "auto"
    own: Annotated[dict[str, str] | None, Says("dimensions in place of the type's: name → path", key="-own")] = None
    _whole: Reader = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_whole", reader(self.percent_attr))

    def need(self, type: ResourceType) -> MetricNeed:
        """The series."""
        return MetricNeed(
            namespace=self.namespace or (type.metrics.namespace if type.metrics is not None else ""),
            name=self.name,
            statistic=self.statistics,
            days=self.days,
            period=int(self.period or self.days * 86400),
            dimensions=tuple(sorted(self.dimensions.items())),
            start_of_day=self.period_start == "start-of-day",
            own=tuple((self.own or {}).items()),
        )

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The series, and what fills the attributes of its dimensions and the one that is 100 percent."""
        paths = list((self.own or {}).values())
        if type.metrics is not None and not self.own:
            paths += [*type.metrics.dimensions.values(), type.metrics.each or "''"]
        paths += [self.percent_attr] if self.percent_attr else []
        return frozenset(need for path in paths for need in needs_of(path, type)) | {self.need(type)}

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when there are datapoints and all pass; those of one series, where the resource has several."""
        return decided(any(self._passes(points, setting) for points in self._series(view, setting)))

    def _passes(self, points: Sequence[float], setting: Setting) -> bool:
        return bool(points) and all(matches(self.op, "", p, self.value, setting.now) for p in points)

    def _series(self, view: View, setting: Setting) -> list[list[float]]:
        metrics = setting.type.metrics
        fact = view.fact(self.need(setting.type))
        several: Sequence[Sequence[float]] = fact if metrics is not None and metrics.each and not self.own else [fact]
        return [self._points(points, view) for points in several]

    def _points(self, known: Sequence[float], view: View) -> list[float]:
        points = list(known)
        if not points and self.missing_value is not None:
            points = [self.missing_value]
        if not self.percent_attr:
            return points
        attribute = self._whole(view.attributes)
        whole = attribute * self.attr_multiplier if is_number(attribute) else 0
        return [point / whole * 100 for point in points] if whole else []

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The datapoints, lowest to highest where there are several."""
        points = [point for series in self._series(view, setting) for point in series]
        unit = f" percent of {self.percent_attr}" if self.percent_attr else ""
        expected = f"{SIGNS.get(self.op, self.op)} {self.value:g}{unit}"
        observed = "no datapoints"
        if self.percent_attr and not points and not self._whole(view.attributes):
            observed = f"{self.percent_attr} is missing or zero"
        elif len(points) == 1:
            observed = f"{points[0]:.6g}{unit}"
        elif points:
            observed = f"{len(points)} datapoints from {min(points):.6g} to {max(points):.6g}{unit}"
        need = self.need(setting.type)
        return Evidence(
            filter=f"{self.name} {expected}",
            verdict=self.judge(view, setting),
            expected=expected,
            observed=observed,
            source=f"CloudWatch {need.namespace} {self.name} {self.statistics} {self.days:g} d",
        )

    def problems(self, type: ResourceType | None = None, **_: Json) -> Iterator[Problem]:
        """A namespace to look in, a statistic and a window that CloudWatch has."""
        if type is not None and type.metrics is None and not self.namespace:
            yield Problem("namespace", f"{type.word} has no metrics of its own", "give a namespace and dimensions")
        if self.statistics not in STATISTICS and not _PERCENTILE.match(self.statistics):
            hint = f"one of {', '.join(STATISTICS)}, or a percentile as p99.9"
            yield Problem("statistics", f"'{self.statistics}' is no statistic", hint)
        if self.days <= 0:
            yield Problem("days", "the window must be longer than 0 days")
        if self.period is not None and self.period < 1:
            yield Problem("period", "a period is at least 1 second", "CloudWatch keeps minutes: use a multiple of 60")
        if self.percent_attr and (text := problem_of_path(self.percent_attr)):
            yield Problem("percent-attr", f"'{self.percent_attr}' is no path: {text}")
