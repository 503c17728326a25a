from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from engine.sandbox.series import Series, points

NOW = datetime(2026, 11, 21, 7, 53, tzinfo=UTC)
DAY = timedelta(days=1)


def told(series: Series, days: int = 7, age: timedelta | None = None, seed: str = "a") -> list[tuple[datetime, float]]:
    return list(points(series, now=NOW, days=days, age=age, seed=seed))


@pytest.mark.parametrize(
    ("series", "age", "count"),
    [
        (Series(mean=2.5), None, 168),
        (Series(mean=2.5, days=2), None, 48),
        (Series(mean=2.5), 3 * DAY, 72),
        (Series(mean=2.5), timedelta(hours=1), 1),
        (Series(mean=2.5), timedelta(minutes=5), 0),
    ],
)
def test_reaches_back_as_far_as_the_thing_is_old(series: Series, age: timedelta | None, count: int) -> None:
    assert len(told(series, age=age)) == count


def test_is_hourly_and_ends_now() -> None:
    moments = [moment for moment, _ in told(Series(mean=1.0), days=1)]
    assert moments[-1] == datetime(2026, 11, 21, 7, tzinfo=UTC)
    assert {later - earlier for earlier, later in pairwise(moments)} == {timedelta(hours=1)}


@pytest.mark.parametrize(("mean", "spread"), [(2.5, 0.2), (1.0, 5.0), (0.0, 0.0), (42.0, 9.0)])
def test_keeps_its_mean_and_never_falls_below_zero(mean: float, spread: float) -> None:
    values = [value for _, value in told(Series(mean=mean, spread=spread))]
    assert sum(values) / len(values) == pytest.approx(mean, abs=1e-6)
    assert min(values) >= 0
    assert (len(set(values)) > 1) == (spread > 0)


def test_is_the_same_each_time_and_another_for_another_seed() -> None:
    series = Series(mean=10.0, spread=3.0)
    assert told(series, seed="a") == told(series, seed="a")
    assert told(series, seed="a") != told(series, seed="b")
