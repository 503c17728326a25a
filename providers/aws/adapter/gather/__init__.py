"""Facts from AWS in as few calls as answer the question: one module a kind of need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.model.need import (
    AskedNeed,
    ContentNeed,
    FacetNeed,
    FindingNeed,
    HealthNeed,
    MetricNeed,
    OpsItemNeed,
    PopulationNeed,
    RelatedNeed,
)
from engine.plugin.protocols import Failed, Request, Tell

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection


def gather(connection: AwsConnection, requests: Sequence[Request], tell: Tell) -> None:
    """Gather every request's facts, kinds side by side where they are single calls."""
    from providers.aws.adapter.gather.facets import gather_facets
    from providers.aws.adapter.gather.tags import gather_tags

    facets = [r for r in requests if isinstance(r.need, FacetNeed) and r.need.facet != "tags"]
    tags = [r for r in requests if isinstance(r.need, FacetNeed) and r.need.facet == "tags"]
    metrics = [r for r in requests if isinstance(r.need, MetricNeed)]
    for request in tags:
        gather_tags(connection, request, tell)
    gather_facets(connection, facets, tell)
    if metrics:
        from providers.aws.adapter.gather.metrics import gather_metrics

        gather_metrics(connection, metrics, tell)
    for request in requests:
        if isinstance(request.need, RelatedNeed | PopulationNeed):
            from providers.aws.adapter.gather.related import gather_population, gather_related

            if isinstance(request.need, RelatedNeed):
                gather_related(connection, request, request.need, tell)
            else:
                gather_population(connection, request, request.need, tell)
        elif not isinstance(request.need, FacetNeed | MetricNeed):
            _gather_said(connection, request, tell)


def _gather_said(connection: AwsConnection, request: Request, tell: Tell) -> None:
    """What a service or a document says, asked for by need."""
    if isinstance(request.need, ContentNeed):
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
