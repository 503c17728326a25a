"""Which web ACL a resource gets: one of those that there are, by its name; by the operation of its type's record."""

from __future__ import annotations

import json
import re

from engine.model.change import Change, Skip
from engine.model.need import Need, PopulationNeed
from engine.model.record import Operation, ResourceType
from engine.plugin.operate import Operate
from engine.plugin.protocols import Setting, View


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
    found = [a for a in known if (re.match(called, a["name"]) if pattern else called in (a["name"], a["id"]))]
    if len(found) != 1:
        told = ", ".join(sorted(acl["name"] for acl in found)) or "none"
        return Skip(view.resource.ref, word, f"there must be one web ACL '{called}', there is: {told}")
    return Operate(word, operation, {**options, "acl": found[0]["id"]}).change(view, setting)
