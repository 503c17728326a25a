"""Take statements off a resource's policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from actions._policy_changes import (
    PUT,
    REMOVE,
    PolicyChange,
    Which,
    change_statements,
    matched_problems,
)
from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class RemoveStatements(PolicyChange):
    """Takes statements off the resource's policy; where none is left, the policy goes.

    `matched` are those that the policy's filters `cross-account` and `has-statement` found. Undo writes the policy back
    as it was.
    """

    OPERATIONS: ClassVar[tuple[str, ...]] = (PUT, REMOVE)
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: remove-statements, statement_ids: matched}",
        "{type: remove-statements, statement_ids: [PublicRead]}",
    )

    statement_ids: Annotated[Which, Says("ids of the statements; `matched`: what filters found; `*`: all")]

    def problems(self, *, found: frozenset[str] = frozenset(), **_: Json) -> Iterator[Problem]:
        """A filter that tells what was matched."""
        yield from matched_problems("statement_ids", self.statement_ids, found)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The policy without them."""
        return change_statements(view, setting, "remove-statements", self.statement_ids)
