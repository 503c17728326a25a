"""The check of one record: where it stands, what it has found, and the questions that all parts ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, StructureShape

from engine.model.record import ResourceType
from engine.plugin.paths import bound, options_in

from .path_types import ANY, TEXT, Table, Type, Walk, element_of, scalar_of, table_of
from .surroundings import Known, root_of

SPECIAL = dict.fromkeys(("_arn", "_account", "_region", "_partition", "_policy", "_now", "_instant"), TEXT)
"""What paths may read that is no attribute."""


def _made_up(shape: Any) -> bool:
    """Whether the SDK fills a parameter itself (a token that makes a repeated request harmless)."""
    return bool(shape.metadata.get("idempotencyToken"))


@dataclass
class Check:
    """The check of one record."""

    by: Known
    record: ResourceType
    problems: list[str] = field(default_factory=list)
    each: Type = None
    made: Type = None
    terms: Table = field(default_factory=lambda: Table({}))

    def say(self, where: str, text: str) -> None:
        """Keep a fault."""
        self.problems.append(f"{where}: {text}")

    def other(self, where: str, word: str) -> ResourceType | None:
        """Another type's record."""
        try:
            return self.by.types(word)
        except KeyError:
            self.say(where, f"there is no type '{word}'")
            return None

    def path(self, where: str, path: str, root: Type = None, options: Type = None) -> Type:
        """The type of what a path finds; its faults are kept."""
        base = table_of(root_of(self.by, self.record) if root is None else root) or Table({}, open=True)
        given = options or Table({})
        each = {} if self.each is None else {"_each": self.each}
        each |= {} if self.made is None else {"_made": self.made}
        base = Table(
            {**base.members, **SPECIAL, **each, "_options": given, "_terms": self.terms, "_found": Table({}, True)},
            base.open,
        )
        if "[?" in path:  # where a path filters, the options' values are written into it before it is read
            for name in options_in(path) - set(given.members):
                self.say(where, f"there is no option '{name}'")
            path = bound(path, {})
        walk = Walk()
        kind = walk.of(path, base)
        for text in walk.problems:
            self.say(where, text)
        return kind

    def textual(self, where: str, kind: Type) -> None:
        """A text, a list of texts, or unknown."""
        inner = element_of(kind)
        if scalar_of(kind) != "text" and kind is not ANY and inner is not ANY and scalar_of(inner) != "text":
            self.say(where, "finds no text")

    def call(self, where: str, service: str, name: str) -> OperationModel | None:
        """An operation's model."""
        found = self.by.sdk.operation(service or self.record.service, name)
        if found is None:
            self.say(where, f"{service or self.record.service} has no operation '{name}'")
        return found

    def member(self, where: str, shape: Any, dotted: str) -> Any:
        """The shape of a (dotted) member of an input shape."""
        for part in dotted.split("."):
            members = shape.members if isinstance(shape, StructureShape) else {}
            if part not in members:
                self.say(where, f"there is no parameter '{dotted}'")
                return None
            shape = members[part]
        return shape

    def required(self, where: str, model: OperationModel, given: Iterable[str]) -> None:
        """What the API requires is given."""
        members = model.input_shape.members if model.input_shape else {}
        needed = {n for n in (model.input_shape.required_members if members else ()) if not _made_up(members[n])}
        missing = needed - set(given)
        if missing:
            self.say(where, f"{model.name} needs {', '.join(sorted(missing))}")

    def template(self, where: str, template: Any, shape: Any, root: Type, options: Table) -> None:
        """A `with` table against the input shape, at every depth."""
        if isinstance(template, str):
            kind = self.path(where, template, root, options)
            self.fits(where, kind, shape)
        elif isinstance(template, Mapping):
            self.table(where, template, shape, root, options)
        elif isinstance(template, list | tuple):
            if not isinstance(shape, ListShape):
                self.say(where, "takes no list")
                return
            for value in template:
                self.template(where, value, shape.member, root, options)
        else:
            literal = {bool: "truth", int: "number", float: "number"}.get(type(template))
            if scalar_of(shape) != literal:
                self.say(where, f"the parameter is {getattr(shape, 'type_name', shape)}")

    def table(self, where: str, template: Mapping[str, Any], shape: Any, root: Type, options: Table) -> None:
        """A table of a `with` table; inside a parameter, what the API requires there is given."""
        if isinstance(shape, MapShape):
            names = getattr(shape.key, "enum", None)
            for key, value in template.items():
                if names and key not in names:
                    self.say(f"{where}.{key}", f"the SDK knows no '{key}'")
                self.template(f"{where}.{key}", value, shape.value, root, options)
            return
        for key, value in template.items():
            member = self.member(f"{where}.{key}", shape, key)
            if member is not None:
                self.template(f"{where}.{key}", value, member, root, options)
        if where.count(".") > 2 and template and isinstance(shape, StructureShape):
            for missing in set(shape.required_members) - set(template):
                self.say(where, f"needs {missing}")

    def fits(self, where: str, kind: Type, shape: Any) -> None:
        """A path's type is the parameter's."""
        given, wanted = scalar_of(kind), scalar_of(shape)
        if given and wanted and given != wanted and {given, wanted} != {"text", "date"}:
            self.say(where, f"is {given}, the parameter {wanted}")
        if isinstance(shape, ListShape) and given:
            self.say(where, "is no list")
