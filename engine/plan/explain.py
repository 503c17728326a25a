"""A plan as a tree that a person reads."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.need import (
    AskedNeed,
    ContentNeed,
    FacetNeed,
    FindingNeed,
    HealthNeed,
    MetricNeed,
    Need,
    OpsItemNeed,
    PolicyNeed,
    PopulationNeed,
    RelatedNeed,
)
from engine.plan.calls import action_calls, expected_calls, totals
from engine.plan.steps import Plan, Scan, Track
from engine.plugin.listing import Types
from engine.plugin.tree import FilterTree, Leaf


def explain(plan: Plan, size: int, types: Types) -> str:
    """The plan, indented, and the calls it takes at most for `size` resources of each type."""
    lines = [line for scan in plan.scans for line in _scan(scan)]
    counts = totals(expected_calls(plan, size, types))
    lines += ["", f"calls at most, a region, for {size:,} resources of each type:"]
    lines += [f"  {times:>8,}  {name}" for name, times in sorted(counts.items(), key=lambda c: (-c[1], c[0]))]
    lines += [f"  {sum(counts.values()):>8,}  in all"]
    return "\n".join(lines)


def _scan(scan: Scan) -> Iterator[str]:
    asked = [f"{c.filter or c.param} in ({', '.join(c.values)})" for c in scan.conditions]
    asked += [f"{k} = {v!r}" for k, v in scan.params.items()]
    told = f"  where {' and '.join(asked)}" if asked else ""
    shared = f"  shared by {len(scan.tracks)} policies" if len(scan.tracks) > 1 else ""
    listing = scan.type.list
    yield f"scan {scan.type.word}  {listing.service or scan.type.service}:{listing.call}{told}{shared}"
    for track in scan.tracks:
        yield from _track(track)


def _track(track: Track) -> Iterator[str]:
    policy = track.policy
    yield f"  policy {policy.name}  ({policy.policy.span})"
    first = "judge the whole set" if track.whole else "judge each page"
    yield f"    {first} by what the listing tells"
    for stage in track.stages:
        who = "everyone" if stage.everyone else "those still undecided"
        yield f"    gather for {who}: {'; '.join(need_text(n) for n in stage.needs)}"
        yield "    judge again"
    for tree in policy.filters:
        yield from _tree(tree, 6)
    if policy.limits is not None:
        limits = [f"{policy.limits.amount} resources"] if policy.limits.amount is not None else []
        limits += [f"{policy.limits.percent:g} %"] if policy.limits.percent else []
        yield f"    limit: {f' {policy.limits.op} '.join(limits)}"
    calls = list(action_calls(track))
    for act in policy.actions:
        made = ", ".join(f"{service}:{operation}" for service, operation, word in calls if word == act.word)
        yield f"    act: {act.word}  {made}"


def _tree(tree: FilterTree, indent: int) -> Iterator[str]:
    space = " " * indent
    if isinstance(tree, Leaf):
        yield f"{space}{filter_text(tree)}"
        return
    yield f"{space}{tree.op}"
    for child in tree.children:
        yield from _tree(child, indent + 2)


def filter_text(leaf: Leaf) -> str:
    """A filter in one line, as it was written."""
    data = leaf.node.data()
    if isinstance(data, str):
        return data
    if "type" not in data:
        return ", ".join(f"{k}: {v}" for k, v in data.items())
    rest = ", ".join(f"{k}: {v}" for k, v in data.items() if k != "type")
    return f"{data['type']} ({rest})" if rest else str(data["type"])


def need_text(need: Need) -> str:
    """A need in a few words."""
    if isinstance(need, MetricNeed) and need.of:
        return f"the series of each one's {need.name} over {need.days:g} d"
    if isinstance(need, MetricNeed):
        return f"{need.namespace} {need.name} {need.statistic} over {need.days:g} d by {need.period} s"
    if isinstance(need, FacetNeed | AskedNeed):
        return need.facet
    if isinstance(need, RelatedNeed):
        return f"related {need.join or need.type}"
    if isinstance(need, PopulationNeed):
        return f"every {need.type}'s {need.path}"
    if isinstance(need, ContentNeed):
        return need.url
    if isinstance(need, FindingNeed | HealthNeed):
        return "Security Hub findings" if isinstance(need, FindingNeed) else "AWS Health events"
    if isinstance(need, OpsItemNeed):
        return "operational items"
    return "embedded policy" if isinstance(need, PolicyNeed) else repr(need)
