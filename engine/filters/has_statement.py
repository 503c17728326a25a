"""Does the resource's policy have certain statements?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from engine.filters import _texts
from engine.filters._options import NOT_GIVEN, Reader, needs_of, reader
from engine.filters._policies import listed, statements_of
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.paths import getter, named
from engine.plugin.protocols import Setting, View

Element = Literal["Action", "NotAction", "Principal", "NotPrincipal", "Resource", "NotResource", "Condition"]
FOLDED = frozenset({"Action", "NotAction"})
"""Elements in which AWS does not tell capitals from small letters."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a statement must say; what is not given may be anything."""

    effect: Annotated[Literal["Allow", "Deny"], Says("Allow or Deny", key="Effect")]
    sid: Annotated[str, Says("its id", key="Sid")] = NOT_GIVEN
    action: Annotated[str | tuple[str, ...], Says("the actions, in any order", key="Action")] = NOT_GIVEN
    not_action: Annotated[str | tuple[str, ...], Says("the actions left out", key="NotAction")] = NOT_GIVEN
    principal: Annotated[str | dict[str, Json] | tuple[Json, ...], Says("for whom", key="Principal")] = NOT_GIVEN
    not_principal: Annotated[dict[str, Json] | tuple[Json, ...], Says("for whom not", key="NotPrincipal")] = NOT_GIVEN
    resource: Annotated[str | tuple[str, ...], Says("on what", key="Resource")] = NOT_GIVEN
    not_resource: Annotated[str | tuple[str, ...], Says("on what not", key="NotResource")] = NOT_GIVEN
    condition: Annotated[dict[str, Json], Says("operator → key → values", key="Condition")] = NOT_GIVEN
    partial: Annotated[
        Element | tuple[Element, ...], Says("elements that may hold more than this", key="PartialMatch")
    ] = ()

    def wanted(self) -> dict[str, Json]:
        """Element → what it must be."""
        elements = {
            "Effect": self.effect, "Sid": self.sid, "Action": self.action, "NotAction": self.not_action,
            "Principal": self.principal, "NotPrincipal": self.not_principal, "Resource": self.resource,
            "NotResource": self.not_resource, "Condition": self.condition,
        }  # fmt: skip
        return {name: value for name, value in elements.items() if value is not None}


@dataclass(frozen=True, slots=True)
class HasStatement:
    """Passes when the resource's policy has all of the statements: those with these ids, and those that say this.

    Lists are compared in any order, a single value like a list of one; actions and condition keys in any case. With
    `PartialMatch` an element may hold more than what is asked for. Where there are no statements it does not match.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: has-statement, statement_ids: [RequireEncryption]}",
        "{type: has-statement, statements: [{Effect: Deny, Action: 's3:PutObject', PartialMatch: Action}]}",
    )

    statement_ids: Annotated[tuple[str, ...], Says("ids of statements that must all be there")] = ()
    statements: Annotated[tuple[Statement, ...], Says("what statements must say")] = ()
    of: Annotated[str, Says("JMESPath to the policy", key="-of")] = ""
    names: Annotated[dict[str, str] | None, Says("placeholder → path on the resource", key="-names")] = None
    _read: Reader = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_read", reader(self.of))

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The policy, and what placeholders stand for."""
        return needs_of(self.of, type).union(*(needs_of(path, type) for path in (self.names or {}).values()))

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when none is missing."""
        return decided(bool(statements_of(self._read(view.attributes))) and not list(self._missing(view)))

    @property
    def finds(self) -> str:
        """Statements."""
        return "statements"

    def found(self, view: View, setting: Setting) -> list[Json]:
        """The statements that were asked for."""
        known = self._known(view)
        wanted = [({n: named(v, known) for n, v in s.wanted().items()}, listed(s.partial)) for s in self.statements]
        return [
            statement
            for statement in statements_of(self._read(view.attributes))
            if statement.get("Sid") in self.statement_ids or any(_says(statement, *each) for each in wanted)
        ]

    def _known(self, view: View) -> dict[str, Json]:
        return {name: getter(path)(view.attributes) for name, path in (self.names or {}).items()}

    def _missing(self, view: View) -> Iterator[str]:
        found = statements_of(self._read(view.attributes))
        ids = {each.get("Sid") for each in found}
        yield from (each for each in self.statement_ids if each not in ids)
        known = self._known(view)
        for each in self.statements:
            wanted = {name: named(value, known) for name, value in each.wanted().items()}
            if not any(_says(statement, wanted, listed(each.partial)) for statement in found):
                yield _texts.short(wanted)

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """What is missing."""
        missing = list(self._missing(view))
        return Evidence(
            filter="has statements",
            verdict=self.judge(view, setting),
            expected=f"{len(self.statement_ids) + len(self.statements)} statements",
            observed=f"lacks {', '.join(missing)}" if missing else "all of them",
            source=_texts.source(self.of, setting.type),
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """Something to look at, and something to look for."""
        if not self.of:
            yield Problem("-of", "the record names no policy")


def _says(statement: Mapping[str, Json], wanted: Mapping[str, Json], partial: list[Json]) -> bool:
    return all(
        name in statement and _equal(statement[name], value, name in FOLDED, name in partial)
        for name, value in wanted.items()
    )


def _equal(given: Json, wanted: Json, folded: bool, partial: bool) -> bool:
    """Whether an element is what is wanted, or (partial) holds it."""
    if isinstance(wanted, Mapping) or isinstance(given, Mapping):
        if not (isinstance(wanted, Mapping) and isinstance(given, Mapping)):
            return False
        there = {str(k).lower(): v for k, v in given.items()}
        asked = {str(k).lower(): v for k, v in wanted.items()}
        if not (asked.keys() <= there.keys() if partial else asked.keys() == there.keys()):
            return False
        return all(_equal(there[key], value, folded, partial) for key, value in asked.items())
    have = {_folded(v, folded) for v in listed(given)}
    want = {_folded(v, folded) for v in listed(wanted)}
    return want <= have if partial else want == have


def _folded(value: Json, folded: bool) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text.lower() if folded else text
