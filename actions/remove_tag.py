"""Remove tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from actions._tag_changes import remove_tags, replaced, tag_needs
from engine.model.change import Change, Skip
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.plugin.params import Says
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class RemoveTag:
    """Removes tags by name. Undo writes them back."""

    TAGS: ClassVar[tuple[str, ...]] = ("remove",)
    EXAMPLES: ClassVar[tuple[str, ...]] = ("{type: remove-tag, tags: [Idle]}",)

    tags: Annotated[tuple[str, ...] | None, Says("names of the tags")] = None
    key: Annotated[str | None, Says("one name, as c7n takes it for Auto Scaling groups")] = None

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The present tags."""
        return tag_needs(type)

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The present tags, where writing replaces them all."""
        return replaced(type)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """Remove those it has."""
        return remove_tags(view, setting, "remove-tag", self.tags or ((self.key,) if self.key else ("maid_status",)))
