"""Add rules to a security group, and take others off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeAlias

from actions._group_rules import KNOWN, OPERATION, RuleChange, change_rules
from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View

Rules: TypeAlias = tuple[dict[str, Json], ...]


@dataclass(frozen=True, slots=True)
class SetPermissions(RuleChange):
    """Adds rules to a security group that it has not, and takes off rules that it has.

    A rule is written as the API writes a permission (`IpProtocol`, `FromPort`, `ToPort`, `IpRanges` …), or with one
    `CidrIp`; each address range, prefix list or group in it is a rule of its own. `matched` are the rules that the
    policy's `ingress` or `egress` filter found, `all` every one. Undo takes off what was added, and gives back what was
    taken off with its description.
    """

    OPERATIONS: ClassVar[tuple[str, ...]] = (OPERATION,)
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: set-permissions, remove-ingress: matched}",
        "{type: set-permissions, add-egress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}]}",
    )

    add_ingress: Annotated[Rules, Says("inbound rules to add", key="add-ingress")] = ()
    remove_ingress: Annotated[
        Literal["matched", "all"] | Rules, Says("inbound rules to take off; or which", key="remove-ingress")
    ] = ()
    add_egress: Annotated[Rules, Says("outbound rules to add", key="add-egress")] = ()
    remove_egress: Annotated[
        Literal["matched", "all"] | Rules, Says("outbound rules to take off; or which", key="remove-egress")
    ] = ()

    def problems(self, *, found: frozenset[str] = frozenset(), **_: Json) -> Iterator[Problem]:
        """Something to do, keys that rules have, and a filter that tells what was matched."""
        told = {"add-ingress": self.add_ingress, "remove-ingress": self.remove_ingress}
        told |= {"add-egress": self.add_egress, "remove-egress": self.remove_egress}
        if not any(told.values()):
            yield Problem("add-ingress", "there is nothing to do", "give 'add-…' or 'remove-…'")
        for name, rules in told.items():
            side = name.split("-")[1]
            if rules == "matched" and side not in found:
                yield Problem(name, "no filter tells what is matched", f"add an '{side}' filter, not under 'not'")
            for rule in rules if isinstance(rules, tuple) else ():
                if strange := sorted(set(rule) - KNOWN):
                    yield Problem(name, f"a rule has no '{strange[0]}'", "write it as the API's IpPermissions")

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The rules that are added, and those that are taken off."""
        add = {"ingress": self.add_ingress, "egress": self.add_egress}
        remove = {"ingress": self.remove_ingress, "egress": self.remove_egress}
        return change_rules("set-permissions", view, setting, add, remove)
