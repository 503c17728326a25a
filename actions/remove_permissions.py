"""Take rules off a security group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from actions._group_rules import OPERATION, RuleChange, change_rules
from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class RemovePermissions(RuleChange):
    """Takes off the rules that the policy's `ingress` and `egress` filters found (`matched`), or all.

    Each address range, prefix list or group is a rule of its own: the others of its permission stay. Undo gives them
    back with their descriptions.
    """

    OPERATIONS: ClassVar[tuple[str, ...]] = (OPERATION,)
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: remove-permissions, ingress: matched}",
        "{type: remove-permissions, egress: all}",
    )

    ingress: Annotated[Literal["matched", "all"], Says("which inbound rules")] = "matched"
    egress: Annotated[Literal["matched", "all"], Says("which outbound rules")] = "matched"

    def problems(self, *, found: frozenset[str] = frozenset(), **_: Json) -> Iterator[Problem]:
        """A filter that tells what was matched."""
        if "all" not in (self.ingress, self.egress) and not found & {"ingress", "egress"}:
            yield Problem("ingress", "no filter tells what is matched", "add an 'ingress' filter, not under 'not'")

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The rules that are taken off."""
        remove = {"ingress": self.ingress, "egress": self.egress}
        return change_rules("remove-permissions", view, setting, {}, remove)
