"""One thing in an account, as AWS described it. Never annotated."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.json import Attributes
from engine.model.scope import Scope


@dataclass(frozen=True, slots=True, order=True)
class ResourceRef:
    """Which resource: its type's word, its scope and its id (the type's id field)."""

    type: str
    scope: Scope
    id: str

    def __str__(self) -> str:
        return f"{self.type} {self.id} in {self.scope}"


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """A snapshot of one resource. `attributes` is what the list call gave; treat it as read-only."""

    ref: ResourceRef
    attributes: Attributes
