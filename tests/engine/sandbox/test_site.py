"""Where things are built: ids that are remembered, and dates moved in the form they are held in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from engine.sandbox.kinds.identity import Role
from engine.sandbox.kinds.storage import Bucket
from engine.sandbox.site import Site, tag_list

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Opened:
    """Clients that were opened, by service and region."""

    opened: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, service: str, region: str) -> Any:
        self.opened.append((service, region))
        return service


def site(opened: Opened | None = None) -> Site:
    return Site(opened or Opened(), now=NOW, home="eu-west-1", days=7, seed=1)


@pytest.mark.parametrize(
    ("thing", "region"),
    [
        (Bucket(name="b"), "eu-west-1"),
        (Bucket(name="b", region="us-west-2"), "us-west-2"),
        (Role(name="r", region="us-west-2"), "us-east-1"),
    ],
)
def test_the_region_of_a_thing(thing: Any, region: str) -> None:
    opened = Opened()
    assert site(opened).region(thing) == region
    assert site(opened).client("s3", thing) == "s3"
    assert opened.opened == [("s3", region)]


def test_what_things_are_called() -> None:
    here = site()
    here.remember("volumes", "data", "vol-1")
    here.remember("instances", "data", "i-1")
    assert (here.recall("volumes", "data"), here.recall("instances", "data")) == ("vol-1", "i-1")
    with pytest.raises(KeyError):
        here.recall("volumes", "other")


BEFORE = NOW - DAY


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (datetime(2020, 1, 1, tzinfo=UTC), BEFORE),
        (datetime(2020, 1, 1), BEFORE.replace(tzinfo=None)),
        (1.5e9, BEFORE.timestamp()),
        (1_500_000_000, int(BEFORE.timestamp())),
        (1_500_000_000_000, int(BEFORE.timestamp() * 1000)),
        ("2020-01-01T00:00:00", "2026-11-20T09:30:00"),
        ("2020-01-01T00:00:00.000Z", "2026-11-20T09:30:00.000Z"),
        ("2020-01-01T00:00:00+00:00", "2026-11-20T09:30:00+00:00"),
    ],
)
def test_a_date_keeps_its_form(held: object, expected: object) -> None:
    part = SimpleNamespace(made=held, seen=held)
    site().backdate(part, DAY, "made", "seen")
    assert (part.made, part.seen) == (expected, expected)
    assert type(part.made) is type(held)


def test_without_an_age_nothing_is_moved() -> None:
    part = SimpleNamespace(made=1.0)
    site().backdate(part, None, "made", "not_there")
    assert part.made == 1.0


def test_an_attribute_that_moto_has_not_is_a_loud_error() -> None:
    with pytest.raises(AttributeError):
        site().backdate(SimpleNamespace(), DAY, "renamed")
    with pytest.raises(AttributeError):
        site().overwrite(SimpleNamespace(), "renamed", 1)
    with pytest.raises(TypeError, match="no form known"):
        site().backdate(SimpleNamespace(made=[]), DAY, "made")


def test_tags_in_a_services_spelling() -> None:
    assert tag_list({"a": "1"}) == [{"Key": "a", "Value": "1"}]
    assert tag_list({"a": "1"}, "TagKey", "TagValue") == [{"TagKey": "a", "TagValue": "1"}]
