"""Can these values stand in a policy at all? Data from Python to nodes, and numbers that nothing could work with.

What passes here is plain: mappings, lists, text, dates, true/false, null and numbers that fit 64 bits, nested no
deeper than a file may be. Everything after it may rely on that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from engine.lang.source import MOST_ALIASED, MOST_DEPTH, TOO_DEEP, TOO_LARGE
from engine.model.diagnostic import Diagnostic, Message
from engine.model.json import Json
from engine.model.node import Entry, Node
from engine.model.span import NOWHERE
from engine.plugin.params import quoted

NO_NUMBER = Message("C218", "{value} is no number that a policy can work with")
NOT_PLAIN = Message("C219", "a policy cannot hold {kind}")

MOST = 2**63


def insane(node: Node) -> list[Diagnostic]:
    """A diagnostic for each number that is endless, no number, or larger than 64 bits; one if it nests too deeply."""
    problems: list[Diagnostic] = []
    level = [node]
    for _ in range(MOST_DEPTH * 2):
        below: list[Node] = []
        for each in level:
            if each.items is not None:
                below += each.items
            elif each.entries is not None:
                below += [entry.node for entry in each.entries.values()]
            elif isinstance(each.value, int | float) and not _works(each.value):
                hint = "numbers go up to 9,223,372,036,854,775,807"
                problems.append(NO_NUMBER.at(each.span, hint, value=quoted(each)))
        if not below:
            return problems
        level = below
    return [*problems, TOO_DEEP.at(node.span, most=MOST_DEPTH)]


def _works(value: float) -> bool:
    return math.isfinite(value) if isinstance(value, float) else -MOST <= value < MOST


def node_from(data: Json) -> tuple[Node, list[Diagnostic]]:
    """A node for any Python value, and what in it cannot stand in a policy (null stands in for that)."""
    builder = _Builder()
    return builder.node(data, 1), builder.problems


class _Builder:
    def __init__(self) -> None:
        self.count = 0
        self.problems: list[Diagnostic] = []

    def node(self, data: Json, depth: int) -> Node:
        self.count += 1
        if depth > MOST_DEPTH or self.count > MOST_ALIASED:
            template, most = (TOO_LARGE, MOST_ALIASED) if depth <= MOST_DEPTH else (TOO_DEEP, MOST_DEPTH)
            if not any(p.code == template.code for p in self.problems):
                self.problems.append(template.at(NOWHERE, most=most))
            return Node(NOWHERE)
        if isinstance(data, Mapping):
            return Node(NOWHERE, entries={str(k): Entry(NOWHERE, self.node(v, depth + 1)) for k, v in data.items()})
        if isinstance(data, list | tuple):
            return Node(NOWHERE, items=tuple(self.node(v, depth + 1) for v in data))
        if data is None or isinstance(data, str | int | float | date):
            return Node(NOWHERE, value=data)
        self.problems.append(NOT_PLAIN.at(NOWHERE, kind=f"a Python {type(data).__name__}"))
        return Node(NOWHERE)
