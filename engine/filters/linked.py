"""Is one of the resources of another type that belong to this one as an expression describes?"""

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
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.paths import bound
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class Linked:
    """Passes when one of the others is as described (or, with `state: false`, when none is).

    Its paths see the options as `_options`, and the region as `_options._region`. What `-where` gives for each of the
    others is what was found: `true`, or a list of parts that are as described.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = ("{type: linked}", "{type: linked, state: false}")

    state: Annotated[bool, Says("false finds the resources that have no such other")] = True
    other: Annotated[str, Says("the other type's word", key="-other")] = ""
    ids: Annotated[str, Says("JMESPath to the ids of the others; sees _options", key="-ids")] = ""
    where: Annotated[str, Says("JMESPath over an other; sees _options, and the region in it", key="-where")] = ""
    called: Annotated[str, Says("what later actions see the found under", key="-called")] = ""
    options: Annotated[dict[str, Json] | None, Says("what the paths see as _options", key="-options")] = None

    @property
    def _ids(self) -> str:
        return bound(self.ids, self.options or {})

    @property
    def _where(self) -> str:
        """What is read of the others, the region not yet written into it."""
        return bound(self.where.replace("_options._region", "_region"), self.options or {})

    @property
    def _need(self) -> RelatedNeed:
        return RelatedNeed("", (self._where,), type=self.other, ids=self._ids)

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """What fills the ids, and the others with what the expression reads of them."""
        return needs_of(self._ids, type) | {self._need}

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when one of them is as described, or none for `state: false`."""
        return decided(bool(self.found(view, setting)) is self.state)

    @property
    def finds(self) -> str:
        """The name that the record gives to what is found."""
        return self.called

    def found(self, view: View, setting: Setting) -> list[Json]:
        """The parts that are as described; the id of what is so as a whole."""
        read = reader(bound(self.where, {**(self.options or {}), "_region": setting.scope.region}))
        found: list[Json] = []
        for name, other in view.fact(self._need):
            value = read(other) if other is not None else None
            if value:
                found += value if isinstance(value, list) else [name]
        return found

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """How many there are, and what was found."""
        found = self.found(view, setting)
        return Evidence(
            filter=f"{'a' if self.state else 'no'} {self.other} where {self._where}",
            verdict=self.judge(view, setting),
            expected="one that is so" if self.state else "none that is so",
            observed=_texts.short(found) if found else f"none of {len(view.fact(self._need))}",
            source=self.other,
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """Paths that can be read, and something to look at."""
        if not (self.other and self.ids and self.where):
            yield Problem("-where", "the record does not say what to look at")
            return
        for name, path in (("-ids", self._ids), ("-where", self._where)):
            if text := problem_of_path(path):
                yield Problem(name, f"'{path}' is no path: {text}")
