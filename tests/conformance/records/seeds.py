"""Copies of a record's text with one fault in each: a misspelt operation, parameter, path, member, name or key.

`seeded(data)` yields (place, faulty copy). Left out is what no model can tell: sentences, error codes, literals, and
the record's own names, under which nothing may be looked for.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from jmespath.lexer import Lexer

Place = tuple[str | int, ...]

UNTOLD = frozenset(
    {
        "already", "by_metric", "called", "cfn", "default", "empty", "enum", "key_says", "namespace", "op", "says", "source",
        "summary", "tagging_type", "value", "value_type", "values", "when_says", "whitelist_conditions", "words",
    }
)  # fmt: skip
"""Keys under which nothing can be checked."""

TEMPLATES = frozenset({"after", "copy", "dates", "dimensions", "each", "keep", "with"})
"""Tables whose strings are paths, whatever their keys."""

NAMES = frozenset(
    {
        "choose",
        "copy",
        "dates",
        "facets",
        "filters",
        "joins",
        "keep",
        "narrow",
        "operations",
        "options",
        "push",
        "dimensions",
    }
)
"""Tables whose keys are the record's own words."""

PATHS = frozenset(
    {
        "after", "arn", "attribute", "copy", "date", "dates", "dimensions", "done", "each", "expression", "failures",
        "id", "ids", "inner", "items", "keep", "key", "name", "of", "owner", "path", "region", "running", "seconds", "status", "stopped",
        "take", "until", "when", "with",
    }
)  # fmt: skip


def seeded(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every fault in turn."""
    for place, key, wrong in [*_faults(data, ())]:
        made = copy.deepcopy(data)
        at: Any = made
        for part in place:
            at = at[part]
        if isinstance(key, tuple):
            at[key[1]] = at.pop(key[0])
        else:
            at[key] = wrong
        yield ".".join(map(str, (*place, key[0] if isinstance(key, tuple) else key))) + f" = {wrong}", made


def _faults(node: Any, place: Place) -> Iterator[tuple[Place, Any, Any]]:
    table = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in table:
        where = (*place, key)
        if key in UNTOLD or (place and place[-1] in UNTOLD):
            continue
        if isinstance(node, dict):
            yield from _misspelt_keys(key, place)
        if isinstance(value, str) and not (place and place[-1] == "permissions"):
            yield from ((place, key, wrong) for wrong in _misspelt(value, where))
        elif isinstance(value, dict | list):
            yield from _faults(value, where)


def _misspelt_keys(key: str, place: Place) -> Iterator[tuple[Place, Any, Any]]:
    last = place[-1] if place else ""
    if last in ("instead", "rules") or (last in ("push", "after") and not key.startswith("tag:")):
        for wrong in _misspelt_path(key):
            yield place, (key, wrong), wrong
    elif last not in NAMES or last == "keep":
        yield place, (key, key + "x"), key + "x"


def _misspelt(value: str, where: Place) -> Iterator[str]:
    if value.startswith(("none: ", "tag:")) or (where[0] == "facets" and where[-1] == "attribute"):
        return
    named = [part for part in where if isinstance(part, str)]
    if "rules" in named:  # a sentence
        return
    if value.startswith("arn:"):
        yield from (value.replace("{" + name, "{" + name + "x", 1) for name in _fields(value))
    elif any(p in ("instead", "before_it", "after_it") for p in named):
        yield value + "x"
    elif named[-1] in PATHS or any(
        p in ("with", "keep", "copy", "dates", "dimensions", "after", "each", "terms") for p in named
    ):
        if named[-1] in ("join", "joins", "type", "acls", "other", "ask") or "asked" in named:
            yield value + "x"
        elif named[-1] == "called":  # a name of the record's own
            return
        else:
            yield from _misspelt_path(value)
    elif value:
        yield value + "x"


def _fields(template: str) -> list[str]:
    names = [part.partition("}")[0] for part in template.split("{")[1:]]
    return [name for name in names if name not in ("partition", "region", "account")]


_OF_POLICIES = {"_found": 0, "_options": 1}
_GOES_ON = ("dot", "unquoted_identifier", "quoted_identifier", "number", "lbracket", "rbracket", "flatten")


def _misspelt_path(path: str) -> Iterator[str]:
    tokens = [*Lexer().tokenize(path)]
    known = None  # how many names more of a path are the record's own; None: all
    for token, after in pairwise(tokens):
        # What filters have found is known by the policy, and so are the members of an option.
        known = _OF_POLICIES.get(str(token["value"]), known if token["type"] in _GOES_ON else None)
        if token["type"] == "quoted_identifier" and known is not None:
            known -= 1
        if token["type"] != "unquoted_identifier":
            continue
        mine = known is None or known >= 0
        known = known - 1 if known is not None else None
        if mine and after["type"] != "colon":
            yield path[: token["end"]] + "x" + path[token["end"] :]
