"""A scan's pages: its conditions in the list call's parameters, and the next page on its way while one is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor

from engine.model.json import Json
from engine.model.resource import Resource
from engine.plan.steps import Condition


def params_with(conditions: Sequence[Condition], params: Mapping[str, Json]) -> dict[str, Json]:
    """The parameters of a list call that answers these conditions, on top of the policy's own `query`."""
    asked = dict(params)
    filters = [{"Name": c.filter, "Values": list(c.values)} for c in conditions if c.filter]
    if filters:
        asked["Filters"] = [*asked.get("Filters", []), *filters]
    asked.update({c.param: c.values[0] for c in conditions if c.param})
    return asked


def ahead(pages: Iterator[list[Resource]], pool: Executor) -> Iterator[list[Resource]]:
    """The same pages, with the next one already on its way while this one is looked at."""

    def step() -> list[Resource] | None:
        return next(pages, None)

    future = pool.submit(step)
    while (page := future.result()) is not None:
        future = pool.submit(step)
        yield page
