"""Write statements of a resource's policy."""

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
class SetStatements(PolicyChange):
    """Writes statements into the resource's policy, and takes others off.

    A statement with the id of one that is there replaces it. Texts may hold the resource's own names, such as
    `{bucket_name}` and `{topic_arn}`. Undo writes the policy back as it was.
    """

    OPERATIONS: ClassVar[tuple[str, ...]] = (PUT,)
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: set-statements, remove: matched}",
        (
            "{type: set-statements, statements: [{Sid: DenyHttp, Effect: Deny, Principal: '*', Action: 's3:*', "
            "Resource: 'arn:aws:s3:::{bucket_name}/*', Condition: {Bool: {'aws:SecureTransport': false}}}]}"
        ),
    )

    statements: Annotated[tuple[Statement, ...], Says("statements to write")] = ()
    remove: Annotated[Which, Says("ids of statements to take off; `matched`: what filters found; `*`: all")] = ()

    def problems(
        self, *, type: ResourceType | None = None, found: frozenset[str] = frozenset(), **_: Json
    ) -> Iterator[Problem]:
        """What statements lack, and a filter that tells what was matched."""
        yield from statement_problems("statements", self.statements, type)
        yield from matched_problems("remove", self.remove, found)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The policy with them."""
        return change_statements(view, setting, "set-statements", self.remove, self.statements)
