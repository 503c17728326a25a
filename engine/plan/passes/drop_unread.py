"""Facts that nothing reads are not gathered."""

from __future__ import annotations

from dataclasses import replace

from engine.model.need import FacetNeed
from engine.model.record import ResourceType
from engine.plan.steps import Plan, Track


def drop_unread(plan: Plan) -> Plan:
    """Drop facets whose attribute the listing always gives, and stages left empty."""
    return replace(
        plan,
        scans=tuple(replace(s, tracks=tuple(_lean(t, s.type) for t in s.tracks)) for s in plan.scans),
    )


def _lean(track: Track, type: ResourceType) -> Track:
    kept = []
    for stage in track.stages:
        needs = tuple(need for need in stage.needs if not _given(need, type))
        if needs:
            kept.append(replace(stage, needs=needs))
    return replace(track, stages=tuple(kept))


def _given(need: object, type: ResourceType) -> bool:
    """A facet under an attribute that the listing itself fills is never read: the listing's value wins."""
    if not isinstance(need, FacetNeed) or need.facet not in type.facets:
        return False
    attribute = type.facets[need.facet].attribute
    return bool(attribute) and attribute in type.list.gives
