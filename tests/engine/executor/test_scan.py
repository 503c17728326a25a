"""A scan's parameters and its pages."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.executor.scan import ahead, params_with
from engine.plan.steps import Condition


def test_conditions_become_parameters() -> None:
    """Filters on top of the policy's own, plain ones beside them."""
    conditions = [
        Condition("State.Name", "instance-state-name", "", ("running", "stopped")),
        Condition("BucketRegion", "", "BucketRegion", ("eu-west-1",)),
    ]
    own = {"Filters": [{"Name": "vpc-id", "Values": ["v"]}], "Other": 1}
    assert params_with(conditions, own) == {
        "Filters": [{"Name": "vpc-id", "Values": ["v"]},
                    {"Name": "instance-state-name", "Values": ["running", "stopped"]}],
        "Other": 1,
        "BucketRegion": "eu-west-1",
    }  # fmt: skip
    assert own == {"Filters": [{"Name": "vpc-id", "Values": ["v"]}], "Other": 1}
    assert params_with([], {}) == {}


def test_the_next_page_is_on_its_way_and_only_the_next() -> None:
    """In order; no more than one ahead."""
    asked: list[int] = []

    def pages() -> Iterator[list[int]]:
        for number in range(4):
            asked.append(number)
            yield [number]

    with ThreadPoolExecutor(1) as pool:
        found = []
        for page in ahead(pages(), pool):  # type: ignore[arg-type]
            assert len(asked) <= len(found) + 2
            found.append(page)
    assert found == [[0], [1], [2], [3]]


def test_a_page_that_fails_raises_where_it_is_looked_for() -> None:
    """After those before it."""

    def pages() -> Iterator[list[int]]:
        yield [0]
        raise ValueError("broken")

    with ThreadPoolExecutor(1) as pool:
        found = ahead(pages(), pool)  # type: ignore[arg-type]
        assert next(found) == [0]
        with pytest.raises(ValueError, match="broken"):
            next(found)
