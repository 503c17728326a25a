"""Is the resource in a state that its type's record describes by an expression?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from engine.filters import _texts
from engine.filters._options import Reader, needs_of, problem_of_path, reader
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.paths import bound
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class State:
    """Passes when the resource is in the state (or, with `state: false`, when it is not).

    Its expression sees the options as `_options`, and the account and region as `_options._account` and
    `_options._region`.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = ("{type: state}", "{type: state, state: false}")

    state: Annotated[bool, Says("false finds the resources that are not in the state")] = True
    expression: Annotated[str, Says("JMESPath that is true in the state", key="-expression")] = ""
    options: Annotated[dict[str, Json] | None, Says("what the expression sees as _options", key="-options")] = None
    _read: Reader = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_read", reader(bound(self.expression, self.options or {})))

    def _seen(self, view: View, setting: Setting) -> Json:
        if "_options._" not in self.expression:
            return self._read(view.attributes)
        here = {"_account": setting.scope.account, "_region": setting.scope.region}
        return reader(bound(self.expression, {**(self.options or {}), **here}))(view.attributes)

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """What fills the attributes that the expression begins with."""
        return needs_of(bound(self.expression, self.options or {}), type)

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when the expression's truth is the state asked for."""
        return decided(bool(self._seen(view, setting)) is self.state)

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """What the expression gives."""
        return Evidence(
            filter=self.expression if self.state else f"not {self.expression}",
            verdict=self.judge(view, setting),
            expected=str(self.state).lower(),
            observed=_texts.seen(self._seen(view, setting)),
            source=_texts.source(self.expression, setting.type),
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """An expression that can be read."""
        if not self.expression:
            yield Problem("-expression", "the type has no state for this filter")
        elif text := problem_of_path(self.expression):
            yield Problem("-expression", f"'{self.expression}' is no path: {text}")
