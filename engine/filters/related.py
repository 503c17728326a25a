"""Does a resource that this one names (its security groups, its subnet, its key) compare with an expected value?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from engine.filters import _texts
from engine.filters._compare import matches
from engine.filters._options import ValueOptions, needs_of, reader
from engine.model.finding import Evidence
from engine.model.json import Attributes, Json
from engine.model.need import ContentNeed, Need, RelatedNeed
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.paths import bound
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class Related(ValueOptions):
    """The value filter's comparison, made on the resources of another type that this one names.

    One of them (or, with `operator: and`, every one) must pass; a resource that names none passes `and` only. An id
    that leads to nothing passes only `value: absent`. `value_type: resource_count` compares the number of ids named.
    `match-resource: true` compares the key on both sides: the other's value with this resource's own.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: related, key: 'tag:Environment', value: production}",
        "{type: related, key: 'tag:Owner', match-resource: true, op: ne}",
        "{type: related, value_type: resource_count, op: gt, value: 5}",
    )

    operator: Annotated[Literal["or", "and"], Says("whether one or every one of them must pass")] = "or"
    match_resource: Annotated[
        bool, Says("compare with this resource's own value at the same key", key="match-resource")
    ] = False
    join: Annotated[str, Says("the join in the type's record that leads there", key="-join")] = ""
    where: Annotated[str, Says("JMESPath: only those of the others that it holds for count", key="-where")] = ""
    among: Annotated[str, Says("JMESPath to the ids that count, where not all do", key="-among")] = ""
    part: Annotated[str, Says("JMESPath on the other to a list; one of its elements must pass", key="-part")] = ""
    missing: Annotated[bool, Says("true: match where none is named")] = False
    options: Annotated[dict[str, Json] | None, Says("what it sees as _options", key="-options")] = None

    @property
    def _read_of_others(self) -> tuple[str, ...]:
        """Paths that are read of the others."""
        return tuple(path for path in (self.part or self.key, self.where) if path)

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The related resources, where their ids stand, this resource's own value, the expected value's document."""
        own = needs_of(self.key, type) if self.match_resource else frozenset()
        if self.join in type.joins:
            own |= needs_of(type.joins[self.join].ids, type)
        if self.among:
            own |= needs_of(bound(self.among, self.options or {}), type)
        documents = {need for need in self.value_needs(type) if isinstance(need, ContentNeed)}
        return own | documents | {RelatedNeed(self.join, self._read_of_others)}

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when one of the related (or all) pass."""
        found = self._found(view)
        if self.missing:
            return decided(not found)
        if self.value_type == "resource_count":
            return decided(self._test is not None and self._test(len(found), setting.now))
        held = (self._passes(other, view, setting) for other in found.values())
        return decided(all(held) if self.operator == "and" else any(held))

    def _found(self, view: View) -> dict[str, Attributes | None]:
        found = dict(view.fact(RelatedNeed(self.join, self._read_of_others)))
        if self.among:
            counted = reader(bound(self.among, self.options or {}))(view.attributes) or ()
            found = {name: other for name, other in found.items() if name in counted}
        if not self.where:
            return found
        holds = reader(bound(self.where, self.options or {}))
        return {name: other for name, other in found.items() if other is None or holds(other)}

    @property
    def finds(self) -> str:
        """The related resources, by the name of the join."""
        return self.join

    def found(self, view: View, setting: Setting) -> list[Json]:
        """The ids of those that pass; all of them where only their number was asked about."""
        if self.value_type == "resource_count":
            return list(self._found(view))
        return [name for name, other in self._found(view).items() if self._passes(other, view, setting)]

    def _passes(self, other: Attributes | None, view: View, setting: Setting) -> bool:
        if other is None:
            return self.value == "absent" and not self.match_resource
        if self.part:
            parts = reader(self.part)(other) or ()
            return any(self.passes(self._read(each), each, view, setting.now) for each in parts)
        r = self._read(other)
        if self.match_resource:
            own = self._read(view.attributes)
            return matches(self.op or "", self.value_type or "", r, own, setting.now)
        return self.passes(r, other, view, setting.now)

    def _shown(self, other: Attributes, setting: Setting) -> str:
        if self.part:
            return _texts.short([self._read(each) for each in reader(self.part)(other) or ()])
        return self.observed(self._read(other), setting.now)

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The comparison, and the value of each related resource."""
        found = self._found(view)
        values = {
            name: "does not exist" if other is None else self._shown(other, setting) for name, other in found.items()
        }
        expected = self.expected
        if self.match_resource:
            expected = _texts.wanted(self.op or "", "", f"its own {_texts.seen(self._read(view.attributes))}")
        if self.value_type == "resource_count":
            observed = str(len(found))
        else:
            observed = _texts.short(", ".join(f"{name}: {value}" for name, value in values.items())) or "none named"
        return Evidence(
            filter=f"{self.join} {_texts.subject(self.key, self.value_type or '')} {expected}",
            verdict=self.judge(view, setting),
            expected=expected,
            observed=observed,
            source=f"related {self.join}",
        )

    def problems(self, type: ResourceType | None = None, **_: Json) -> Iterator[Problem]:
        """What is wrong with the options taken together."""
        if type is not None and self.join not in type.joins:
            yield Problem("-join", f"{type.word} has no join '{self.join}'")
        if self.value_type == "resource_count":
            if self.op is None or not self.asks:
                yield Problem("value_type", "value_type resource_count needs an op and a value")
            return
        if self.missing:
            return
        if not self.key:
            yield Problem("key", "needs 'key'", "a tag (tag:NAME), an attribute or a JMESPath expression")
        if not self.asks and not self.match_resource:
            yield Problem("value", "needs 'value', 'value_from', 'value_path' or match-resource")
        yield from self.value_problems()
