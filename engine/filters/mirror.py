"""Does the resource have the same value of a tag as what it names (its role)?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from engine.filters import _texts
from engine.filters._options import Reader, needs_of, problem_of_path, reader
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need, RelatedNeed
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class Mirror:
    """Compares one attribute (a tag, as a rule) of the resource with that of what it names.

    `not-equal` finds resources where they differ, or where one lacks it (unless `missing-ok`); `equal` finds the
    others; `in` those where every value is one of `value`. Others that `ignore` fits do not count. What names nothing
    that counts does not match.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: mirror, key: 'tag:Team', ignore: [{'tag:Team': all}]}",
        "{type: mirror, key: 'tag:Stage', match: in, value: [test, production]}",
    )

    key: Annotated[str, Says("the attribute to compare: tag:NAME, or JMESPath")]
    match: Annotated[Literal["equal", "not-equal", "in"], Says("what to find")] = "not-equal"
    missing_ok: Annotated[bool, Says("whether one may lack the attribute", key="missing-ok")] = False
    ignore: Annotated[tuple[dict[str, Json], ...], Says("attribute: value of others not to look at")] = ()
    value: Annotated[tuple[str, ...], Says("match: in: the values that are right")] = ()
    join: Annotated[str, Says("the join in the type's record that leads there", key="-join")] = ""
    _read: Reader = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_read", reader(self.key))

    @property
    def _need(self) -> RelatedNeed:
        return RelatedNeed(
            self.join, tuple(dict.fromkeys([self.key, *(path for each in self.ignore for path in each)]))
        )

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """What it names, where that is named, and its own value."""
        named = needs_of(type.joins[self.join].ids, type) if self.join in type.joins else frozenset()
        return named | needs_of(self.key, type) | {self._need}

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH as `match` says."""
        others = self._others(view)
        if not others:
            return decided(False)
        values = [self._read(view.attributes), *others.values()]
        known = [value for value in values if value is not None]
        if len(known) < len(values) and not self.missing_ok:
            return decided(self.match == "not-equal")
        if self.match == "in":
            return decided(all(value in self.value for value in known))
        same = all(value == known[0] for value in known)
        return decided(same is (self.match == "equal"))

    def _others(self, view: View) -> dict[str, Json]:
        """Id → value, of those that are there and count."""
        return {
            name: self._read(other)
            for name, other in view.fact(self._need)
            if other is not None
            and not any(reader(path)(other) == value for each in self.ignore for path, value in each.items())
        }

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """Its value, and that of each other."""
        told = [f"its own {_texts.seen(self._read(view.attributes))}"]
        told += [f"{name}: {_texts.seen(value)}" for name, value in self._others(view).items()]
        wanted = f"in {_texts.short(list(self.value))}" if self.match == "in" else self.match
        return Evidence(
            filter=f"{self.key} of it and its {self.join} {wanted}",
            verdict=self.judge(view, setting),
            expected=wanted,
            observed=_texts.short(", ".join(told)),
            source=f"related {self.join}",
        )

    def problems(self, type: ResourceType | None = None, **_: Json) -> Iterator[Problem]:
        """A join that there is, paths that can be read, values to find."""
        if type is not None and self.join not in type.joins:
            yield Problem("-join", f"{type.word} has no join '{self.join}'")
        for path in (self.key, *(path for each in self.ignore for path in each)):
            if text := problem_of_path(path):
                yield Problem("key", f"'{path}' is no path: {text}")
        if self.match == "in" and not self.value:
            yield Problem("value", "match: in needs 'value'", "a list of the values that are right")
