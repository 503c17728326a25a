"""Which web ACL a resource gets: one of those that there are, by its name; by the operation of its type's record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.model.need import Need, PopulationNeed
from engine.model.record import Operation, ResourceType
from engine.plugin.operate import Operate
from engine.plugin.params import Problem, Says
from engine.plugin.patterns import compiled
from engine.plugin.protocols import Missing, Setting, View


def all_acls(type: ResourceType, join: str, id: str) -> PopulationNeed:
    """Every ACL of the kind that the join leads to, as JSON texts of its name and what calls know it by."""
    return PopulationNeed(type.joins[join].type, f"to_string({{name: Name, id: {id}}})")


def acl_operations(type: ResourceType, name: str) -> list[Operation]:
    """The operation that gives an ACL, and the one that takes it off."""
    operation = type.operations[name]
    return [operation, *(type.operations[word] for word in operation.instead.values())]


def acl_needs(type: ResourceType, name: str) -> frozenset[Need]:
    """What the operations read."""
    found = Operate(name, type.operations[name], {"acl": "x"}).needs(type)
    return found.union(*(Operate(name, each).needs(type) for each in acl_operations(type, name)))


def acl_must_know(type: ResourceType, name: str) -> frozenset[Need]:
    """What their parameters need."""
    found = Operate(name, type.operations[name], {"acl": "x"}).must_know(type)
    return found.union(*(Operate(name, each).must_know(type) for each in acl_operations(type, name)))


def give_acl(
    view: View, setting: Setting, word: str, name: str, acls: PopulationNeed, called: str, force: bool, pattern: bool
) -> Change | Skip:
    """The ACL with this name; none where no name is given."""
    operation = setting.type.operations[name]
    options = {"force": force} if "force" in operation.options else {}
    if not called:
        return Operate(word, operation, options).change(view, setting)
    known = [json.loads(text) for text in sorted(view.fact(acls))]
    try:
        found = [a for a in known if _is(called, a, pattern)]
    except Missing as missing:
        return Skip(view.resource.ref, word, "; ".join(missing.verdict.causes))
    if len(found) != 1:
        told = ", ".join(sorted(acl["name"] for acl in found)) or "none"
        return Skip(view.resource.ref, word, f"there must be one web ACL '{called}', there is: {told}")
    return Operate(word, operation, {**options, "acl": found[0]["id"]}).change(view, setting)


def _is(called: str, acl: Mapping[str, Json], pattern: bool) -> bool:
    return compiled(called).match(acl["name"]) is not None if pattern else called in (acl["name"], acl["id"])


@dataclass(frozen=True, slots=True)
class AclChange:
    """What the words that give a web ACL share; each says which operation, join and id, and how it is named."""

    WORD: ClassVar[str]
    OPERATION: ClassVar[str]
    JOIN: ClassVar[str]
    ID: ClassVar[str]
    PATTERN: ClassVar[bool]

    web_acl: Annotated[str, Says("the ACL's name", key="web-acl")] = ""
    state: Annotated[bool, Says("false: without a web ACL")] = True
    force: Annotated[bool, Says("distributions: replace the ACL that it has")] = False

    def problems(
        self, *, type: ResourceType | None = None, filters: frozenset[str] | None = None, **_: Json
    ) -> Iterator[Problem]:
        """A name, options that the type has, and a filter that says whose ACL is changed, where nothing else does."""
        forced = type is not None and "force" in type.operations[self.OPERATION].options
        if filters is not None and not filters & {"waf-enabled", "wafv2-enabled"} and not forced:
            yield Problem("type", "no filter asks for the ACL they have", "add 'wafv2-enabled' or 'waf-enabled'")
        if self.state and not self.web_acl:
            yield Problem("web-acl", "there is no name of a web ACL", "give 'web-acl', or 'state: false'")
        if self.PATTERN:
            yield from _pattern_problems(self.web_acl)
        if self.force and type is not None and not forced:
            yield Problem("force", f"{type.word} has no use for 'force'", "it replaces the ACL anyway")

    def operations(self, type: ResourceType) -> Sequence[Operation]:
        """What gives an ACL, and what takes it off."""
        return acl_operations(type, self.OPERATION)

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The ACLs, and the one that it has now."""
        return self.must_know(type) | acl_needs(type, self.OPERATION)

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The ACLs."""
        known = acl_must_know(type, self.OPERATION)
        return known | {all_acls(type, self.JOIN, self.ID)} if self.state else known

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The ACL, or none."""
        acls = all_acls(setting.type, self.JOIN, self.ID)
        called = self.web_acl if self.state else ""
        return give_acl(view, setting, self.WORD, self.OPERATION, acls, called, self.force, self.PATTERN)


def _pattern_problems(text: str) -> Iterator[Problem]:
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        yield Problem("web-acl", f"'{text}' is no pattern: {error}")
