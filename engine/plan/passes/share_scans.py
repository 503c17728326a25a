"""One listing of a type for all the policies that read it."""

from __future__ import annotations

from dataclasses import replace

from engine.plan.passes.push_conditions import fitting
from engine.plan.steps import Condition, Plan, Scan


def share_scans(plan: Plan) -> Plan:
    """Scans of one type with equal parameters become one.

    A condition stays only if every one of them has it, and then with the values of all: what is listed is a
    superset of what each of them would have listed.
    """
    shared: dict[str, Scan] = {}
    for scan in plan.scans:
        listing = scan.type.list  # another source of the same type has another one
        key = f"{scan.type.word} {listing.service} {listing.with_!r} {sorted(scan.params.items())!r} {scan.ids!r}"
        if key not in shared:
            shared[key] = scan
            continue
        first = shared[key]
        shared[key] = replace(
            first, tracks=first.tracks + scan.tracks, conditions=_union(first.conditions, scan.conditions)
        )
    return replace(plan, scans=tuple(replace(s, conditions=fitting(s.conditions)) for s in shared.values()))


def _union(some: tuple[Condition, ...], others: tuple[Condition, ...]) -> tuple[Condition, ...]:
    by_key = {c.key: c for c in others}
    return tuple(
        replace(c, values=tuple(dict.fromkeys(c.values + by_key[c.key].values))) for c in some if c.key in by_key
    )
