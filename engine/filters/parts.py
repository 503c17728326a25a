"""Does one of several things that belong to the resource compare with what is expected of it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from engine.filters import _texts
from engine.filters._compare import OPS
from engine.filters._options import ValueOptions, needs_of
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View

TAKEN = ("key", "value", "op", "value_type", "value_regex", "type")
"""What a part's comparison may say."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Passes when an element of one of the parts that the policy names passes the comparison given for that part.

    The record names the parts and where they stand; each part's option is a value filter on its elements.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = ("parts",)

    of: Annotated[dict[str, str], Says("part → JMESPath to the list of its elements", key="-of")] = field(
        default_factory=dict
    )
    options: Annotated[dict[str, Json] | None, Says("part → the comparison", key="-options")] = None
    _asked: dict[str, ValueOptions] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_asked", {name: comparison(told) for name, told in self._told.items()})

    @property
    def _told(self) -> dict[str, Mapping[str, Json]]:
        """The parts that the policy names, with what it says of them."""
        told = self.options or {}
        return {name: told[name] for name in self.of if isinstance(told.get(name), Mapping)}

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """What fills the parts that the policy names."""
        return frozenset(need for name in self._asked for need in needs_of(self.of[name], type))

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when an element of a part passes."""
        return decided(any(self._passing(name, view, setting) for name in self._asked))

    def _passing(self, name: str, view: View, setting: Setting) -> list[Json]:
        asked = self._asked[name]
        return [e for e in self._elements(name, view) if asked.passes(asked.read(e), e, view, setting.now)]

    def _elements(self, name: str, view: View) -> list[Json]:
        found = ValueOptions(key=self.of[name]).read(view.attributes)
        return list(found) if isinstance(found, list | tuple) else []

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """How many elements of each part pass."""
        seen = [f"{len(self._passing(n, view, setting))} of {len(self._elements(n, view))} {n}" for n in self._asked]
        asked = " or ".join(f"{name} {comparison.sentence}" for name, comparison in self._asked.items())
        return Evidence(
            filter=asked,
            verdict=self.judge(view, setting),
            expected="one that passes",
            observed=_texts.short(", ".join(seen)),
            source=", ".join(self._asked),
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """A part to look at, and comparisons that can be made."""
        if not self._asked:
            yield Problem("type", "asks for nothing", f"options are: {', '.join(sorted(self.of))}")
        for name, told in self._told.items():
            yield from comparison_problems(name, told, self._asked[name])


def comparison(told: Mapping[str, Json]) -> ValueOptions:
    """What a value filter's options ask; nothing, where its operator is unknown."""
    known = {key: value for key, value in told.items() if key in TAKEN and key != "type"}
    return ValueOptions(**known) if known.get("op") in (None, *OPS) else ValueOptions()


def comparison_problems(name: str, told: Mapping[str, Json], asked: ValueOptions) -> Iterator[Problem]:
    """Keys and an operator that a comparison does not have; what its own value is wrong in."""
    for key in told:
        if key not in TAKEN:
            yield Problem(name, f"'{key}' cannot be asked of it", f"options are: {', '.join(TAKEN)}")
    if told.get("op") is not None and told["op"] not in OPS:
        yield Problem(name, f"there is no operator '{told['op']}'", f"one of {', '.join(OPS)}")
    else:
        yield from (Problem(name, each.text, each.hint) for each in asked.problems())
