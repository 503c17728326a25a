"""Does the resource name something that is not there?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from engine.filters import _texts
from engine.filters._options import needs_of, problem_of_path, reader
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need, RelatedNeed
from engine.model.record import ResourceType
from engine.model.verdict import Kind, Verdict, decided, every, negate, some
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Missing, Setting, View


@dataclass(frozen=True, slots=True)
class Dangling:
    """Passes when an id that the resource names leads to nothing (or, with `state: false`, when every one leads there).

    The joins to follow are listed in its record. If one of them cannot be followed, and none of the others leads to
    nothing, the answer is unknown. With `all` every one must lead to nothing, and something must be named.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = ("{type: dangling}", "{type: dangling, state: false}")

    state: Annotated[bool, Says("false finds the resources of which everything is there")] = True
    all: Annotated[bool, Says("everything that it names must lead to nothing")] = False
    joins: Annotated[tuple[str, ...], Says("the joins to follow", key="-joins")] = ()
    also: Annotated[str, Says("JMESPath that is true where something else is not there", key="-also")] = ""
    number: Annotated[str, Says("JMESPath to how many it names, where joins follow not all", key="-number")] = ""
    asked: Annotated[dict[str, str] | None, Says("option → a join to follow where it is true", key="-asked")] = None
    options: Annotated[dict[str, Json] | None, Says("the options that `asked` names", key="-options")] = None

    @property
    def _joins(self) -> tuple[str, ...]:
        """Those to follow always, and those asked for."""
        given = self.options or {}
        return (*self.joins, *(join for option, join in (self.asked or {}).items() if given.get(option)))

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """What is named, and where it is named."""
        joins = [type.joins[name] for name in self._joins if name in type.joins]
        paths = (self.also, self.number, *(join.ids for join in joins))
        own = [needs_of(path, type) for path in paths if path]
        return frozenset().union(*own, (_need(name) for name in self._joins))

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when something is not there (or everything is, for `state: false`)."""
        lost = self._all_lost(view) if self.all else some(verdict for _, verdict in self._checks(view))
        return lost if self.state else negate(lost)

    def _all_lost(self, view: View) -> Verdict:
        """MATCH when it names something, and every one leads to nothing."""
        named = 0
        verdicts: list[Verdict] = []
        for name in self._joins:
            try:
                others = list(view.fact(_need(name)))
                named += len(others)
                verdicts.append(decided(all(other is None for _, other in others)))
            except Missing as missing:
                verdicts.append(missing.verdict)
        if all(verdict.kind is not Kind.UNKNOWN for verdict in verdicts):
            number = reader(self.number)(view.attributes) if self.number else named
            verdicts.append(decided(named > 0 and number == named))
        return every(verdicts)

    @property
    def finds(self) -> str:
        """What is not there, as JOIN ID."""
        return "dangling"

    def found(self, view: View, setting: Setting) -> list[Json]:
        """Each join with an id that leads to nothing."""
        found: list[Json] = []
        for name in self._joins:
            try:
                found += [f"{name} {each}" for each, other in view.fact(_need(name)) if other is None]
            except Missing:
                continue
        return found

    def _checks(self, view: View) -> Iterator[tuple[str, Verdict]]:
        if self.also:
            yield self.also, decided(bool(reader(self.also)(view.attributes)))
        for name in self._joins:
            try:
                yield name, decided(any(other is None for _, other in view.fact(_need(name))))
            except Missing as missing:
                yield name, missing.verdict

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """What is not there."""
        found = [str(each) for each in self.found(view, setting)]
        if self.also and reader(self.also)(view.attributes):
            found.append(self.also)
        return Evidence(
            filter="names what is not there" if self.state else "names only what is there",
            verdict=self.judge(view, setting),
            expected=f"{'nothing is' if self.all else 'something is not'} there"
            if self.state
            else "everything is there",
            observed=f"not there: {_texts.short(', '.join(found))}" if found else "everything is there",
            source=", ".join(self._joins),
        )

    def problems(self, type: ResourceType | None = None, **_: Json) -> Iterator[Problem]:
        """Joins that there are, a path that can be read."""
        if not self.joins:
            yield Problem("-joins", "the record names nothing to look for")
        for name in (*self.joins, *(self.asked or {}).values()):
            if type is not None and name not in type.joins:
                yield Problem("-joins", f"{type.word} has no join '{name}'")
        for key, path in (("-also", self.also), ("-number", self.number)):
            if path and (text := problem_of_path(path)):
                yield Problem(key, f"'{path}' is no path: {text}")


def _need(join: str) -> RelatedNeed:
    """Whether they are there, and nothing else of them."""
    return RelatedNeed(join, ("_id",))
