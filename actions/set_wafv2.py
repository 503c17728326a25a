"""Protect a resource by a web ACL of AWS WAF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from actions._web_acls import acl_must_know, acl_needs, acl_operations, all_acls, give_acl
from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import Operation, ResourceType
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View

OPERATION, JOIN, ID = "put-wafv2", "wafv2", "ARN"


@dataclass(frozen=True, slots=True)
class SetWafv2:
    """Protects the resource by a web ACL of AWS WAF, or (`state: false`) takes it off.

    An ACL of that name must exist in the region. Undo gives back the ACL that it had, or none.
    """

    OPERATIONS: ClassVar[tuple[str, ...]] = (OPERATION,)
    EXAMPLES: ClassVar[tuple[str, ...]] = ("{type: set-wafv2, web-acl: edge}", "{type: set-wafv2, state: false}")

    web_acl: Annotated[str, Says("the ACL's name: a regular expression, from its start", key="web-acl")] = ""
    state: Annotated[bool, Says("false: without a web ACL")] = True
    force: Annotated[bool, Says("distributions: replace the ACL that it has")] = False

    def problems(
        self, *, type: ResourceType | None = None, filters: frozenset[str] | None = None, **_: Json
    ) -> Iterator[Problem]:
        """A name, options that the type has, and a filter that says whose ACL is changed."""
        if filters is not None and not filters & {"waf-enabled", "wafv2-enabled"}:
            yield Problem("type", "no filter asks for the ACL they have", "add 'wafv2-enabled' or 'waf-enabled'")
        if self.state and not self.web_acl:
            yield Problem("web-acl", "there is no name of a web ACL", "give 'web-acl', or 'state: false'")
        if self.force and type is not None and "force" not in type.operations[OPERATION].options:
            yield Problem("force", f"{type.word} has no use for 'force'", "it replaces the ACL anyway")

    def operations(self, type: ResourceType) -> Sequence[Operation]:
        """What gives an ACL, and what takes it off."""
        return acl_operations(type, OPERATION)

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The ACLs, and the one that it has now."""
        return self.must_know(type) | acl_needs(type, OPERATION)

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The ACLs."""
        known = acl_must_know(type, OPERATION)
        return known | {all_acls(type, JOIN, ID)} if self.state else known

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The ACL, or none."""
        acls = all_acls(setting.type, JOIN, ID)
        called = self.web_acl if self.state else ""
        return give_acl(view, setting, "set-wafv2", OPERATION, acls, called, self.force, pattern=True)
