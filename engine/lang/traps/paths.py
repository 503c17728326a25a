"""A path that gives a list, compared as if it gave one value."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from engine.lang.traps.compared import Compared, warns
from engine.model.diagnostic import Diagnostic

LIST_VALUE = warns("W328", "'{key}' gives a list, which is never {test}")
EMPTY_LIST = warns("W329", "'{key}' gives an empty list where nothing is found, and that {is_so}")

_LISTS = frozenset({"projection", "filter_projection", "value_projection", "flatten", "slice", "multi_select_list"})
_ON_TEXT = {"regex": "matched by a pattern", "regex-case": "matched by a pattern", "glob": "matched by a pattern"}
_COUNTS = ("size", "unique_size", "swap", "resource_count", "expr", "integer", "float")


def list_value(c: Compared) -> Iterator[Diagnostic]:
    """A list equals no single value, is in no list of them, and matches no pattern."""
    if c.value is None or c.value_type in _COUNTS or c.key.startswith("tag:") or not gives_list(c.key):
        return
    value = c.value
    if c.word_asked:
        return
    scalar = value.items is None and value.entries is None and value.value is not None
    of_scalars = bool(value.items) and all(n.items is None for n in value.items or ())
    if scalar and c.op in ("", "eq"):
        hint = f"'op: contains' finds '{c.shown}' among its elements"
        yield LIST_VALUE.at(c.key_span, hint, key=c.key, test=f"equal to '{c.shown}'")
    elif scalar and c.op in _ON_TEXT:
        hint = f"take one element: '{c.key} | [0]', or use list-item"
        yield LIST_VALUE.at(c.key_span, hint, key=c.key, test=_ON_TEXT[c.op])
    elif scalar and c.op in ("gt", "ge", "lt", "le"):
        hint = f"compare 'length({c.key})', or the greatest: 'max({c.key})'"
        yield LIST_VALUE.at(c.key_span, hint, key=c.key, test=f"'{c.op}' a single value")
    elif of_scalars and c.op in ("in", "not-in"):
        other = "'op: intersect' finds those that have any of them" + (", within 'not'" if c.op == "not-in" else "")
        yield LIST_VALUE.at(c.key_span, other, key=c.key, test="an element of a list")


def empty_list(c: Compared) -> Iterator[Diagnostic]:
    """A filter expression that finds nothing gives [], which is present and not absent."""
    word = c.value.value if c.value is not None else None
    if "[?" in c.key and word in ("absent", "present") and not c.op and gives_list(c.key):
        better, is_so = ("empty", "is not absent") if word == "absent" else ("not-null", "is present all the same")
        yield EMPTY_LIST.at(c.value_at, f"write '{better}'", key=c.key, is_so=is_so)


@functools.lru_cache(maxsize=1024)
def gives_list(path: str) -> bool:
    """Whether a path gives a list whatever it is asked of."""
    if "[" not in path:
        return False
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        return _gives_list(jmespath.compile(path).parsed)
    except (JMESPathError, ValueError, RecursionError):
        return False


def _gives_list(node: Mapping[str, Any]) -> bool:
    kind, children = node["type"], node["children"]
    if kind == "pipe":
        return _gives_list(children[1]) or (children[1]["type"] == "current" and _gives_list(children[0]))
    if kind in ("or_expression", "and_expression"):
        return all(map(_gives_list, children))
    return kind in _LISTS


TRAPS = (list_value, empty_list)
