"""Take addresses off the conditions of a resource's policy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from actions._policy_changes import UNREADABLE, document_of, listed
from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import Operation, ResourceType
from engine.plugin.operate import Operate
from engine.plugin.params import Problem
from engine.plugin.paths import getter
from engine.plugin.protocols import Setting, View

OPERATION = "put-access-policy"
"""Writes the whole document (option `policy`, empty where no statement is left) and keeps the one there is."""

FOUND = "source-ips"
"""Under this name the type's filter tells the addresses that it found."""


@dataclass(frozen=True, slots=True)
class RemoveMatchedSourceIps:
    """Takes the addresses that the policy's `source-ip` filter found off the statements that let them in.

    A statement that would let in from no address goes: without its condition it would let in from everywhere. Undo
    writes the policy back as it was.
    """

    OPERATIONS: ClassVar[tuple[str, ...]] = (OPERATION,)
    EXAMPLES: ClassVar[tuple[str, ...]] = ("remove-matched-source-ips",)

    def problems(self, *, found: frozenset[str] = frozenset(), **_: Json) -> Iterator[Problem]:
        """A filter that tells what was matched."""
        if FOUND not in found:
            yield Problem("type", "no filter tells what is matched", "add a 'source-ip' filter, not under 'not'")

    def operations(self, type: ResourceType) -> Sequence[Operation]:
        """What writes the policy."""
        return [type.operations[OPERATION]]

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The policy as it is now."""
        operate = Operate(OPERATION, type.operations[OPERATION])
        return operate.needs(type) | operate.must_know(type)

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The policy as it is now: unknown, it is not changed."""
        return self.needs(type)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The policy without them."""
        word = "remove-matched-source-ips"
        operation = setting.type.operations[OPERATION]
        document = document_of(getter(operation.keep["policy"])(view.attributes))
        if document is None:
            return Skip(view.resource.ref, word, UNREADABLE)
        matched = setting.found.get(FOUND, ())
        present = listed(document.get("Statement"))
        left = [each for statement in present if (each := _without(statement, matched)) is not None]
        if left == present:
            return Skip(view.resource.ref, word, "its policy lets none of these addresses in")
        text = json.dumps({**document, "Statement": left}) if left else ""
        return Operate(word, operation, {"policy": text}).change(view, setting)


def _without(statement: Json, addresses: Sequence[Json]) -> Json:
    """The statement without the addresses; None when it would have none left."""
    condition = statement.get("Condition") or {}
    there = (condition.get("IpAddress") or {}).get("aws:SourceIp")
    left = [each for each in listed(there) if each not in addresses]
    if statement.get("Effect") != "Allow" or there is None or left == listed(there):
        return statement
    ranges: Mapping[str, Json] = {**condition["IpAddress"], "aws:SourceIp": left}
    return {**statement, "Condition": {**condition, "IpAddress": ranges}} if left else None
