"""Give a tag another name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from actions._tag_changes import move_tag, tag_needs
from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View
from engine.plugin.tagging import tags_of


@dataclass(frozen=True, slots=True)
class RenameTag:
    """Moves a tag's value to another name. Of several `old_keys`, the first that the resource has is renamed."""

    TAGS: ClassVar[tuple[str, ...]] = ("write", "remove")
    EXAMPLES: ClassVar[tuple[str, ...]] = ("{type: rename-tag, old_key: owner, new_key: Owner}",)

    new_key: Annotated[str | None, Says("the name it gets")] = None
    old_key: Annotated[str | None, Says("the name it has")] = None
    old_keys: Annotated[tuple[str, ...] | None, Says("names it may have")] = None
    dest: Annotated[str | None, Says("the same as new_key")] = None
    source: Annotated[str | None, Says("the same as old_key")] = None
    propagate: Annotated[bool, Says("Auto Scaling groups: put it on instances that are started from now on")] = False

    def problems(self, **_: Json) -> Iterator[Problem]:
        """What is wrong with the options taken together."""
        if self.new_key is None and self.dest is None:
            yield Problem("new_key", "there is no new name", "give 'new_key'")
        if self.old_key is None and self.source is None and not self.old_keys:
            yield Problem("old_key", "there is no tag to rename", "give 'old_key' or 'old_keys'")

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The present tags."""
        return tag_needs(type)

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The present tags."""
        return tag_needs(type)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """Write the new tag, remove the old one."""
        own = tags_of(view.attributes)
        new = self.new_key or self.dest or ""
        names = [n for n in (self.old_key, self.source, *(self.old_keys or ())) if n is not None and n in own]
        if not names or names[0] == new:
            return Skip(view.resource.ref, "rename-tag", "it has no tag of that name")
        return move_tag(view, setting, "rename-tag", names[0], new, propagate=self.propagate)
