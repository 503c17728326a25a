"""Conditions that the list call can answer go down to it, where what it answers is provably no less.

Pushed are top-level value filters (and those under `and`) on a key that the type's record lists, that ask for
equality with texts: no `op`, `eq`, or `in` with a list. Not pushed: texts with `*`, `?` or a backslash (EC2 reads them
as patterns), anything under `or` or `not`, and nothing at all where the policy must know the whole population
(`max-resources-percent`, `percent`) or judges sets before that filter.
Source: EC2 API, Filter: values are case-sensitive, `*` and `?` are wildcards, values of one filter are joined by OR.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.lang.syntax import CheckedPolicy
from engine.model.json import Json
from engine.model.listing import Push
from engine.model.record import ResourceType
from engine.plan.steps import Condition, Plan, Scan
from engine.plugin.protocols import SetFilter
from engine.plugin.tree import FilterTree, Leaf, leaves

MOST_VALUES = 200
"""EC2 accepts at most 200 values in all filters of a request. Source: EC2 API, Filter."""


def push_conditions(plan: Plan) -> Plan:
    """Each scan with the conditions of its policy; for scans of one policy only."""
    return replace(plan, scans=tuple(_push(scan) for scan in plan.scans))


def _push(scan: Scan) -> Scan:
    if len(scan.tracks) != 1 or scan.ids is not None or scan.params:
        return scan
    policy = scan.tracks[0].policy
    if policy.limits is not None and policy.limits.percent is not None:
        return scan
    found: dict[str, Condition] = {}
    for leaf in _conjuncts(policy):
        condition = _condition(leaf, scan.type)
        if condition is not None:
            found.setdefault(condition.key, condition)
    return replace(scan, conditions=fitting(found.values()))


def fitting(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Those that one request can carry, in their order: a plain parameter takes one value, `Filters` 200 together."""
    kept: list[Condition] = []
    for condition in conditions:
        if condition.param and len(condition.values) != 1:
            continue
        if sum(len(c.values) for c in kept) + len(condition.values) <= MOST_VALUES:
            kept.append(condition)
    return tuple(kept)


def _conjuncts(policy: CheckedPolicy) -> Iterator[Leaf]:
    """Leaves that every match must pass, up to the first filter that judges sets."""

    def walk(trees: tuple[FilterTree, ...]) -> Iterator[Leaf | None]:
        for tree in trees:
            if isinstance(tree, Leaf):
                yield None if isinstance(tree.piece, SetFilter) else tree
            elif tree.op == "and":
                yield from walk(tree.children)
            elif any(isinstance(leaf.piece, SetFilter) for leaf in leaves(tree)):
                yield None

    for leaf in walk(policy.filters):
        if leaf is None:
            return
        yield leaf


def _condition(leaf: Leaf, type: ResourceType) -> Condition | None:
    if leaf.word != "value":
        return None
    asked = asked_texts(leaf.piece)
    if asked is None:
        return None
    key, value = asked
    push, name = _lookup(key, type)
    if push is None:
        return None
    values = _values(value, push)
    if values is None:
        return None
    return Condition(key, name if push.filter else "", push.param, values)


def asked_texts(piece: object) -> tuple[str, Json] | None:
    """(key, value) of a value filter that asks for plain equality, else None."""
    simple = all(
        not getattr(piece, option, None)
        for option in ("value_type", "value_regex", "value_from", "value_path", "tag_key_transforms")
    )
    op, key = getattr(piece, "op", None), getattr(piece, "key", None)
    value = getattr(piece, "value", None)
    if not simple or not isinstance(key, str):
        return None
    if isinstance(value, list | tuple):
        return (key, list(value)) if op == "in" or (op is None and not value) else None
    return (key, value) if op in (None, "eq", "equal") else None


def _lookup(key: str, type: ResourceType) -> tuple[Push | None, str]:
    if key in type.list.push:
        push = type.list.push[key]
        return push, push.filter
    if key.startswith("tag:") and "tag:*" in type.list.push and not set(key) & set("*?\\"):
        return type.list.push["tag:*"], key
    return None, ""


def _values(value: Json, push: Push) -> tuple[str, ...] | None:
    if value in ([], "empty") and push.empty:
        return push.empty
    listed = value if isinstance(value, list) else [value]
    texts = [str(v).lower() if isinstance(v, bool) else v for v in listed]
    if not texts or not all(isinstance(t, str) and t and not set(t) & set("*?\\") for t in texts):
        return None
    if any(t in ("absent", "present", "empty", "not-null") for t in texts):
        return None
    if push.values and not set(texts) <= set(push.values):
        return None
    return tuple(dict.fromkeys(texts))
