"""Write a tag's value in another way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from actions._tag_changes import tag_needs, write_tags
from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View
from engine.plugin.tagging import tags_of

WORD = "normalize-tag"


@dataclass(frozen=True, slots=True)
class NormalizeTag:
    """Writes the value of a tag in capitals, in small letters, as a title, or without a text at its ends.

    `strip` takes the text `value`, and space, off both ends. A tag that is not there is not made.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("write",)
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: normalize-tag, key: Env, action: lower}",
        "{type: normalize-tag, key: CostCenter, action: strip, value: cc-}",
    )

    key: Annotated[str, Says("the tag's name")]
    action: Annotated[Literal["upper", "lower", "title", "strip"], Says("how its value is to be written")]
    value: Annotated[str, Says("strip: the text to take off both ends")] = ""

    def problems(self, **_: Json) -> Iterator[Problem]:
        """A text that nothing is done with."""
        if self.value and self.action != "strip":
            yield Problem("value", f"'{self.action}' has no use for 'value'", "leave it out, or use action: strip")

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The present tags."""
        return tag_needs(type)

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The present tags."""
        return tag_needs(type)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The tag with its new value."""
        present = tags_of(view.attributes).get(self.key)
        if present is None:
            return Skip(view.resource.ref, WORD, f"it has no tag {self.key}")
        return write_tags(view, setting, WORD, {self.key: self._normal(present)})

    def _normal(self, text: str) -> str:
        if self.action == "strip":
            return text.strip().removeprefix(self.value).removesuffix(self.value).strip()
        written: str = getattr(text, self.action)()
        return written
