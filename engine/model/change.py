"""What an action wants to do to one resource, as data; and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from engine.model.call import Call
from engine.model.json import Json
from engine.model.resource import ResourceRef


@dataclass(frozen=True, slots=True)
class Batching:
    """How equal calls of several changes merge: lists under `param` are joined, at most `most` a call.

    `failures`: JMESPath to a map in the answer, from an element of `param` to why it failed, for calls that succeed
    in part. `text`: `param` (dotted) holds the JSON text of the list.
    """

    param: str
    most: int
    failures: str = ""
    text: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """How to see from a fresh read that a change has happened (or what it was made against still holds).

    `expression` is JMESPath over the resource's attributes, true when so; `gone` means: the resource is no more.
    """

    expression: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Calls that turn a resource from `before` into `after`.

    `before` and `after` hold only what changes (path → value; absent before = None). `inverse` undoes it, empty with
    a reason in `irreversible`. `done` recognises the change's success from a fresh read. `batching` lets the
    executor merge calls. `destructive` changes are asked about and limited. `unseen`: how many of the last `calls`, and
    of the last calls of `inverse`, show neither in what changes nor in `done`.
    """

    ref: ResourceRef
    action: str
    calls: tuple[Call, ...]
    before: dict[str, Json] = field(default_factory=dict)
    after: dict[str, Json] = field(default_factory=dict)
    inverse: tuple[Call, ...] = ()
    irreversible: str = ""
    batching: Batching | None = None
    done: Check | None = None
    destructive: bool = False
    unseen: tuple[int, int] = (0, 0)

    @property
    def reversible(self) -> bool:
        """Whether `engine undo` can take it back."""
        return bool(self.inverse)


@dataclass(frozen=True, slots=True)
class Skip:
    """An action leaves a resource alone, and why.

    `holds`: whether the action would have been needed could not be told, so the policy's later actions must not be made
    on the resource either (no delete where it is not known whether there is a snapshot).
    """

    ref: ResourceRef
    action: str
    reason: str
    holds: bool = False


class Status(StrEnum):
    """What became of a change."""

    PLANNED = "planned"
    STARTED = "started"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A change's end: DONE, FAILED, SKIPPED (drift, an earlier action failed) or UNCERTAIN, with the reason."""

    change: Change
    status: Status
    reason: str = ""
