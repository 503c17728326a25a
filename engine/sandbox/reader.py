"""What does a YAML text say, if it must fit a dataclass? The value, or every problem in it with its line.

`Reader.read(node, type)` walks PyYAML's nodes (which know their lines) beside the annotations of frozen dataclasses.
Nothing is guessed: an unknown key, a wrong type or a name that points nowhere is a problem; all are collected.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import types
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import yaml

from engine.sandbox.kinds.kind import Names, Region
from engine.sandbox.series import Series

UNKNOWN_KEY = "unknown key '{key}' in {owner}; {hint}"
REPEATED_KEY = "'{key}' is written twice in {owner}"
MISSING_KEY = "{owner} needs '{key}'"
WRONG_TYPE = "{what} is {got}, expected {expected}"
UNKNOWN_NAME = "nothing in '{section}' is called '{name}'; {hint}"
REPEATED_NAME = "'{name}' is already taken in '{section}', line {line}"

AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(m|h|d|w|y)")
AGE_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
TAG = "tag:yaml.org,2002:"

BAD = object()
"""Stands for a value that was refused and reported; whoever meets it reports nothing more."""


@dataclasses.dataclass(frozen=True, slots=True)
class Mention:
    """A name written in one place that must be the name of a thing in another."""

    section: str
    name: str
    node: yaml.Node


class Reader:
    """One reading of one file. Problems gather in `problems` as (line, column, text), both counted from 1."""

    def __init__(self) -> None:
        self.problems: list[tuple[int, int, str]] = []
        self.mentions: list[Mention] = []

    def report(self, node: yaml.Node, text: str) -> None:
        """Note one problem at the place of a node."""
        self.problems.append((node.start_mark.line + 1, node.start_mark.column + 1, text))

    def read(self, node: yaml.Node, wanted: Any, what: str) -> Any:
        """The value of a node as the annotation `wanted` asks, or BAD once the problem is reported."""
        origin = get_origin(wanted)
        if origin is Annotated:
            return self._annotated(node, wanted, what)
        if origin in (types.UnionType, Union):
            inner = next(each for each in get_args(wanted) if each is not type(None))
            return None if _is_null(node) else self.read(node, inner, what)
        if origin is tuple:
            return self._tuple(node, get_args(wanted)[0], what)
        if origin is dict:
            return self._texts(node, what)
        if origin is Literal:
            return self._choice(node, get_args(wanted), what)
        if wanted is Series and isinstance(node, yaml.ScalarNode):
            mean = self.read(node, float, what)
            return mean if mean is BAD else Series(mean=mean)
        if dataclasses.is_dataclass(wanted):
            return self.read_fields(node, wanted, owner=getattr(wanted, "called", what))
        if wanted is object:
            return _plain(node)
        return self._scalar(node, wanted, what)

    def read_fields(self, node: yaml.Node, wanted: Any, owner: str) -> Any:
        """A mapping as an instance of the dataclass `wanted`."""
        if not isinstance(node, yaml.MappingNode):
            return self._refuse(node, owner, "keys with values")
        hints = fields_of(wanted)
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key not in hints:
                hint = suggest(key, hints, otherwise="its keys are")
                self.report(key_node, UNKNOWN_KEY.format(key=key, owner=owner, hint=hint))
            elif key in values:
                self.report(key_node, REPEATED_KEY.format(key=key, owner=owner))
            else:
                values[key] = self.read(value_node, hints[key], f"'{key}' of {owner}")
        for field in dataclasses.fields(wanted):
            key = field.name.rstrip("_")
            required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            if required and key not in values:
                self.report(node, MISSING_KEY.format(owner=owner, key=key))
                values[key] = BAD
        if any(value is BAD for value in values.values()):
            return BAD
        names = {field.name.rstrip("_"): field.name for field in dataclasses.fields(wanted)}
        return wanted(**{names[key]: value for key, value in values.items()})

    def check_names(self, sections: dict[str, list[yaml.Node]]) -> None:
        """Report names taken twice, and mentions of names nobody has.

        Args:     sections: each section's entries, mappings that carry `name`.
        """
        taken: dict[str, dict[str, int]] = {}
        for section, entries in sections.items():
            known = taken.setdefault(section, {})
            for name_node in filter(None, (entry_of(entry, "name") for entry in entries)):
                line = name_node.start_mark.line + 1
                if name_node.value in known:
                    text = REPEATED_NAME.format(name=name_node.value, section=section, line=known[name_node.value])
                    self.report(name_node, text)
                known.setdefault(name_node.value, line)
        for mention in self.mentions:
            known = taken.get(mention.section, {})
            if mention.name not in known:
                hint = suggest(mention.name, known, otherwise="it has") if known else "it is empty"
                text = UNKNOWN_NAME.format(section=mention.section, name=mention.name, hint=hint)
                self.report(mention.node, text)

    def _annotated(self, node: yaml.Node, wanted: Any, what: str) -> Any:
        inner, mark = get_args(wanted)[:2]
        value = self.read(node, inner, what)
        if value is BAD:
            return BAD
        if isinstance(mark, Names):
            self.mentions.append(Mention(mark.section, value, node))
        if isinstance(mark, Region) and not REGION.fullmatch(value):
            return self._refuse(node, what, "a region such as us-east-1")
        return value

    def _tuple(self, node: yaml.Node, item: Any, what: str) -> Any:
        if not isinstance(node, yaml.SequenceNode):
            return self._refuse(node, what, "a list")
        values = [self.read(each, item, f"an entry of {what}") for each in node.value]
        return BAD if any(value is BAD for value in values) else tuple(values)

    def _texts(self, node: yaml.Node, what: str) -> Any:
        """A mapping of text to text, scalars as they are written: `AllowStop: true` is the text "true"."""
        if not isinstance(node, yaml.MappingNode):
            return self._refuse(node, what, "keys with values")
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.value in values:
                self.report(key_node, REPEATED_KEY.format(key=key_node.value, owner=what))
            values[key_node.value] = self._scalar(value_node, str, f"'{key_node.value}' in {what}")
        return BAD if any(value is BAD for value in values.values()) else values

    def _choice(self, node: yaml.Node, choices: tuple[str, ...], what: str) -> Any:
        value = self._scalar(node, str, what)
        if value is BAD or value in choices:
            return value
        return self._refuse(node, what, "one of " + ", ".join(choices))

    def _scalar(self, node: yaml.Node, wanted: Any, what: str) -> Any:
        if not isinstance(node, yaml.ScalarNode) or _is_null(node):
            return self._refuse(node, what, EXPECTED[wanted])
        if wanted is str:
            return str(node.value)
        try:
            return self._number(node, wanted, what)
        except (ValueError, OverflowError):  # a number of thousands of digits, an age of more than time can be
            return self._refuse(node, what, EXPECTED[wanted])

    def _number(self, node: yaml.ScalarNode, wanted: Any, what: str) -> Any:
        """Raises ValueError and OverflowError for what is too large."""
        kind = node.tag.removeprefix(TAG)
        if wanted is timedelta:
            found = AGE.fullmatch(node.value.strip())
            if found:
                return float(found[1]) * AGE_UNITS[found[2]]
        elif (wanted is bool and kind == "bool") or (wanted is int and kind == "int"):
            found_number = yaml.safe_load(node.value)
            if -(2**63) <= found_number < 2**63:
                return found_number
        elif wanted is float and kind in ("int", "float"):
            return float(yaml.safe_load(node.value))
        return self._refuse(node, what, EXPECTED[wanted])

    def _refuse(self, node: yaml.Node, what: str, expected: str) -> object:
        self.report(node, WRONG_TYPE.format(what=what, got=_shown(node), expected=expected))
        return BAD


EXPECTED: dict[Any, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    timedelta: "a time span such as 90m, 3h, 40d, 2w or 1y",
}


@cache
def fields_of(wanted: Any) -> dict[str, Any]:
    """Key in the file ▸ annotation, of a dataclass. A field `class_` is the key `class`."""
    hints = get_type_hints(wanted, include_extras=True)
    return {field.name.rstrip("_"): hints[field.name] for field in dataclasses.fields(wanted)}


def suggest(word: str, known: Iterable[str], otherwise: str) -> str:
    """The part of a message that helps: the nearest known word, or all of them."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"{otherwise} {', '.join(sorted(known))}"


def entry_of(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """The value node a mapping node has under a key; None when it has none, or is no mapping."""
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            if key_node.value == key:
                found: yaml.Node = value_node
                return found
    return None


def entries_of(node: yaml.Node | None) -> list[yaml.Node]:
    """The entries of a list node; none when it is no list."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _is_null(node: yaml.Node) -> bool:
    return bool(node.tag == TAG + "null")


def _shown(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    text = node.value if len(node.value) <= 60 else node.value[:59] + "…"
    return "empty" if _is_null(node) else f"'{text}'"


def _plain(node: yaml.Node) -> Any:
    """Any YAML as plain values, for documents that AWS reads, not we."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each) for each in node.value]
    if node.tag in (TAG + "bool", TAG + "int", TAG + "float", TAG + "null"):
        with suppress(ValueError, OverflowError):  # a number of thousands of digits stays a text
            return yaml.safe_load(node.value)
    return str(node.value)
