"""Changes to a resource's policy document, statement by statement, by the operations of its type's record.

A record gives `put-policy`, which writes the whole document (option `policy`: its text, null where no statement is
left), or `remove-permissions`, which takes statements off (option `statements`). `put-policy` says in `keep` where the
document stands now; its `terms` are names of the resource that new statements may hold, as in `{topic_arn}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from engine.model.change import Change, Skip
from engine.model.json import Json, parsed
from engine.model.need import Need
from engine.model.record import Operation, ResourceType
from engine.plugin.operate import Operate
from engine.plugin.params import Problem, Says
from engine.plugin.paths import getter, named
from engine.plugin.protocols import Setting, View

PUT, REMOVE = "put-policy", "remove-permissions"
VERSION = "2012-10-17"
"""Of a document that is made anew. Source: IAM User Guide, JSON policy elements: Version."""

UNREADABLE = "its policy is not JSON, and is not written over"

Which: TypeAlias = Literal["matched", "*"] | tuple[str, ...]
"""Statements to take off: those that the policy's filters found, all, or those with these ids."""

_Element: TypeAlias = str | dict[str, Json] | tuple[Json, ...]
_NONE: Json = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement to write, as IAM spells it."""

    sid: Annotated[str, Says("its id; one that is there already is replaced", key="Sid")]
    effect: Annotated[Literal["Allow", "Deny"], Says("Allow or Deny", key="Effect")]
    principal: Annotated[_Element, Says("for whom", key="Principal")] = _NONE
    not_principal: Annotated[dict[str, Json] | tuple[Json, ...], Says("for whom not", key="NotPrincipal")] = _NONE
    action: Annotated[str | tuple[str, ...], Says("the actions", key="Action")] = _NONE
    not_action: Annotated[str | tuple[str, ...], Says("the actions left out", key="NotAction")] = _NONE
    resource: Annotated[str | tuple[str, ...], Says("on what", key="Resource")] = _NONE
    not_resource: Annotated[str | tuple[str, ...], Says("on what not", key="NotResource")] = _NONE
    condition: Annotated[dict[str, Json], Says("operator → key → values", key="Condition")] = _NONE

    def written(self) -> dict[str, Json]:
        """As it stands in a document."""
        elements = {
            "Sid": self.sid, "Effect": self.effect, "Principal": self.principal, "NotPrincipal": self.not_principal,
            "Action": self.action, "NotAction": self.not_action, "Resource": self.resource,
            "NotResource": self.not_resource, "Condition": self.condition,
        }  # fmt: skip
        return {name: _plain(value) for name, value in elements.items() if value is not None}

    def lacking(self) -> Iterator[str]:
        """Elements of which each statement has one, where it has none or both."""
        pairs = (
            ("Principal", self.principal, self.not_principal),
            ("Action", self.action, self.not_action),
            ("Resource", self.resource, self.not_resource),
        )
        return (name for name, one, other in pairs if (one is None) is (other is None))


def statement_problems(
    key: str, statements: Sequence[Statement], type: ResourceType | None = None
) -> Iterator[Problem]:
    """What statements lack. Where the record's operation has the option `resources: false`, they name no resource."""
    option = type.operations[_by(type)].options.get("resources") if type is not None else None
    resourceless = option is not None and option.default is False
    for each in statements:
        for name in each.lacking():
            if name == "Resource" and resourceless:
                continue
            yield Problem(key, f"statement '{each.sid}' needs either {name} or Not{name}")


def matched_problems(key: str, which: Which | None, found: frozenset[str]) -> Iterator[Problem]:
    """`matched` where no filter finds statements."""
    if which == "matched" and "statements" not in found:
        yield Problem(key, "no filter tells what is matched", "add a 'cross-account' or 'has-statement' filter")


class PolicyChange:
    """What the words that change a policy have in common: they read it, and write it by the same operations."""

    __slots__ = ()

    def operations(self, type: ResourceType) -> Sequence[Operation]:
        """What writes the policy."""
        operation = type.operations[_by(type)]
        return [operation, *(type.operations[word] for word in operation.instead.values())]

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The policy as it is now."""
        operate = Operate(_by(type), type.operations[_by(type)])
        return operate.needs(type) | operate.must_know(type)

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The policy as it is now: unknown, it is not changed."""
        return self.needs(type)


def _by(type: ResourceType) -> str:
    return PUT if PUT in type.operations else REMOVE


def change_statements(
    view: View, setting: Setting, word: str, remove: Which | None, add: Sequence[Statement] = ()
) -> Change | Skip:
    """The document without some statements, and with others."""
    type = setting.type
    if PUT not in type.operations:
        return _one_by_one(view, setting, word, remove)
    operation = type.operations[PUT]
    document = document_of(getter(operation.keep["policy"])(view.attributes))
    if document is None:
        return Skip(view.resource.ref, word, UNREADABLE)
    present: list[Json] = listed(document.get("Statement"))
    off = _chosen(present, remove, setting)
    names = {name: getter(path)(view.attributes) for name, path in operation.terms.items()}
    new = [named(each.written(), names) for each in add]
    replaced = {each["Sid"]: each for each in new}
    left = [replaced.pop(each.get("Sid"), each) for each in present if each not in off]
    left += replaced.values()
    if left == present:
        return Skip(view.resource.ref, word, "it has none of these statements" if not add else "it is so already")
    if left:
        text = json.dumps({**({} if document else {"Version": VERSION}), **document, "Statement": left})
        return Operate(word, operation, {"policy": text}).change(view, setting)
    if operation.options["policy"].required:
        return Skip(view.resource.ref, word, "no statement would be left, and it cannot be without")
    return Operate(word, operation).change(view, setting)


def _one_by_one(view: View, setting: Setting, word: str, remove: Which | None) -> Change | Skip:
    document = document_of(view.attributes.get("Policy"))
    if document is None:
        return Skip(view.resource.ref, word, UNREADABLE)
    present = listed(document.get("Statement"))
    off = [each for each in _chosen(present, remove, setting) if each.get("Sid")]
    if not off:
        return Skip(view.resource.ref, word, "it has none of these statements")
    return Operate(word, setting.type.operations[REMOVE], {"statements": off}).change(view, setting)


def _chosen(present: Sequence[Json], which: Which | None, setting: Setting) -> list[Json]:
    if which == "*":
        return list(present)
    if which == "matched":
        return [each for each in present if each in setting.found.get("statements", ())]
    return [each for each in present if each.get("Sid") in (which or ())]


def document_of(policy: Json) -> dict[str, Json] | None:
    """The document, empty where there is none; None for a text that is no JSON, which must not be written over."""
    if isinstance(policy, str):
        try:
            policy = parsed(policy) if policy else {}
        except ValueError:
            return None
    return dict(policy) if isinstance(policy, Mapping) else {}


def listed(value: Json) -> list[Json]:
    """What may be one or several."""
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _plain(value: Json) -> Json:
    return list(value) if isinstance(value, tuple) else value
