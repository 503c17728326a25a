"""Facts from AWS in as few calls as answer the question: one module a kind of need.

Every resource of every request is answered exactly once: with a value, a proven absence, or a failure and its cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from engine.model.errors import CallFailed
from engine.model.fact import Fact, Failed, defect
from engine.model.need import (
    AskedNeed,
    ContentNeed,
    FacetNeed,
    FindingNeed,
    HealthNeed,
    MetricNeed,
    Need,
    OpsItemNeed,
    PopulationNeed,
    RelatedNeed,
)
from engine.model.resource import Resource
from engine.plugin.protocols import Request, Tell

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection


def gather(connection: AwsConnection, requests: Sequence[Request], tell: Tell) -> None:
    """Gather every request's facts, kinds side by side where they are single calls. Raises nothing."""
    from providers.aws.adapter.gather.facets import gather_facets
    from providers.aws.adapter.gather.tags import gather_tags

    once = _Once(tell)
    facets = [r for r in requests if isinstance(r.need, FacetNeed) and r.need.facet != "tags"]
    tags = [r for r in requests if isinstance(r.need, FacetNeed) and r.need.facet == "tags"]
    metrics = [r for r in requests if isinstance(r.need, MetricNeed)]
    for request in tags:
        once.answered([request], lambda each=request: gather_tags(connection, each, once))  # type: ignore[misc]
    once.answered(facets, lambda: gather_facets(connection, facets, once))
    if metrics:
        from providers.aws.adapter.gather.metrics import gather_metrics

        once.answered(metrics, lambda: gather_metrics(connection, metrics, once))
    for request in requests:
        if not isinstance(request.need, FacetNeed | MetricNeed):
            once.answered([request], lambda each=request: _gather_one(connection, each, once))  # type: ignore[misc]


class _Once:
    """A Tell that passes each fact on once and knows which are outstanding."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._had: set[tuple[int, Need]] = set()

    def __call__(self, resource: Resource, need: Need, fact: Fact) -> None:
        key = (id(resource), need)
        if key not in self._had:
            self._had.add(key)
            self._tell(resource, need, fact)

    def answered(self, requests: Iterable[Request], work: Callable[[], None]) -> None:
        """Do the work; what it leaves unanswered, because it failed or forgot it, has failed."""
        cause = "nothing was answered"
        try:
            work()
        except CallFailed as failed:
            cause = str(failed)
        except Exception as error:  # one bad answer must not end the run: the resources concerned become unknown
            cause = defect("gathering facts", error)
        for request in requests:
            for resource, _ in request.resources:
                self(resource, request.need, Failed(cause))


def _gather_one(connection: AwsConnection, request: Request, tell: Tell) -> None:
    if isinstance(request.need, RelatedNeed):
        from providers.aws.adapter.gather.related import gather_related

        gather_related(connection, request, request.need, tell)
    elif isinstance(request.need, PopulationNeed):
        from providers.aws.adapter.gather.related import gather_population

        gather_population(connection, request, request.need, tell)
    elif isinstance(request.need, ContentNeed):
        from providers.aws.adapter.gather.content import gather_content

        gather_content(connection, request, request.need, tell)
    elif isinstance(request.need, FindingNeed):
        from providers.aws.adapter.gather.findings import gather_findings

        gather_findings(connection, request, request.need, tell)
    elif isinstance(request.need, HealthNeed):
        from providers.aws.adapter.gather.health import gather_health

        gather_health(connection, request, request.need, tell)
    elif isinstance(request.need, OpsItemNeed):
        from providers.aws.adapter.gather.ops_items import gather_ops_items

        gather_ops_items(connection, request, request.need, tell)
    elif isinstance(request.need, AskedNeed):
        from providers.aws.adapter.gather.asked import gather_asked

        gather_asked(connection, request, request.need, tell)
    else:
        for resource, _ in request.resources:
            tell(resource, request.need, Failed(f"nothing here gathers {type(request.need).__name__}"))
