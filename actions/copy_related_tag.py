"""Copy tags from a resource that this one names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from actions._tag_changes import replaced, tag_needs, write_tags
from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.model.need import Need, RelatedNeed
from engine.model.record import ResourceType
from engine.plugin.attributes import needs_of_key
from engine.plugin.params import Problem, Says
from engine.plugin.paths import PathRejected, getter
from engine.plugin.protocols import Provider, Setting, View
from engine.plugin.tagging import tags_of

WORD = "copy-related-tag"
TAGGING_API = "resourcegroupstaggingapi"


@dataclass(frozen=True, slots=True)
class CopyRelatedTag:
    """Copies tags from the resource of another type that an attribute (or a tag, `tag:NAME`) of this one names.

    `resource: resourcegroupstaggingapi` takes an ARN of whatever type. What has no such resource, or one that is gone,
    is left alone. AWS's own tags (`aws:…`) cannot be copied.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("write",)
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: copy-related-tag, resource: vpc, key: VpcId, tags: [Env, Owner]}",
        "{type: copy-related-tag, resource: resourcegroupstaggingapi, key: 'tag:Stack', tags: '*'}",
    )

    resource: Annotated[str, Says("the other type, or resourcegroupstaggingapi")]
    key: Annotated[str, Says("where this one has the other's id: an attribute (JMESPath), or tag:NAME")]
    tags: Annotated[Literal["*"] | tuple[str, ...], Says("names of the tags to copy, or `*`")]
    skip_missing: Annotated[bool, Says("c7n's: false fails where there is no such resource; here it is told")] = True

    def problems(self, *, provider: Provider | None = None, **_: Json) -> Iterator[Problem]:
        """A type that there is, and a path."""
        if provider is not None and self.resource != TAGGING_API:
            try:
                provider.type(self.resource)
            except KeyError as error:
                yield Problem("resource", str(error.args[0] if error.args else error))
        try:
            getter(self._ids)
        except PathRejected as error:
            yield Problem("key", f"'{self.key}' is no path: {error}", "an attribute or tag:NAME")

    @property
    def _ids(self) -> str:
        if not self.key.startswith("tag:"):
            return self.key
        name = json.dumps(self.key.removeprefix("tag:")).replace("`", "\\`")
        return f"Tags[?Key == `{name}`].Value"

    @property
    def _need(self) -> RelatedNeed:
        return RelatedNeed("", ("Tags",), type=self.resource, ids=self._ids)

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The present tags, the other's, and where its id stands."""
        return tag_needs(type) | self.must_know(type)

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The other's tags; the present ones where writing replaces them all."""
        return replaced(type) | needs_of_key(self.key, type) | {self._need}

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The tags that it does not have so yet."""
        others = [other for _, other in view.fact(self._need) if other is not None]
        if not others:
            return Skip(view.resource.ref, WORD, f"there is no {self.resource} by its {self.key}")
        theirs = {k: v for other in reversed(others) for k, v in tags_of(other).items() if not k.startswith("aws:")}
        wanted = theirs if "*" in self.tags else {k: v for k, v in theirs.items() if k in self.tags}
        if not wanted:
            return Skip(view.resource.ref, WORD, f"its {self.resource} has none of these tags")
        return write_tags(view, setting, WORD, wanted)
