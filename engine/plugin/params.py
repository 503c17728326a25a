"""One annotated frozen dataclass is the schema, the reader and the documentation of a piece's options.

    @dataclass(frozen=True, slots=True)
    class Metrics:
        name: Annotated[str, Says("metric name as CloudWatch spells it")]
        days: Annotated[float, Says("window in days", least=0.01, most=455)] = 14
        missing_value: Annotated[float | None, Says("…", key="missing-value")] = None

The policy's key is the field's name unless `Says(key=…)` says otherwise. Field types may be str, int, float, bool,
None, Json, Literal, tuple[T, ...], dict[str, T], unions, other parameter classes, Node (handed on as it stands) and
Tree / tuple[Tree, ...] (filters). `read` collects every problem instead of stopping at the first.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from engine.model.diagnostic import Diagnostic, Message
from engine.model.json import Json
from engine.model.node import Node, node_of
from engine.plugin.suggest import did_you_mean

UNKNOWN_OPTION = Message("C210", "unknown option '{key}' of {what}")
MISSING_OPTION = Message("C211", "{what} needs '{key}'")
WRONG_TYPE = Message("C212", "'{key}' of {what} is {found}, not {expected}")
NOT_ALLOWED = Message("C213", "'{key}' of {what} cannot be {value}")
OUT_OF_RANGE = Message("C214", "'{key}' of {what} is {value}, not {range}")
PROBLEM = Message("C215", "{text}")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Says:
    """What a parameter means, and its limits. `key` is its spelling in policies; `unit` is told in the docs."""

    text: str
    key: str = ""
    unit: str = ""
    least: float | None = None
    most: float | None = None
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a piece finds wrong with its own options taken together: at `key`, a sentence, and what to do."""

    key: str
    text: str
    hint: str = ""


class Tree:
    """Marker for a field that holds a filter (or and/or/not block); read by the reading's `read_filter`."""


@dataclass(slots=True)
class Reading:
    """What goes along with a read: where problems are collected, and how filters inside a filter are read.

    `nested`: such filters are being read now. `seen`: what rules of records see of the policy: `_mode`, `_regions`
    (that its conditions ask for) and, once they are read, `_filters` (its filters' words).
    """

    diagnostics: list[Diagnostic] = field(default_factory=list)
    read_filter: Callable[[Node], Any] | None = None
    nested: bool = False
    policy: str = ""
    seen: dict[str, Json] = field(default_factory=dict)

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep a problem, with the policy's name."""
        self.diagnostics.append(dataclasses.replace(diagnostic, policy=self.policy))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One field of a parameter class, resolved."""

    name: str
    key: str
    type: Any
    says: Says
    required: bool
    default: Json

    @property
    def hidden(self) -> bool:
        """Whether only a type's record may set it: its key starts with `-`, which no policy can write."""
        return self.key.startswith("-")


@functools.cache
def parameters(cls: Any) -> tuple[Parameter, ...]:
    """The parameters of a class in the order they are written."""
    hints = typing.get_type_hints(cls, include_extras=True)
    found = []
    for each in dataclasses.fields(cls):
        if not each.init or each.name.startswith("_"):
            continue
        annotation = hints[each.name]
        says = Says("")
        if get_origin(annotation) is Annotated:
            annotation, *extras = get_args(annotation)
            says = next((e for e in extras if isinstance(e, Says)), says)
        required = each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING
        default = None
        if each.default is not dataclasses.MISSING:
            default = each.default
        elif each.default_factory is not dataclasses.MISSING:
            default = each.default_factory()
        found.append(Parameter(each.name, says.key or each.name, annotation, says, required, default))
    return tuple(found)


def read(
    cls: type[T],
    node: Node,
    what: str,
    reading: Reading,
    ignore: Iterable[str] = (),
    presets: Mapping[str, Json] | None = None,
) -> T | None:
    """An instance of `cls` from a mapping node, or None with the problems in `reading`.

    `what` names the piece in messages (`filter 'metrics'`); `ignore` are keys that belong to the caller (`type`);
    `presets` (field name → plain data) stand unless the node gives them.
    """
    entries = node.entries if node.entries is not None else {}
    everything = parameters(typing.cast(Any, cls))
    known = {p.key: p for p in everything if not p.hidden}
    before = len(reading.diagnostics)
    values: dict[str, Json] = {}
    for parameter in everything:
        if presets and parameter.name in presets and parameter.key not in entries:
            _, values[parameter.name] = convert(
                node_of(presets[parameter.name]), parameter.type, parameter.key, what, reading, parameter.says
            )
    for key, entry in entries.items():
        if key in ignore:
            continue
        if key not in known:
            hint = did_you_mean(key, known) or ("options are: " + ", ".join(sorted(known)) if known else "it has none")
            reading.add(UNKNOWN_OPTION.at(entry.key_span, hint, key=key, what=what))
            continue
        parameter = known[key]
        ok, value = convert(entry.node, parameter.type, key, what, reading, parameter.says)
        if ok:
            values[parameter.name] = value
    for parameter in known.values():
        if parameter.required and parameter.name not in values and parameter.key not in entries:
            reading.add(MISSING_OPTION.at(node.span, parameter.says.text, key=parameter.key, what=what))
    if len(reading.diagnostics) > before:
        return None
    return cls(**values)


def problems_of(piece: object, node: Node, what: str, reading: Reading, **known: Json) -> None:
    """Ask a piece for problems of its options taken together (its method `problems`), and keep them."""
    method = getattr(piece, "problems", None)
    if method is None:
        return
    for problem in typing.cast(Iterator[Problem], method(**known)):
        entry = node.entries.get(problem.key) if node.entries else None
        span = entry.node.span if entry else node.span
        reading.add(PROBLEM.at(span, problem.hint, text=problem.text if not what else f"{what}: {problem.text}"))


def convert(node: Node, annotation: Any, key: str, what: str, reading: Reading, says: Says) -> tuple[bool, Json]:
    """A node's value as the annotated type: (True, value), or (False, None) with a diagnostic added."""
    alternatives = _alternatives(annotation)
    for each in alternatives:
        if _fits(node, each):
            ok, value = _build(node, each, key, what, reading)
            if ok and not _in_limits(value, node, key, what, says, reading):
                return False, None
            return ok, value
    literals = [v for a in alternatives if get_origin(a) is Literal for v in get_args(a)]
    if literals and node.items is None and node.entries is None:
        shown = ", ".join(str(v) for v in literals)
        hint = did_you_mean(str(node.value), map(str, literals)) or f"expected one of: {shown}"
        reading.add(NOT_ALLOWED.at(node.span, hint, key=key, what=what, value=quoted(node)))
    else:
        expected = " or ".join(dict.fromkeys(_name(a) for a in alternatives))
        reading.add(WRONG_TYPE.at(node.span, says.text, key=key, what=what, found=quoted(node), expected=expected))
    return False, None


def _in_limits(value: Json, node: Node, key: str, what: str, says: Says, reading: Reading) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return True
    low, high = says.least, says.most
    if (low is None or value >= low) and (high is None or value <= high):
        return True
    reading.add(OUT_OF_RANGE.at(node.span, says.text, key=key, what=what, value=value, range=limits_text(low, high)))
    return False


def limits_text(low: float | None, high: float | None) -> str:
    """`from 0 to 100`, `at least 1`, `at most 455`."""
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"from {low} to {high}"


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(b for a in get_args(annotation) for b in _alternatives(a))
    if get_origin(annotation) is Annotated:
        return _alternatives(get_args(annotation)[0])
    return (annotation,)


_SCALARS: dict[Any, Callable[[Json], bool]] = {
    str: lambda v: isinstance(v, str),
    bool: lambda v: isinstance(v, bool),
    int: lambda v: not isinstance(v, bool) and (isinstance(v, int) or (isinstance(v, float) and v.is_integer())),
    float: lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    date: lambda v: isinstance(v, date),
    type(None): lambda v: v is None,
}


def _fits(node: Node, annotation: Any) -> bool:
    if annotation in (Any, Node, Tree):
        return True
    origin = get_origin(annotation)
    scalar = node.items is None and node.entries is None
    if origin is tuple:
        return node.items is not None
    if origin is dict:
        return node.entries is not None
    if origin is Literal:
        return scalar and any(node.value == v and type(node.value) is type(v) for v in get_args(annotation))
    if dataclasses.is_dataclass(annotation):
        return node.entries is not None
    return scalar and annotation in _SCALARS and _SCALARS[annotation](node.value)


def _build(node: Node, annotation: Any, key: str, what: str, reading: Reading) -> tuple[bool, Json]:
    if annotation is Node:
        return True, node
    if annotation is Tree:
        if reading.read_filter is None:
            raise TypeError("a filter cannot be read here")
        tree = reading.read_filter(node)
        return tree is not None, tree
    origin = get_origin(annotation)
    if origin is tuple:
        inner = get_args(annotation)[0]
        built = [convert(n, inner, f"{key}[{i}]", what, reading, Says("")) for i, n in enumerate(node.items or ())]
        return all(ok for ok, _ in built), tuple(v for _, v in built)
    if origin is dict:
        inner = get_args(annotation)[1]
        made = {
            k: convert(e.node, inner, f"{key}.{k}", what, reading, Says("")) for k, e in (node.entries or {}).items()
        }
        return all(ok for ok, _ in made.values()), {k: v for k, (_, v) in made.items()}
    if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
        nested = read(annotation, node, f"'{key}' of {what}", reading)
        return nested is not None, nested
    return True, node.data()


_NAMES = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    type(None): "null",
    date: "a date",
}


def _name(annotation: Any) -> str:
    if annotation in _NAMES:
        return _NAMES[annotation]
    origin = get_origin(annotation)
    if origin is tuple:
        return "a list"
    if origin is Literal:
        return "one of " + ", ".join(map(str, get_args(annotation)))
    return "a mapping"


def quoted(node: Node, plain: bool = False) -> str:
    """A value as messages show it: the string 'x', 5, true, null, a list, a mapping; `plain`: a string as it is."""
    value = node.value
    if node.entries is not None:
        return "a mapping"
    if node.items is not None:
        return "a list"
    if value is None:
        return "null"
    if isinstance(value, str):
        short = value if len(value) <= 60 else value[:59] + "…"
        return short if plain else f"the string '{short}'"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 128:
        return "a number of more than 38 digits"
    return str(value) if isinstance(value, int | float) or plain else f"the date {value}"


def schema_of(cls: type, within: tuple[type, ...] = ()) -> dict[str, Json]:
    """The JSON schema (draft-07 and later) of a parameter class, without the caller's own keys.

    A class that holds itself is any mapping the second time; `within` are the classes that are being written.
    """
    if cls in within:
        return {"type": "object"}
    properties = {}
    visible = [p for p in parameters(cls) if not p.hidden]
    for parameter in visible:
        made = _schema(parameter.type, (*within, cls))
        if parameter.says.text:
            made = {**made, "description": parameter.says.text}
        for name, limit in (("minimum", parameter.says.least), ("maximum", parameter.says.most)):
            if limit is not None:
                made[name] = limit
        if isinstance(parameter.default, str | int | float | bool):
            made["default"] = parameter.default
        properties[parameter.key] = made
    required = [p.key for p in visible if p.required]
    schema: dict[str, Json] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


_JSON_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null", date: "string"}


def _schema(annotation: Any, within: tuple[type, ...]) -> dict[str, Json]:
    alternatives = _alternatives(annotation)
    if len(alternatives) > 1:
        return {"anyOf": [_schema(a, within) for a in alternatives]}
    one = alternatives[0]
    if one is Node:
        return {}
    if one in _JSON_TYPES:
        return {"type": _JSON_TYPES[one]}
    if one is Tree:
        return {"$ref": "#/$defs/filter"}
    origin = get_origin(one)
    if origin is Literal:
        return {"enum": list(get_args(one))}
    if origin is tuple:
        return {"type": "array", "items": _schema(get_args(one)[0], within)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(get_args(one)[1], within)}
    if isinstance(one, type) and dataclasses.is_dataclass(one):
        return schema_of(one, within)
    return {}


__all__ = [
    "Parameter",
    "Problem",
    "Reading",
    "Says",
    "Tree",
    "convert",
    "limits_text",
    "parameters",
    "problems_of",
    "quoted",
    "read",
    "schema_of",
]
