"""What did CloudWatch record about a thing? A mean and a spread stand for a history of hourly points.

A world writes `cpu: 2.5` or `cpu: {mean: 2.5, spread: 0.2, days: 3}`; `points` turns that into the same numbers every
time, so that a policy near a threshold does not match on one day and fail on the next.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

DAYS = 7
"""How far back a series reaches when neither it nor its world says."""

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One metric's history: a mean and the standard deviation around it, in the metric's own unit, hourly.

    Units:    days is how far back it reaches; None means as far as the world's `days`.
    """

    mean: float
    spread: float = 0.0
    days: int | None = None


def points(
    series: Series, *, now: datetime, days: int, age: timedelta | None, seed: str
) -> Iterator[tuple[datetime, float]]:
    """The points of a series, oldest first.

    Args:     now is the present; days counts when the series says nothing; age ends the history at the thing's birth;
              seed names the series, so that equal worlds give equal points.
    Returns:  (start of the hour, value) pairs; the newest hour is the running one, as CloudWatch shows it. A series
              with a spread keeps its mean, and never falls below zero when its mean is not negative.
    Units:    values in the metric's own unit.
    """
    newest = now.replace(minute=0, second=0, microsecond=0)
    count = (series.days or days) * 24
    if age is not None:
        count = min(count, int(age / HOUR))
    values = _values(series, count, seed)
    for index, value in enumerate(values):
        yield newest - HOUR * (count - 1 - index), value


def _values(series: Series, count: int, seed: str) -> list[float]:
    if not series.spread:
        return [series.mean] * count
    draw = random.Random(seed)
    # Drawn in pairs around the mean, clipped alike on both sides: the average is the mean the world wrote.
    furthest = abs(series.mean) if series.mean else series.spread
    values: list[float] = []
    while len(values) + 1 < count:
        off = min(abs(draw.gauss(0, series.spread)), furthest)
        values += [round(series.mean - off, 4), round(series.mean + off, 4)]
    if len(values) < count:
        values.append(series.mean)
    return values
