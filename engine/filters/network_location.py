"""Are a resource, its subnets and its security groups of the same place?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from engine.filters import _texts
from engine.filters._options import Reader, needs_of, problem_of_path, reader
from engine.model.finding import Evidence
from engine.model.json import Attributes, Json
from engine.model.need import Need, RelatedNeed
from engine.model.record import ResourceType
from engine.model.verdict import NO_MATCH, Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View

JOINS = ("subnet", "security-group")
Values = Mapping[str, Json]
"""Id of a group or subnet → its value."""


@dataclass(frozen=True, slots=True)
class NetworkLocation:
    """Compares one attribute (a tag, as a rule) of the resource with that of its subnets and of its security groups.

    `not-equal` finds resources where they differ, where the groups (or the subnets) among themselves have more than
    `max-cardinality` values, or where one lacks it (unless `missing-ok`); `equal` finds the others; `in` those where
    every value is one of `value`. Groups and subnets that `ignore` fits do not count. What is in no network does not
    match. `modify-security-groups` can take off the groups that differ (`remove: network-location`).
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: network-location, key: 'tag:Team', compare: [resource, security-group], ignore: [{'tag:Team': all}]}",
        "{type: network-location, key: 'tag:Zone', match: in, value: [web, app]}",
    )

    key: Annotated[str, Says("the attribute to compare: tag:NAME, or JMESPath")]
    compare: Annotated[tuple[Literal["resource", "subnet", "security-group"], ...], Says("what to compare")] = (
        "subnet",
        "security-group",
        "resource",
    )
    match: Annotated[Literal["equal", "not-equal", "in"], Says("what to find")] = "not-equal"
    max_cardinality: Annotated[int, Says("values that groups, or subnets, may have", key="max-cardinality")] = 1
    missing_ok: Annotated[bool, Says("whether one may lack the attribute", key="missing-ok")] = False
    ignore: Annotated[tuple[dict[str, Json], ...], Says("attribute: value of groups and subnets not to look at")] = ()
    value: Annotated[tuple[str, ...], Says("match: in: the values that are right")] = ()
    joins: Annotated[tuple[str, ...], Says("the joins that lead to what is around it", key="-joins")] = JOINS
    _read: Reader = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_read", reader(self.key))

    @property
    def _compared(self) -> tuple[str, ...]:
        return self.compare if self.joins == JOINS else ("resource", *self.joins)

    def _need(self, join: str) -> RelatedNeed:
        return RelatedNeed(join, tuple(dict.fromkeys([self.key, *(path for each in self.ignore for path in each)])))

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The groups and subnets, where their ids stand, and the resource's own value."""
        joins = [join for join in self.joins if join in type.joins]
        own = needs_of(self.key, type).union(*(needs_of(type.joins[join].ids, type) for join in joins))
        return own | {self._need(join) for join in joins}

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when they differ (or are the same, or as they should be)."""
        around = {join: self._values(join, view, setting) for join in self.joins}
        if not any(self._named(join, view, setting) for join in self.joins):
            return NO_MATCH
        if self.joins != JOINS and not any(around.values()):
            return NO_MATCH
        if self.match == "in":
            return decided(self._within(around, view))
        return decided(any(self._reasons(around, view)) is (self.match == "not-equal"))

    def _named(self, join: str, view: View, setting: Setting) -> list[tuple[str, Attributes | None]]:
        return list(view.fact(self._need(join))) if join in setting.type.joins else []

    def _values(self, join: str, view: View, setting: Setting) -> Values:
        found = {name: other for name, other in self._named(join, view, setting) if other is not None}
        return {name: self._read(other) for name, other in found.items() if not self._ignored(other)}

    def _ignored(self, other: Attributes) -> bool:
        return any(reader(path)(other) == value for each in self.ignore for path, value in each.items())

    def _reasons(self, around: Mapping[str, Values], view: View) -> Iterator[str]:
        """What is not the same, one sentence each."""
        compared = [join for join in self.joins if join in self._compared]
        spaces = {join: {str(v) for v in around[join].values() if v is not None} for join in compared}
        for join in compared:
            if not self.missing_ok and None in around[join].values():
                yield f"a {join} lacks it"
            if len(spaces[join]) > self.max_cardinality:
                yield f"{join}s have {', '.join(sorted(spaces[join]))}"
        if len(spaces) > 1 and spaces["subnet"] != spaces["security-group"]:
            yield "subnets and security groups differ"
        if "resource" not in self._compared:
            return
        own = self._read(view.attributes)
        if own is None and not self.missing_ok:
            yield "the resource lacks it"
        for join in compared:
            if own is not None and self._told(around[join], spaces[join]) and str(own) not in spaces[join]:
                yield f"the resource has {own}, no {join} has"
        if any(value != own for value in around.get("security-group", {}).values()) and "security-group" in compared:
            yield "a security group differs from the resource"

    def _told(self, values: Values, space: set[str]) -> bool:
        """Whether there is a value to compare with; a network's that lacks it counts, as another value."""
        return bool(values if self.joins == JOINS else space)

    def _within(self, around: Mapping[str, Values], view: View) -> bool:
        values = [value for join in self.joins if join in self._compared for value in around[join].values()]
        if self.missing_ok:
            values = [value for value in values if value is not None]
        own = [self._read(view.attributes)] if "resource" in self._compared else []
        return all(value in self.value for value in (*values, *own))

    @property
    def finds(self) -> str:
        """Security groups that are of another place than the resource."""
        return "network-location"

    def found(self, view: View, setting: Setting) -> list[Json]:
        """Their ids."""
        own = self._read(view.attributes)
        if "security-group" not in self.joins:
            return []
        return [name for name, value in self._values("security-group", view, setting).items() if value != own]

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """What differs, or the values."""
        around = {join: self._values(join, view, setting) for join in self.joins}
        reasons = [] if self.match == "in" else list(self._reasons(around, view))
        shown = {
            "resource": self._read(view.attributes),
            **{k: dict(v) for k, v in around.items() if k in self._compared},
        }
        return Evidence(
            filter=f"{self.key} of {', '.join(self._compared)} {self.match}",
            verdict=self.judge(view, setting),
            expected=f"in {', '.join(self.value)}" if self.match == "in" else self.match,
            observed=_texts.short("; ".join(reasons) or shown),
            source=f"related {', '.join(self.joins)}",
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """Paths that can be read, and values to be in."""
        for path in (self.key, *(path for each in self.ignore for path in each)):
            if text := problem_of_path(path):
                yield Problem("key", f"'{path}' is no path: {text}")
        if self.match == "in" and not self.value:
            yield Problem("value", "match: in needs 'value'", "the values that are right")
