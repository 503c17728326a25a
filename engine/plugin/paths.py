"""Paths into resources: JMESPath with a few functions more, compiled once, plain dotted ones to plain getters.

Also fills the `with` tables of records: a string is a path, lists and tables are templates, the rest literal.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from engine.model.json import Json
from engine.model.verdict import unknown
from engine.plugin.protocols import Missing

Getter: TypeAlias = Callable[[Json], Json]

_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*\Z")


class PathRejected(ValueError):
    """A path that JMESPath cannot parse; the text says where."""


@functools.cache
def _options() -> Any:
    import jmespath

    from engine.plugin.path_functions import PathFunctions

    return jmespath.Options(custom_functions=PathFunctions())


@functools.lru_cache(maxsize=4096)
def getter(path: str) -> Getter:
    """A function that takes a resource's attributes and gives the value at `path`, or None.

    A path that does not fit the data (`length` of null, a function on the wrong type) gives None too: a missing
    thing is missing, not an error. Raises PathRejected for a path that is not JMESPath.
    """
    if _DOTTED.match(path):
        return _dotted(tuple(path.split(".")))
    import jmespath
    from jmespath.exceptions import JMESPathError

    options = _options()
    try:
        search = jmespath.compile(path).search
    except JMESPathError as error:
        raise PathRejected(str(error).splitlines()[0]) from error

    def get(data: Json) -> Json:
        try:
            return search(data, options)
        except (JMESPathError, re.error):
            return None
        except RecursionError as error:
            raise Missing(unknown(f"the path {path[:60]!r} leads too deep")) from error

    return get


def _dotted(parts: tuple[str, ...]) -> Getter:
    if len(parts) == 1:
        first = parts[0]
        return lambda data: data.get(first) if isinstance(data, Mapping) else None

    def get(data: Json) -> Json:
        for part in parts:
            if not isinstance(data, Mapping):
                return None
            data = data.get(part)
        return data

    return get


@functools.lru_cache(maxsize=4096)
def roots(path: str) -> frozenset[str]:
    """The top-level attributes a path reads; `@` stands for "all of them". Raises PathRejected."""
    if _DOTTED.match(path):
        return frozenset({path.split(".", 1)[0]})
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        tree = jmespath.compile(path).parsed
    except JMESPathError as error:
        raise PathRejected(str(error).splitlines()[0]) from error
    return frozenset(_roots(tree))


def _roots(node: Mapping[str, Any]) -> set[str]:
    kind, children = node["type"], node["children"]
    if kind == "field":
        return {node["value"]}
    if kind == "literal":
        return set()
    if kind == "current":
        return {"@"}
    if kind in (
        "subexpression",
        "index_expression",
        "projection",
        "filter_projection",
        "value_projection",
        "flatten",
        "pipe",
    ):
        return _roots(children[0]) if children else {"@"}
    if kind in ("or_expression", "and_expression") and not (first := _roots(children[0])):
        # What stands after a literal that decides is never looked at.
        decides = _holds(children[0]) is (kind == "or_expression")
        return first if decides else _roots(children[1])
    found: set[str] = set()
    for child in children:
        if isinstance(child, Mapping):
            found |= _roots(child)
    return found


def _holds(node: Mapping[str, Any]) -> bool | None:
    """The truth of an expression that reads nothing; None where it cannot be computed."""
    from jmespath.exceptions import JMESPathError
    from jmespath.parser import ParsedResult

    try:
        # Of nothing at all even a list of literals would be nothing.
        value = ParsedResult("", node).search({}, _options())
    except JMESPathError:
        return None
    return value is not None and value is not False and value not in ("", [], {})


def strings_in(template: Json) -> list[str]:
    """Every path of a `with` table."""
    if isinstance(template, str):
        return [template]
    values = template.values() if isinstance(template, Mapping) else template if isinstance(template, list) else ()
    return [path for value in values for path in strings_in(value)]


def fill(template: Json, data: Mapping[str, Json]) -> Json:
    """A `with` table filled from a resource's attributes: strings are paths, missing values stay None."""
    if isinstance(template, str):
        return getter(template)(data)
    if isinstance(template, Mapping):
        return {k: fill(v, data) for k, v in template.items()}
    if isinstance(template, list | tuple):
        return [fill(v, data) for v in template]
    return template


_OPTION = re.compile(r'_options\.("[^"]+"|\w+)')


def bound(expression: str, options: Mapping[str, Json]) -> str:
    """An expression with the options' values written into it.

    So it can be judged later and without them; and within a filter expression, where JMESPath sees only the element.
    """

    def literal(match: re.Match[str]) -> str:
        text = json.dumps(options.get(match[1].strip('"')), default=str).replace("`", "\\`")
        return f"`{text}`"

    return _OPTION.sub(literal, expression)


def options_in(expression: str) -> frozenset[str]:
    """The options that an expression reads."""
    return frozenset(name.strip('"') for name in _OPTION.findall(expression))


def place(params: dict[str, Json], where: str, value: Json) -> None:
    """Put a value at a dotted place in call parameters, making the tables on the way."""
    *parents, last = where.split(".")
    for part in parents:
        params = params.setdefault(part, {})
    params[last] = value


def named(value: Json, names: Mapping[str, Json]) -> Json:
    """A value whose texts hold the resource's own names in place of `{topic_arn}` and its like."""
    if isinstance(value, str):
        for name, own in names.items():
            value = value.replace("{" + name + "}", str(own))
        return value
    if isinstance(value, Mapping):
        return {k: named(v, names) for k, v in value.items()}
    return [named(v, names) for v in value] if isinstance(value, list | tuple) else value
