"""Make room for tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from actions._tag_changes import remove_tags, tag_needs
from engine.model.change import Change, Skip
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.plugin.params import Says
from engine.plugin.protocols import Setting, View
from engine.plugin.tagging import tags_of


@dataclass(frozen=True, slots=True)
class TagTrim:
    """Removes tags, in the order of their names, until there is room for `space` more; `space: 0` removes all.

    Those to `preserve` stay, and AWS's own (`aws:…`), which do not count. What has room already is left alone.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("remove",)
    EXAMPLES: ClassVar[tuple[str, ...]] = ("{type: tag-trim, space: 3, preserve: [Name, Owner, Env]}",)

    space: Annotated[int, Says("for how many tags there is to be room; 0: remove every one", least=0, most=50)] = 3
    preserve: Annotated[tuple[str, ...], Says("tags that stay")] = ()

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The present tags."""
        return tag_needs(type)

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The present tags."""
        return tag_needs(type)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The tags in the way, removed."""
        own = sorted(key for key in tags_of(view.attributes) if not key.startswith("aws:"))
        loose = [key for key in own if key not in self.preserve]
        most = setting.type.tags.most if setting.type.tags is not None else 0
        surplus = len(own) + self.space - most if self.space else len(loose)
        if surplus <= 0:
            return Skip(view.resource.ref, "tag-trim", "it has room enough")
        if len(loose) < surplus:
            return Skip(view.resource.ref, "tag-trim", "too many of its tags are to stay")
        return remove_tags(view, setting, "tag-trim", loose[:surplus])
