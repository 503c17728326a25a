"""What will surprise the author of a policy that is right? A checked policy → warnings, each with the rewrite.

A trap is a function in `engine/lang/traps/`: of a comparison (one value-like filter) or of the whole policy. A warning
is given where the text shows that its author probably overlooked something, not wherever the trap could matter.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from engine.lang.syntax import CheckedPolicy
from engine.lang.traps import dates, paths, patterns, policies, tags, texts, values
from engine.lang.traps.attributes import no_attribute
from engine.lang.traps.compared import Compared
from engine.model.diagnostic import Diagnostic
from engine.model.node import Node
from engine.model.record import ResourceType
from engine.model.span import Span
from engine.plugin.tree import Block, FilterTree

OF_COMPARISONS = (*values.TRAPS, *tags.TRAPS, *dates.TRAPS, *patterns.TRAPS, *paths.TRAPS)
OF_POLICIES = (*policies.TRAPS, *texts.TRAPS)

_ONE_NAME = {
    "equal": "eq",
    "not-equal": "ne",
    "greater-than": "gt",
    "gte": "ge",
    "less-than": "lt",
    "lte": "le",
    "ni": "not-in",
}


Attributes = Callable[[ResourceType], Mapping[str, str]]
"""What resources of a type can have, as `Provider.attributes` tells."""


def lint(checked: CheckedPolicy, attributes: Attributes | None = None) -> list[Diagnostic]:
    """The warnings about one policy, in the order of its text; with `attributes`, of keys that nothing has, too."""
    found: list[Diagnostic] = []
    known = attributes(checked.type) if attributes is not None and (checked.filters or checked.guard) else {}
    for tree in (*checked.filters, *checked.guard):
        for each in comparisons(tree, checked.type):
            found += no_attribute(each, known)
    for trees in (checked.filters, checked.guard, checked.conditions):
        for each in _counted([c for tree in trees for c in comparisons(tree, checked.type)]):
            for trap in OF_COMPARISONS:
                found += trap(each)
    for policy_trap in OF_POLICIES:
        found += policy_trap(checked)
    named = (dataclasses.replace(d, policy=checked.name) for d in dict.fromkeys(found))
    return sorted(named, key=lambda d: (d.span.line, d.span.column, d.code))


def comparisons(tree: FilterTree, type: ResourceType, negated: bool = False) -> Iterator[Compared]:
    """Every comparison of a key with something, members of a filter's own list of filters included."""
    if isinstance(tree, Block):
        for child in tree.children:
            yield from comparisons(child, type, negated ^ (tree.op == "not"))
        return
    yield from _of_node(tree.node, tree.word, type, negated, "")


def _of_node(node: Node, word: str, type: ResourceType, negated: bool, within: str) -> Iterator[Compared]:
    if node.entries is None:
        return
    kind = node.get("type")
    if kind is None and len(node.entries) == 1:
        (key, entry), *_ = node.entries.items()
        if key in ("and", "or", "not"):
            for each in entry.node.items or ():
                yield from _of_node(each, word, type, negated ^ (key == "not"), within)
            return
        span = dataclasses.replace(entry.key_span, end=entry.node.span.end or entry.key_span.end)
        yield Compared("value", node, type, key, entry.key_span, span, entry.node, negated=negated, within=within)
        return
    key_node = node.get("key")
    if key_node is not None and isinstance(key_node.value, str):
        op, value_type = (_text(node, name) for name in ("op", "value_type"))
        yield Compared(
            word, node, type, key_node.value, key_node.span, _op_span(node), node.get("value"),
            op=_ONE_NAME.get(op, op), value_type=value_type, negated=negated, within=within,
        )  # fmt: skip
    attrs = node.get("attrs")
    for each in (attrs.items if attrs is not None else None) or ():
        yield from _of_node(each, "value", type, False, f"{within}{node.span}")


def _text(node: Node, key: str) -> str:
    found = node.get(key)
    return found.value if found is not None and isinstance(found.value, str) else ""


def _op_span(node: Node) -> Span:
    return next((found.span for name in ("op", "value_type", "value", "key") if (found := node.get(name))), node.span)


def _counted(found: list[Compared]) -> list[Compared]:
    """The same, each knowing how many filters of its list speak of its key."""
    times = Counter((c.within, c.key) for c in found)
    return [dataclasses.replace(c, mentions=times[c.within, c.key]) for c in found]
