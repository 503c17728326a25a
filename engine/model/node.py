"""A parsed piece of the user's text: plain data whose every part knows where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.model.json import Json
from engine.model.span import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping: where the key stands, and its value."""

    key_span: Span
    node: Node


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar (`value`), a list (`items`) or a mapping (`entries`); the other two are None."""

    span: Span
    value: Json = None
    items: tuple[Node, ...] | None = None
    entries: Mapping[str, Entry] | None = None

    @property
    def kind(self) -> str:
        """What a person would call it: mapping, list, string, number, true/false, null, date."""
        if self.entries is not None:
            return "mapping"
        if self.items is not None:
            return "list"
        return kind_of(self.value)

    def get(self, key: str) -> Node | None:
        """A mapping's value at a key; None if there is none or this is no mapping."""
        entry = self.entries.get(key) if self.entries is not None else None
        return entry.node if entry else None

    def data(self) -> Json:
        """The same as dicts, lists and scalars (new containers each time)."""
        if self.entries is not None:
            return {k: e.node.data() for k, e in self.entries.items()}
        if self.items is not None:
            return [n.data() for n in self.items]
        return self.value

    def walk(self) -> Iterator[Node]:
        """This node and everything below it, in the order of the text."""
        left = [self]
        while left:
            node = left.pop()
            yield node
            if node.items is not None:
                left.extend(reversed(node.items))
            elif node.entries is not None:
                left.extend([entry.node for entry in node.entries.values()][::-1])


def kind_of(value: Json) -> str:
    """What a person would call a scalar."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true/false"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "date"


def node_of(data: Json, span: Span = NOWHERE) -> Node:
    """A node for plain Python data; every part gets the same span."""
    if isinstance(data, Mapping):
        return Node(span, entries={str(k): Entry(span, node_of(v, span)) for k, v in data.items()})
    if isinstance(data, Sequence) and not isinstance(data, str | bytes):
        return Node(span, items=tuple(node_of(v, span) for v in data))
    return Node(span, value=data)
