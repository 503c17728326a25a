"""What actions want: changes in their order, and what they leave alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.model.change import Change, Skip


@dataclass(frozen=True, slots=True)
class Planned:
    """A change in the order it is to be made: the policy's name and which of its actions wants it."""

    policy: str
    step: int
    change: Change


@dataclass(slots=True)
class Intent:
    """Everything that the actions of some results want."""

    planned: list[Planned] = field(default_factory=list)
    skipped: list[tuple[str, Skip]] = field(default_factory=list)
