"""Turns a record's TOML mapping into a `ResourceType`, or tells everything that is wrong with it at once.

The schema is `engine.model.record` itself: fields, types, defaults and the names of nested records come from the
dataclasses' annotations. A key is the field's name; a field that ends in `_` is written without it (`with`, `global`,
`is`). Keys of tables (operations, filters, options, joins, facets) are the record's own words, taken as they are.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin

from engine.model.json import Json
from engine.model.record import ResourceType
from engine.plugin.suggest import did_you_mean

T = TypeVar("T")


class RecordRejected(ValueError):
    """A record does not follow the schema; `problems` holds one sentence for each fault, with its place."""

    def __init__(self, name: str, problems: list[str]) -> None:
        super().__init__(f"record {name}: " + "; ".join(problems))
        self.name = name
        self.problems = tuple(problems)


@dataclasses.dataclass(frozen=True, slots=True)
class _Field:
    name: str
    key: str
    type: Any
    required: bool


def read_record(word: str, data: Mapping[str, Json], service: str = "") -> ResourceType:
    """The record of type `word`.

    Args:     data: the parsed TOML; service: the SDK's service name, used where the record names none.
    Raises:   RecordRejected with every unknown key, missing key and wrong type.
    """
    problems: list[str] = []
    given = {**({"service": service} if service else {}), **data}
    if "word" in given:
        problems.append("'word' is the file's name, not a key")
    if "origin" in given:
        problems.append("'origin' is told by where the record is from, not by a key")
    record = _record(ResourceType, {**given, "word": word}, "", problems)
    if record is None or problems:
        raise RecordRejected(word, problems)
    return record


@functools.cache
def _fields(cls: type) -> tuple[_Field, ...]:
    hints = typing.get_type_hints(cls)
    return tuple(
        _Field(
            each.name,
            each.name.removesuffix("_"),
            hints[each.name],
            each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING,
        )
        for each in dataclasses.fields(cls)
    )


def _record(cls: type[T], data: Mapping[str, Json], where: str, problems: list[str]) -> T | None:
    known = {each.key: each for each in _fields(typing.cast(Any, cls))}
    before = len(problems)
    problems += [
        f"unknown key '{_at(where, key)}', {did_you_mean(key, known)}".rstrip(", ") for key in data if key not in known
    ]
    values = {}
    for key, each in known.items():
        if key in data:
            values[each.name] = _value(each.type, data[key], _at(where, key), problems)
        elif each.required:
            problems.append(f"missing key '{_at(where, key)}'")
    return cls(**values) if len(problems) == before else None


def _value(annotation: Any, value: Json, where: str, problems: list[str]) -> Json:
    if annotation is Any:
        return value
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is types.UnionType or origin is typing.Union:
        chosen = next(each for each in inner if each is not type(None))
        return _value(chosen, value, where, problems)
    if origin is tuple:
        if isinstance(value, list):
            return tuple(_value(inner[0], each, f"{where}[{i}]", problems) for i, each in enumerate(value))
    elif origin is not None and issubclass(origin, Mapping):
        if isinstance(value, Mapping):
            return {key: _value(inner[1], each, _at(where, key), problems) for key, each in value.items()}
    elif dataclasses.is_dataclass(annotation):
        if isinstance(value, Mapping):
            return _record(typing.cast(type[Any], annotation), value, where, problems)
    elif _is(annotation, value):
        return value
    problems.append(f"'{where}' is {_name(type(value))}, not {_name(origin or annotation)}")
    return None


def _is(annotation: Any, value: Json) -> bool:
    if isinstance(value, bool):
        return annotation is bool
    return isinstance(value, (int, float) if annotation is float else annotation)


_NAMES = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    tuple: "a list",
}


def _name(kind: Any) -> str:
    return _NAMES.get(kind, "a table")


def _at(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
