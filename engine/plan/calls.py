"""Which operations a plan performs, and how often for an estate of a given size: from records alone, offline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import ceil

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
from engine.model.record import Operation, ResourceType
from engine.plan.steps import Plan, Scan, Track
from engine.plugin.attributes import needs_of_key, needs_of_roots
from engine.plugin.listing import Types
from engine.plugin.operate import Operate
from engine.plugin.paths import PathRejected, getter, roots
from engine.plugin.protocols import Operates

TAGGING = "resourcegroupstaggingapi"
METRICS_A_CALL = 500
TAGS_A_CALL = 100
FINDINGS_A_CALL = 10
DEFAULT_PAGE = 100
REGIONS = 17
"""Regions that are enabled by default. Source: AWS Account Management Reference Guide, "Enable or disable Regions"."""
"""Where a record names no page size, AWS's commonest one is assumed."""


@dataclass(frozen=True, slots=True)
class Expected:
    """An operation, and how many times at most; `why` names what asks for it."""

    service: str
    operation: str
    times: int
    why: str

    def __str__(self) -> str:
        return f"{self.service}:{self.operation}"


def expected_calls(plan: Plan, size: int, types: Types) -> list[Expected]:
    """Reads of a plan over `size` resources of each type: at most, as if every resource stayed undecided."""
    return [each for scan in plan.scans for each in scan_calls(scan, size, types)]


def scan_calls(scan: Scan, size: int, types: Types) -> Iterator[Expected]:
    """A scan's listing, then the facts of its tracks; what several tracks need is counted once."""
    yield from listing_calls(scan.type, size, types)
    seen: set[Need] = set()
    for track in scan.tracks:
        for stage in track.stages:
            fresh = [need for need in stage.needs if need not in seen]
            seen.update(fresh)
            metrics = [n for n in fresh if isinstance(n, MetricNeed)]
            if metrics:
                names = ", ".join(n.name for n in metrics)
                yield Expected("cloudwatch", "GetMetricData", ceil(size * len(metrics) / METRICS_A_CALL), names)
            for need in fresh:
                yield from need_calls(need, scan.type, size, types)


def listing_calls(type: ResourceType, size: int, types: Types) -> Iterator[Expected]:
    """The pages of a listing (and of its parents); once each, what is asked only where it finds nothing."""
    parent = type.list.parent
    if parent is not None:
        above = types(parent.type) if parent.list is None else replace(type, list=parent.list)
        yield from listing_calls(above, max(1, size // 10), types)
    if type.list.otherwise is not None:
        yield from listing_calls(replace(type, list=type.list.otherwise), 1, types)
    if type.list.besides:
        yield from listing_calls(
            replace(type, list=replace(type.list, call=type.list.besides, besides="")), size, types
        )
    page = next(iter(type.list.page.values()), DEFAULT_PAGE)
    yield Expected(type.list.service or type.service, type.list.call, max(1, ceil(size / page)), f"every {type.word}")


def need_calls(need: Need, type: ResourceType, size: int, types: Types) -> Iterator[Expected]:
    """The calls that gather one need for `size` resources."""
    if isinstance(need, FacetNeed | AskedNeed):
        yield from _facet_calls(need, type, size)
    elif isinstance(need, RelatedNeed) and need.type == TAGGING:
        yield Expected(TAGGING, "GetResources", ceil(size / TAGS_A_CALL), "tags")
    elif isinstance(need, RelatedNeed):
        other = types(need.type or type.joins[need.join].type)
        many = min(size, _named_in(need.ids)) or size
        yield from listing_calls(other, many, types)
        yield from _read_of(other, need.paths, many, types)
    elif isinstance(need, PopulationNeed):
        other = types(need.type)
        regions = REGIONS if type.global_ and not other.global_ else 1
        if regions > 1:
            yield Expected("ec2", "DescribeRegions", 1, "regions")
        for each in (*listing_calls(other, size, types), *_read_of(other, (need.path,), size, types)):
            yield replace(each, times=each.times * regions)
    elif isinstance(need, FindingNeed):
        yield Expected("securityhub", "GetFindings", ceil(size / FINDINGS_A_CALL), "findings")
    elif isinstance(need, HealthNeed):
        yield Expected("health", "DescribeEvents", 1, "events")
        yield Expected("health", "DescribeAffectedEntities", 1, "events")
    elif isinstance(need, OpsItemNeed):
        yield Expected("ssm", "DescribeOpsItems", 1, "operational items")
    elif isinstance(need, ContentNeed) and need.url.startswith("s3://"):
        yield Expected("s3", "GetObject", 1, need.url)


def _named_in(ids: str) -> int:
    """How many ids a path names that is a literal list; 0 for one that reads the resource."""
    found = getter(ids)(None) if ids and not roots(ids) else None
    return len(found) if isinstance(found, list) else 0


def _read_of(other: ResourceType, paths: Iterable[str], size: int, types: Types) -> Iterator[Expected]:
    """The facets of another type that paths read."""
    for need in {need for path in paths for need in _needs_of(path, other)}:
        yield from need_calls(need, other, size, types)


def _needs_of(path: str, other: ResourceType) -> frozenset[Need]:
    try:
        return needs_of_key(path, other)
    except PathRejected:
        return needs_of_roots(frozenset({path}), other)


def _facet_calls(need: FacetNeed | AskedNeed, type: ResourceType, size: int) -> Iterator[Expected]:
    if need.facet == "tags" and type.tags is not None:
        if type.tags.tagging_type:
            yield Expected("resourcegroupstaggingapi", "GetResources", ceil(size / TAGS_A_CALL), "tags")
            return
        facet = type.facets[type.tags.facet]
    else:
        facet = type.facets[need.facet]
    service = facet.service or type.service
    if facet.batch is None:
        times = size
    elif facet.batch.param:
        times = ceil(size / facet.batch.most)
    else:  # one listing, whatever the number of resources
        times = max(1, ceil(size / DEFAULT_PAGE)) if facet.paged else 1
    yield Expected(service, facet.call, times, need.facet)
    if facet.made is not None:
        made = 1 if facet.unmade else times  # a report of the account, or a job a resource
        yield Expected(facet.made.service or service, facet.made.call, made, need.facet)


def action_calls(track: Track) -> Iterator[tuple[str, str, str]]:
    """(service, operation, action's word) of every write that a policy's actions may make."""
    type = track.policy.type
    for act in track.policy.actions:
        if isinstance(act.piece, Operate | Operates):
            for op in act.piece.operations(type):
                for call in _calls_of(op, type):
                    yield *call, act.word
        for which in getattr(act.piece, "TAGS", ()):
            yield from _tag_call(type, which, act.word)


def settling_calls(track: Track) -> Iterator[tuple[str, str]]:
    """(service, operation) of every read that settles a creation whose answer was lost."""
    type = track.policy.type
    for act in track.policy.actions:
        if isinstance(act.piece, Operate | Operates):
            for op in act.piece.operations(type):
                if op.mark is not None:
                    yield op.mark.service or op.service or type.service, op.mark.call


def _tag_call(type: ResourceType, which: str, word: str) -> Iterator[tuple[str, str, str]]:
    write = None if type.tags is None else type.tags.write if which == "write" else type.tags.remove
    if write is not None:
        yield write.service or type.service, write.call, word


def inverse_calls(track: Track) -> Iterator[tuple[str, str, str]]:
    """(service, operation, action's word) of what `engine undo` would need."""
    type = track.policy.type
    for act in track.policy.actions:
        if isinstance(act.piece, Operate | Operates):
            for op in _undoing(act.piece, type):
                for call in _calls_of(op, type):
                    yield *call, act.word
        if getattr(act.piece, "TAGS", ()):
            yield from _tag_call(type, "write", act.word)
            yield from _tag_call(type, "remove", act.word)


def _calls_of(op: Operation, type: ResourceType) -> Iterator[tuple[str, str]]:
    """(service, operation) of an operation's call, of what it waits for, and of what lists what it is made for."""
    service = op.service or type.service
    yield service, op.call
    if op.wait is not None and op.wait.call:
        yield op.wait.service or service, op.wait.call
    if op.over is not None:
        yield service, op.over.call


def _undoing(piece: Operate | Operates, type: ResourceType) -> Iterator[Operation]:
    """The operations that may be made to take this one back."""
    for made in piece.operations(type):
        other = type.operations.get(made.undo)
        if other is not None:
            beside = (*other.before_it.values(), *other.after_it.values())
            words = [*other.instead.values(), *(word for words in beside for word in words)]
            yield from (other, *(type.operations[word] for word in words if word in type.operations))


def totals(calls: list[Expected]) -> Counter[str]:
    """Operation → times."""
    counts: Counter[str] = Counter()
    for each in calls:
        counts[str(each)] += each.times
    return counts
