"""Set tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from actions._tag_changes import replaced, tag_needs, write_tags
from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.model.need import Need
from engine.model.node import Node
from engine.model.record import ResourceType
from engine.plugin.params import Problem, Says
from engine.plugin.paths import getter
from engine.plugin.protocols import Setting, View

DEFAULT_TAG = "maid_status"


@dataclass(frozen=True, slots=True)
class Tag:
    """Sets one tag (`key` and `value`) or several (`tags`).

    A value is a text, number or true/false; or `{type: resource, key: PATH, default-value: TEXT}`, which takes it from
    the resource. What has its value already is left alone; undo puts the former values back.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("write",)
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: tag, key: Idle, value: 'true'}",
        "{type: tag, tags: {Env: dev, Owner: {type: resource, key: OwnerId}}}",
    )

    tags: Annotated[dict[str, str | int | float | bool | Node] | None, Says("name → value of each tag")] = None
    key: Annotated[str | None, Says("the tag's name, where there is one")] = None
    tag: Annotated[str | None, Says("the same as key")] = None
    value: Annotated[str | int | float | bool | Node | None, Says("the tag's value")] = None
    propagate: Annotated[bool, Says("Auto Scaling groups: put it on instances that are started from now on")] = False

    def problems(self, **_: Json) -> Iterator[Problem]:
        """What is wrong with the options taken together."""
        if self.key is not None and self.tag is not None:
            yield Problem("tag", "'key' and 'tag' are the same option", "give one of them")
        if self.tags is None and self.value is None:
            yield Problem("value", "there is nothing to write", "give 'key' and 'value', or 'tags'")
        for name, value in self._wanted().items():
            if isinstance(value, Node) and (value.get("type") is None or value.entries is None):
                yield Problem(
                    "tags", f"the value of tag '{name}' is a {value.kind}", "give a text, or {type: resource, …}"
                )

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The present tags."""
        return tag_needs(type)

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The present tags, where writing replaces them all."""
        return replaced(type)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """Write what differs."""
        told = {name: text_of(value, view) for name, value in self._wanted().items()}
        given = {k: v for k, v in told.items() if v is not None}
        return write_tags(view, setting, "tag", given, propagate=self.propagate)

    def _wanted(self) -> Mapping[str, Json]:
        if self.tags is not None:
            return self.tags
        return {self.key or self.tag or DEFAULT_TAG: self.value}


def text_of(value: Json, view: View) -> str | None:
    """A tag's value as text; a look-up gives the resource's value, else its default, else None."""
    if not isinstance(value, Node):
        return str(value)
    options = value.data()
    found = getter(options["key"])(view.attributes) if options.get("key") else None
    if found is None:
        found = options.get("default-value")
    return None if found is None else str(found)
