"""How much of a quota is used, by the CloudWatch series that the quota itself names?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from engine.filters._options import NOT_GIVEN, needs_of, reader
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import MetricNeed, Need
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View

SECONDS = {
    "MICROSECOND": 0.000001, "MILLISECOND": 0.001, "SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 86400,
    "WEEK": 604800,
}  # fmt: skip
"""Source: Service Quotas API Reference, QuotaPeriod."""
ADDED_UP = ("Sum", "SampleCount")
"""Statistics that grow with the period: they are brought back to the quota's own."""


@dataclass(frozen=True, slots=True)
class QuotaUsage:
    """Passes when the most that was used in the last day is more than `limit` percent of the quota.

    A quota without a usage metric, or without datapoints, does not match. Where the quota is for a shorter time than
    CloudWatch is asked about, sums are divided accordingly; a maximum is not.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = ("quota-usage", "{type: quota-usage, limit: 70, min_period: 60}")

    limit: Annotated[float, Says("more than this much of the quota", unit="percent")] = 80
    min_period: Annotated[float, Says("the shortest datapoint; at least 60", unit="seconds")] = 300
    hard_limit: Annotated[float | None, Says("no request may ask for more than this")] = None
    statistic: Annotated[
        Literal["Maximum", "Minimum", "Average", "Sum", "SampleCount"],
        Says("instead of the statistic that the quota recommends"),
    ] = NOT_GIVEN
    of: Annotated[str, Says("JMESPath to the quota's usage metric", key="-of")] = "UsageMetric"
    whole: Annotated[str, Says("JMESPath to the quota's value", key="-whole")] = "Value"
    span: Annotated[str, Says("JMESPath to the time that the quota is for", key="-span")] = "Period"

    @property
    def _own(self) -> str:
        """JMESPath to the seconds that the quota is for; a day where it is for no time."""
        factor = f"lookup(`{json.dumps(SECONDS)}`, {self.span}.PeriodUnit)"
        return f"{self.span} && product([{self.span}.PeriodValue, {factor}]) || `86400`"

    @property
    def _period(self) -> str:
        """The period asked for: whole minutes, and not below `min_period`."""
        least = max(60, self.min_period)
        minutes = f"ceil(product([max([`{json.dumps(least)}`, {self._own}]), `{1 / 60!r}`]))"
        return f"product([{minutes}, `60`])"

    @property
    def _series(self) -> str:
        statistic = f"'{self.statistic}'" if self.statistic else f"{self.of}.MetricStatisticRecommendation || 'Maximum'"
        return (
            f"{self.of} && {{namespace: {self.of}.MetricNamespace, name: {self.of}.MetricName, "
            f"dimensions: {self.of}.MetricDimensions, statistic: {statistic}, period: {self._period}}}"
        )

    @property
    def _need(self) -> MetricNeed:
        return MetricNeed("", self.of, self.statistic or "", 1, 0, of=self._series)

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The quota's own series, and what describes it."""
        paths = (self.of, self.whole, self.span)
        return frozenset(need for path in paths for need in needs_of(path, type)) | {self._need}

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when more than that much is used."""
        used, quota = self._used(view), self._quota(view)
        return decided(used is not None and quota is not None and used > self.limit / 100 * quota)

    def _quota(self, view: View) -> float | None:
        value = reader(self.whole)(view.attributes)
        return float(value) if isinstance(value, int | float) else None

    def _used(self, view: View) -> float | None:
        points: list[float] = view.fact(self._need)
        series = reader(self._series)(view.attributes)
        if not points or not series:
            return None
        statistic = series["statistic"]
        if statistic == "Minimum":
            most = min(points)
        elif statistic == "Average":
            most = sum(points) / len(points)
        else:
            most = max(points)
        own = reader(self._own)(view.attributes)
        return round(most * own / series["period"] if statistic in ADDED_UP else most, 2)

    @property
    def finds(self) -> str:
        """What is used, for the request of an increase."""
        return "usage"

    def found(self, view: View, setting: Setting) -> list[Json]:
        """What is used, of how much, and the limit of requests."""
        return [{"used": self._used(view), "quota": self._quota(view), "hard_limit": self.hard_limit}]

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """What is used, of how much."""
        used, quota = self._used(view), self._quota(view)
        told = "no datapoints" if used is None else f"{used:g} of {quota if quota is None else format(quota, 'g')}"
        return Evidence(
            filter=f"usage > {self.limit:g} percent",
            verdict=self.judge(view, setting),
            expected=f"> {self.limit:g} percent of the quota",
            observed=told,
            source="CloudWatch, the quota's usage metric, 1 d",
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """A limit that can be passed."""
        if self.limit < 0:
            yield Problem("limit", "a share is at least 0 percent")
