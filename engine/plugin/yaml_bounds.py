"""How much does a YAML document hold once its aliases are written out, and how deep? Answered without doing so.

A few hundred bytes of aliases to aliases stand for billions of values ("billion laughs"); an anchor may hold itself.
"""

from __future__ import annotations

from typing import Any

import yaml

from engine.model.json import MOST_DEPTH

MOST_VALUES = 200_000

NESTED = f"nested more than {MOST_DEPTH} levels deep"
EXPANDED = f"expands to more than {MOST_VALUES} values"
ENDLESS = "an anchor contains itself"


def problem_of(root: yaml.Node | None) -> tuple[str, Any] | None:
    """(what is wrong, the mark where), or None for a document that can be worked with.

    Each node is looked at once, its children before it, on a stack of its own: texts may nest deeper than Python does.
    """
    if root is None:
        return None
    known: dict[int, tuple[int, int]] = {}
    under_way: set[int] = set()
    stack: list[tuple[yaml.Node, bool]] = [(root, False)]
    while stack:
        node, done = stack.pop()
        if id(node) in known:
            continue
        children = _children(node)
        if not done:
            if id(node) in under_way:
                return ENDLESS, node.start_mark
            under_way.add(id(node))
            stack.append((node, True))
            stack += [(child, False) for child in children if id(child) not in known]
            continue
        under_way.discard(id(node))
        size = 1 + sum(known[id(child)][0] for child in children)
        depth = 1 + max((known[id(child)][1] for child in children), default=0)
        if depth > MOST_DEPTH:
            return NESTED, node.start_mark
        if size > MOST_VALUES:
            return EXPANDED, node.start_mark
        known[id(node)] = size, depth
    return None


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [each for pair in node.value for each in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
