"""CloudWatch series by the five hundred: every resource and every metric of one window in as few calls as can be.

Source: CloudWatch API, GetMetricData: at most 500 queries and 100,800 datapoints a request; results may be split over
pages and marked PartialData. Periods are multiples of 60 seconds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.model.call import Call
from engine.model.errors import CallFailed
from engine.model.fact import Fact, Failed, Value, plain
from engine.model.json import Attributes, Json
from engine.model.need import MetricNeed
from engine.model.record import ResourceType
from engine.model.resource import Resource
from engine.model.scope import Scope
from engine.plugin.identity import fillings
from engine.plugin.paths import getter, roots
from engine.plugin.protocols import Request, Tell
from providers.aws.adapter.gather.facets import needs_account
from providers.aws.adapter.gather.location import placed, region_of, unplaced

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection

QUERIES = 500
DATAPOINTS = 100_800

Window = tuple[datetime, datetime]


@dataclass(slots=True)
class _Series:
    """One series wanted: for which resource and need, and the points that have come.

    `status` is what CloudWatch last said of it: until an answer has named it `Complete`, it is not known. `part`: it is
    one of several of its resource, and told with them. `fault`: why nothing was said. `unless_points`: why an
    empty series proves nothing (points do: a resource has them in one region only).
    """

    resource: Resource
    need: MetricNeed
    metric: dict[str, Json]
    statistic: str
    period: int
    points: list[tuple[datetime, float]] = field(default_factory=list)
    status: str = "said nothing"
    part: bool = False
    fault: str = ""
    unless_points: str = ""

    @property
    def fact(self) -> Fact:
        """Its values in time order, or why they are not known."""
        if self.fault:
            return Failed(self.fault)
        if self.status != "Complete":
            return Failed(f"cloudwatch:GetMetricData {self.status} for {self.metric['MetricName']}")
        if self.unless_points and not self.points:
            return Failed(self.unless_points)
        return Value([value for _, value in sorted(self.points)])


def gather_metrics(connection: AwsConnection, requests: Sequence[Request], tell: Tell) -> None:
    """Tell each resource's series as a list of floats in time order."""
    windows: dict[tuple[Scope, Window], list[_Series]] = {}
    several: list[tuple[Resource, MetricNeed, list[_Series]]] = []
    for request in requests:
        if not isinstance(request.need, MetricNeed):
            continue
        window = window_of(request.need, request.setting.now)
        seen = _seen(connection, request, _dimensions(request.type, request.need))
        for resource, attributes in placed(connection, request):
            need = asked_of(request.need, attributes)
            if need is None:
                tell(resource, request.need, Value([]))
                continue
            elements = _elements(request.type, need, seen(attributes))
            found = [metric_of(need, request.type, each) for each in elements or ()]
            metrics = [metric for metric in found if metric is not None]
            if elements is None or len(metrics) < len(found):
                tell(resource, request.need, Failed("it lacks an attribute that its metric's dimensions need"))
                continue
            part = _several(request.type, need)
            scope = request.setting.scope
            region = region_of(connection, request.type, attributes, scope)
            unless = "" if region else unplaced(request.type, "metrics").cause
            series = [
                _Series(resource, request.need, metric, need.statistic, need.period, part=part, unless_points=unless)
                for metric in metrics
            ]
            scope = replace(scope, region=region or scope.region)
            windows.setdefault((scope, window), []).extend(series)
            if part:
                several.append((resource, request.need, series))
    jobs = [(scope, window, batch) for (scope, window), wanted in windows.items() for batch in batches(wanted, window)]
    futures = [connection.pool.submit(_ask, connection, *job, tell) for job in jobs]
    wait(futures)
    for future in futures:
        future.result()
    for resource, asked, parts in several:
        facts = [series.fact for series in parts]
        failed = next((fact for fact in facts if isinstance(fact, Failed)), None)
        tell(resource, asked, failed or Value([plain(fact) for fact in facts]))


def _several(type: ResourceType, need: MetricNeed) -> bool:
    """Whether a resource of the type has several series."""
    return type.metrics is not None and bool(type.metrics.each) and not need.of and not need.own


def _seen(
    connection: AwsConnection, request: Request, dimensions: Mapping[str, str]
) -> Callable[[Attributes], Attributes]:
    """What paths of dimensions see of a resource: its ARN and its account too, where one of them asks."""
    if not any(name.startswith("_") for path in dimensions.values() for name in roots(path)):
        return lambda attributes: attributes
    scope = request.setting.scope
    there = connection.with_account(scope) if needs_account(request.type, dimensions) else scope
    return lambda attributes: fillings(request.type, attributes, there)


def _dimensions(type: ResourceType, need: MetricNeed) -> Mapping[str, str]:
    """Name → path of the dimensions that are the resource's own."""
    if need.own:
        return dict(need.own)
    return type.metrics.dimensions if type.metrics is not None and not need.of else {}


def _elements(type: ResourceType, need: MetricNeed, attributes: Attributes) -> list[Attributes] | None:
    """What the dimensions are read from: the attributes, with each of what has a series of its own; None: not known."""
    if type.metrics is None or not _several(type, need):
        return [attributes]
    found = getter(type.metrics.each)(attributes)
    return None if found is None else [{**attributes, "_each": each} for each in found]


def window_of(need: MetricNeed, now: datetime) -> Window:
    """The window that ends now, its end rounded up as CloudWatch keeps its data.

    Source: c7n 0.9.53, language reference 7.1: up to 3 h whole seconds, 15 d minutes, 63 d five minutes, else hours.
    """
    length = timedelta(days=need.days)
    if need.start_of_day:
        end = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return end - length, end
    step = 1 if need.days <= 0.125 else 60 if need.days <= 15 else 300 if need.days <= 63 else 3600
    seconds = now.timestamp()
    end = datetime.fromtimestamp(math.ceil(seconds / step) * step, now.tzinfo)
    return end - length, end


def asked_of(need: MetricNeed, attributes: Attributes) -> MetricNeed | None:
    """The need as it is for one resource, where the resource describes its own series; None: it has none."""
    if not need.of:
        return need
    own = getter(need.of)(attributes)
    if not isinstance(own, Mapping) or not all(own.get(key) for key in ("namespace", "name", "statistic", "period")):
        return None
    dimensions = tuple(sorted((own.get("dimensions") or {}).items()))
    return replace(
        need,
        namespace=own["namespace"],
        name=own["name"],
        statistic=own["statistic"],
        period=int(own["period"]),
        dimensions=dimensions,
    )


def metric_of(need: MetricNeed, type: ResourceType, attributes: Attributes) -> dict[str, Json] | None:
    """The `Metric` of a query; None when the resource lacks a dimension's attribute."""
    dimensions: list[dict[str, str]] = []
    for name, path in _dimensions(type, need).items():
        value = getter(path)(attributes)
        if value is None:
            return None
        dimensions.append({"Name": name, "Value": str(value)})
    asked = dict(need.dimensions)
    if type.metrics is not None and not need.own:
        by_metric = type.metrics.by_metric
        more = {k: v for k, v in by_metric.get(need.name, by_metric.get("*", {})).items() if k not in asked}
        dimensions += [{"Name": name, "Value": value} for name, value in more.items()]
    given = {d["Name"] for d in dimensions}
    dimensions += [{"Name": name, "Value": value} for name, value in need.dimensions if name not in given]
    return {"Namespace": need.namespace, "MetricName": need.name, "Dimensions": dimensions}


def batches(wanted: Sequence[_Series], window: Window) -> Iterator[list[_Series]]:
    """Series in groups that one request may ask for."""
    batch: list[_Series] = []
    points = 0
    for series in wanted:
        cost = math.ceil((window[1] - window[0]).total_seconds() / series.period)
        if batch and (len(batch) == QUERIES or points + cost > DATAPOINTS):
            yield batch
            batch, points = [], 0
        batch.append(series)
        points += cost
    if batch:
        yield batch


def _ask(connection: AwsConnection, scope: Scope, window: Window, batch: Sequence[_Series], tell: Tell) -> None:
    queries = [
        {
            "Id": f"m{i}",
            "MetricStat": {"Metric": s.metric, "Period": s.period, "Stat": s.statistic},
            "ReturnData": True,
        }
        for i, s in enumerate(batch)
    ]
    params: dict[str, Json] = {
        "MetricDataQueries": queries,
        "StartTime": window[0],
        "EndTime": window[1],
        "ScanBy": "TimestampAscending",
    }
    try:
        for body in connection.door.pages(Call("cloudwatch", "GetMetricData", params, scope)):
            for result in body.get("MetricDataResults") or ():
                _collect(batch, result)
    except CallFailed as failed:
        for series in batch:
            series.fault = str(failed)
    for series in batch:
        if not series.part:
            tell(series.resource, series.need, series.fact)


def _collect(batch: Sequence[_Series], result: Mapping[str, Json]) -> None:
    """Add one result to its series; one that cannot be read is that series' failure, and nobody else's."""
    number = str(result.get("Id") or "")[1:]
    if not number.isdecimal() or int(number) >= len(batch):
        return
    series = batch[int(number)]
    times, values = result.get("Timestamps") or (), result.get("Values") or ()
    if len(times) != len(values):
        series.fault = f"cloudwatch:GetMetricData answered {len(times)} times and {len(values)} values"
        return
    series.points += zip(times, values, strict=True)
    if series.status not in ("InternalError", "Forbidden"):
        series.status = result.get("StatusCode", "Complete")
