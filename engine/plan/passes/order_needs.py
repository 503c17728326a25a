"""Cheap facts before costly ones, so that costly ones are gathered for fewer resources."""

from __future__ import annotations

from dataclasses import replace

from engine.model.need import AskedNeed, FacetNeed, FindingNeed, MetricNeed, Need, RelatedNeed
from engine.model.record import ResourceType
from engine.plan.steps import Plan, Stage, Track

# Requests a resource, from the batch sizes of the calls (providers/aws/adapter/gather): what is the same for a whole
# scope costs one answer, metrics go 500 to a request, tags about 100, related resources some hundreds, facets one each.
# What is asked for with options may be asked with what other facets give.
ONCE, METRICS, RELATED, TAGS, BATCHED, SINGLE, ASKED_BATCHED, ASKED = 0, 1, 2, 3, 4, 5, 6, 7


def order_needs(plan: Plan) -> Plan:
    """One stage a cost; within a stage everything is gathered together."""
    return replace(
        plan,
        scans=tuple(replace(s, tracks=tuple(_ordered(t, s.type) for t in s.tracks)) for s in plan.scans),
    )


def cost(need: Need, type: ResourceType) -> int:
    """The rank of a need: lower is cheaper a resource."""
    if isinstance(need, MetricNeed):
        return METRICS
    if isinstance(need, AskedNeed):
        asked = type.facets.get(need.facet)
        return ASKED_BATCHED if asked is not None and asked.batch is not None else ASKED
    if isinstance(need, FindingNeed):
        return BATCHED
    if isinstance(need, RelatedNeed):
        return RELATED
    if isinstance(need, FacetNeed):
        if need.facet == "tags":
            return TAGS if type.tags is not None and type.tags.tagging_type else SINGLE
        facet = type.facets.get(need.facet)
        return BATCHED if facet is not None and facet.batch is not None else SINGLE
    return ONCE


def _ordered(track: Track, type: ResourceType) -> Track:
    ranks: dict[int, list[Need]] = {}
    for stage in track.stages:
        for need in stage.needs:
            ranks.setdefault(cost(need, type), []).append(need)
    return replace(track, stages=tuple(Stage(tuple(ranks[r])) for r in sorted(ranks)))
