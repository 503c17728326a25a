"""Where does a world's thing go when it is built? A `Site`: clients for the API, moto's backends for the rest.

The API sets dates itself; a world needs things of a certain age. So a kind first makes its thing through the API, then
asks the site to move the dates in moto's own objects, which only the process that runs moto can do. Every such write
names an attribute that must exist already: a new moto that renames one fails loudly instead of leaving a young thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.sandbox.kinds.kind import Kind
from engine.sandbox.series import Series, points

ACCOUNT = "123456789012"
EVERYWHERE = "us-east-1"

Client = Any
"""A boto3 client: made from data at run time, so there is no type to name."""

OpenClient = Callable[[str, str], Client]
"""(service, region) ▸ client."""


class Site:
    """The place one world is built on, once.

    Args:     open_client(service, region) gives a client of the account; now is the present, aware, in UTC.
    """

    def __init__(self, open_client: OpenClient, *, now: datetime, home: str, days: int, seed: int) -> None:
        self._open = open_client
        self._ids: dict[tuple[str, str], Any] = {}
        self.now = now
        self.home = home
        self.days = days
        self.seed = seed

    def region(self, thing: Kind) -> str:
        """The region a thing is built in."""
        return EVERYWHERE if thing.everywhere else thing.region or self.home

    def client(self, service: str, thing: Kind) -> Client:
        """The API of a service, in the thing's region."""
        return self._open(service, self.region(thing))

    def backend(self, service: str, thing: Kind) -> Any:
        """Moto's own state of a service in the thing's region ("aws" for services without regions)."""
        from moto.backends import get_backend

        state: Any = get_backend  # typed by the name of every service; here the name is a variable
        region = "aws" if service in ("iam", "s3") else self.region(thing)
        return state(service)[ACCOUNT][region]

    def remember(self, section: str, name: str, identity: Any) -> None:
        """Keep what AWS calls a thing, for those that point at it."""
        self._ids[section, name] = identity

    def recall(self, section: str, name: str) -> Any:
        """What AWS calls a thing that was built before."""
        return self._ids[section, name]

    def ago(self, age: timedelta) -> datetime:
        """The moment an age before now."""
        return self.now - age

    def backdate(self, part: object, age: timedelta | None, *attributes: str) -> None:
        """Move dates of one of moto's objects back to `age` ago, each kept in the form moto holds it in.

        Raises:   AttributeError when moto has no such attribute any more.
        """
        if age is None:
            return
        moment = self.ago(age)
        for attribute in attributes:
            self.overwrite(part, attribute, _in_form_of(getattr(part, attribute), moment))

    def overwrite(self, part: object, attribute: str, value: object) -> None:
        """Set an attribute that one of moto's objects has.

        Raises:   AttributeError when moto has no such attribute any more.
        """
        getattr(part, attribute)
        setattr(part, attribute, value)

    def record(
        self, thing: Kind, namespace: str, dimensions: Mapping[str, str], metrics: Mapping[str, Series | None]
    ) -> None:
        """Write histories into CloudWatch, past its two-week limit on put_metric_data and without its round trips.

        Args:     metrics: metric name ▸ series; None writes nothing.
        Source:   CloudWatch API, PutMetricData: time stamps at most two weeks old.
        """
        from moto.cloudwatch.models import Dimension, MetricDatum

        region = self.region(thing)
        kept = self.backend("cloudwatch", thing).metric_data
        shared = [Dimension(name, value) for name, value in dimensions.items()]
        for metric, series in metrics.items():
            if series is None:
                continue
            seed = f"{self.seed}/{region}/{namespace}/{metric}/{sorted(dimensions.items())}"
            for moment, value in points(series, now=self.now, days=self.days, age=thing.age, seed=seed):
                point = MetricDatum(namespace, metric, value, [], moment.replace(tzinfo=None))
                point.dimensions = shared
                kept.append(point)


def tag_list(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Tags as most of AWS takes them: [{"Key": str, "Value": str}, …]; `key` and `value` are the spelling."""
    return [{key: name, value: text} for name, text in tags.items()]


def _in_form_of(current: object, moment: datetime) -> object:
    if isinstance(current, datetime):
        return moment if current.tzinfo else moment.astimezone(UTC).replace(tzinfo=None)
    if isinstance(current, float):
        return moment.timestamp()
    if isinstance(current, int):
        # Moto counts in seconds or, in Logs and SQS, in milliseconds; a count of seconds stays below 1e11 until 5138.
        return int(moment.timestamp() * (1000 if current > 1e11 else 1))
    if isinstance(current, str):
        seconds = len("2006-01-02T15:04:05")
        return moment.strftime("%Y-%m-%dT%H:%M:%S") + current[seconds:]
    raise TypeError(f"no form known for {current!r}")
