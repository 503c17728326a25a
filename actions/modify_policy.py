"""Change the statements of a resource's policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from actions._policy_changes import (
    PUT,
    PolicyChange,
    Statement,
    Which,
    change_statements,
    matched_problems,
    statement_problems,
)
from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.model.record import ResourceType
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class ModifyPolicy(PolicyChange):
    """Writes statements into the resource's policy, and takes others off.

    A statement with the id of one that is there replaces it. Texts may hold the resource's own names, such as
    `{bucket_name}` and `{topic_arn}`. Undo writes the policy back as it was.
    """

    OPERATIONS: ClassVar[tuple[str, ...]] = (PUT,)
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: modify-policy, remove-statements: matched}",
        (
            "{type: modify-policy, remove-statements: '*', add-statements: [{Sid: Own, Effect: Allow, "
            "Principal: {AWS: '{account_id}'}, Action: 'sns:Publish', Resource: '{topic_arn}'}]}"
        ),
    )

    add_statements: Annotated[tuple[Statement, ...], Says("statements to write", key="add-statements")] = ()
    remove_statements: Annotated[
        Which,
        Says("ids of statements to take off; `matched`: what filters found; `*`: all", key="remove-statements"),
    ] = ()

    def problems(
        self, *, type: ResourceType | None = None, found: frozenset[str] = frozenset(), **_: Json
    ) -> Iterator[Problem]:
        """What statements lack, and a filter that tells what was matched."""
        yield from statement_problems("add-statements", self.add_statements, type)
        yield from matched_problems("remove-statements", self.remove_statements, found)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The policy with them."""
        return change_statements(view, setting, "modify-policy", self.remove_statements, self.add_statements)
