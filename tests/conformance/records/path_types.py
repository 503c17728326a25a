"""The type that a JMESPath has over a botocore shape, and every name in it that the shape does not have.

`Walk.of(path, type)` gives the type of what the path finds and collects problems. Types: a botocore Shape, a `Table`
(names → types), `Many` (a list), or `ANY` (unknown: everything below it is accepted).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jmespath
from botocore.model import ListShape, MapShape, Shape, StructureShape
from jmespath.exceptions import JMESPathError

Type = Any


class _Any:
    def __repr__(self) -> str:
        return "ANY"


ANY = _Any()


@dataclass(frozen=True)
class Table:
    """Names and their types; `open`: it may have others."""

    members: Mapping[str, Type]
    open: bool = False


@dataclass(frozen=True)
class Many:
    """A list of one type."""

    of: Type


@dataclass(frozen=True)
class Scalar:
    """text, number, truth, date."""

    name: str


TEXT, NUMBER, TRUTH = Scalar("text"), Scalar("number"), Scalar("truth")

RESULTS: Mapping[str, Type] = {
    "split": Many(TEXT), "join": TEXT, "to_string": TEXT, "type": TEXT, "length": NUMBER, "sum": NUMBER, "avg": NUMBER,
    "to_number": NUMBER, "abs": NUMBER, "ceil": NUMBER, "floor": NUMBER, "contains": TRUTH, "starts_with": TRUTH,
    "ends_with": TRUTH, "keys": Many(TEXT), "values": Many(ANY), "from_json": ANY, "to_array": Many(ANY),
    "lookup": ANY, "search": ANY, "product": NUMBER, "days_after": TEXT,
    "those_in": Many(ANY), "those_not_in": Many(ANY), "like": TRUTH, "regex": TRUTH,
    "those_like": Many(ANY), "pick": Many(ANY), "unique": Many(ANY), "chunks": Many(ANY), "first_covering": Many(ANY),
    "quotient": NUMBER, "items": Many(ANY), "sort_versions": Many(TEXT),
    "those_with": Many(ANY), "those_before": Many(ANY), "csv_rows": Many(ANY), "without": ANY, "merged": ANY,
}  # fmt: skip


def scalar_of(kind: Type) -> str:
    """text, number, truth or date; empty for what is no scalar or unknown."""
    if isinstance(kind, Scalar):
        return kind.name
    if isinstance(kind, Shape):
        return {
            "string": "text", "integer": "number", "long": "number", "float": "number", "double": "number",
            "boolean": "truth", "timestamp": "date", "blob": "blob",
        }.get(kind.type_name, "")  # fmt: skip
    return ""


def element_of(kind: Type) -> Type:
    """What a list holds; None for what is no list."""
    if kind is ANY:
        return ANY
    if isinstance(kind, Many):
        return kind.of
    return kind.member if isinstance(kind, ListShape) else None


def table_of(kind: Type) -> Table | None:
    """The members of a table-like type, else None."""
    if isinstance(kind, Table):
        return kind
    if isinstance(kind, StructureShape):
        return Table(kind.members)
    if isinstance(kind, MapShape):
        names = getattr(kind.key, "enum", None) or ()
        return Table(dict.fromkeys(names, kind.value), open=not names)
    return None


@dataclass
class Walk:
    """One walk over paths; problems pile up."""

    problems: list[str] = field(default_factory=list)

    def of(self, path: str, root: Type) -> Type:
        """The type of what `path` finds in `root`."""
        try:
            tree = jmespath.compile(path).parsed
        except JMESPathError as error:
            self.problems.append(f"'{path}' is no path: {str(error).splitlines()[0]}")
            return ANY
        return self._node(tree, root, path)

    def _node(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        return getattr(self, "_" + node["type"])(node, on, path)

    def _field(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        if on is ANY:
            return ANY
        table = table_of(on)
        if table is None:
            self.problems.append(f"'{path}': '{node['value']}' is asked of {_said(on)}")
            return ANY
        if node["value"] in table.members:
            return table.members[node["value"]]
        if not table.open or node["value"].startswith("_"):
            self.problems.append(f"'{path}': there is no '{node['value']}'")
        return ANY

    def _chain(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        for child in node["children"]:
            on = self._node(child, on, path)
        return on

    _subexpression = _index_expression = _pipe = _chain

    def _index(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        return self._element(on, path)

    def _slice(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        return Many(self._element(on, path))

    def _element(self, on: Type, path: str) -> Type:
        found = element_of(on)
        if found is None:
            self.problems.append(f"'{path}': an element is asked of {_said(on)}")
            return ANY
        return found

    def _projection(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        left = self._node(node["children"][0], on, path)
        return Many(self._node(node["children"][1], self._element(left, path), path))

    def _value_projection(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        return Many(ANY)

    def _filter_projection(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        left = self._node(node["children"][0], on, path)
        element = self._element(left, path)
        self._node(node["children"][2], element, path)
        return Many(self._node(node["children"][1], element, path))

    def _flatten(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        left = self._node(node["children"][0], on, path)
        element = self._element(left, path)
        inner = element_of(element)
        return Many(element if inner is None else inner)

    def _or_expression(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        kinds = [self._node(child, on, path) for child in node["children"]]
        return next((k for k in kinds if k is not ANY), ANY)

    def _and_expression(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        return [self._node(child, on, path) for child in node["children"]][-1]

    def _comparator(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        found = [self._node(child, on, path) for child in node["children"]]
        choices = next((c for kind in found if (c := getattr(kind, "enum", None))), None)
        texts = [child["value"] for child in node["children"] if child["type"] == "literal"]
        wrong = [t for t in texts if choices and isinstance(t, str) and t and t not in choices]
        self.problems += [f"'{path}': '{text}' is none of {', '.join(choices or ())}" for text in wrong]
        kinds = [scalar_of(kind) for kind in found]
        if kinds[0] and kinds[1] and kinds[0] != kinds[1] and "date" not in kinds:
            self.problems.append(f"'{path}' compares {kinds[0]} with {kinds[1]}")
        return TRUTH

    def _not_expression(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        self._node(node["children"][0], on, path)
        return TRUTH

    def _multi_select_list(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        kinds = [self._node(child, on, path) for child in node["children"]]
        return Many(next((k for k in kinds if k is not ANY), ANY))

    def _multi_select_dict(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        return Table({pair["value"]: self._node(pair["children"][0], on, path) for pair in node["children"]})

    def _function_expression(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        kinds = [self._node(child, on, path) for child in node["children"]]
        name = node["value"]
        if name in RESULTS:
            return RESULTS[name]
        if name == "not_null":
            return next((k for k in kinds if k is not ANY), ANY)
        if name in ("sort", "reverse", "sort_by"):
            return kinds[0]
        if name in ("min", "max", "min_by", "max_by"):
            return element_of(kinds[0]) or ANY
        if name == "merge":
            tables = [table_of(kind) or Table({}, open=True) for kind in kinds]
            merged = {name: kind for table in tables for name, kind in table.members.items()}
            return Table(merged, any(table.open for table in tables))
        if name != "map":
            self.problems.append(f"'{path}': there is no function '{name}'")
        return ANY

    def _expref(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        return ANY

    def _literal(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        return _literal_type(node["value"])

    def _current(self, node: Mapping[str, Any], on: Type, path: str) -> Type:
        return on

    _identity = _current


def _literal_type(value: Any) -> Type:
    if isinstance(value, bool):
        return TRUTH
    if isinstance(value, str):
        return TEXT
    if isinstance(value, int | float):
        return NUMBER
    if isinstance(value, list):
        return Many(_literal_type(value[0]) if value else ANY)
    if isinstance(value, dict) and value:
        return Table({k: _literal_type(v) for k, v in value.items()})
    return ANY


def _said(kind: Type) -> str:
    if element_of(kind) is not None:
        return "a list"
    return scalar_of(kind) or "a table"
