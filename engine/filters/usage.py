"""When did the user, role, group or policy last use the services that it may use, by IAM's own records?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from engine.filters import _texts
from engine.filters._options import UNSET, ValueOptions, needs_of, reader
from engine.filters.parts import comparison, comparison_problems
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.verdict import NO_MATCH, Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class Usage:
    """Passes when what IAM tells of one of the services (or, with `match-operator: all`, of each) is as asked.

    Each of the services that its policies allow has a record, whose attributes are compared: with a value, or by a
    value filter. IAM's records cover about 400 days and are some hours late.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: usage, match-operator: all, LastAuthenticated: null}",
        "{type: usage, match-operator: any, LastAuthenticated: {value_type: age, op: lt, value: 30}}",
    )

    match_operator: Annotated[Literal["all", "any"], Says("of which services", key="match-operator")]
    service_name: Annotated[Json, Says("the service's name", key="ServiceName")] = UNSET
    service: Annotated[Json, Says("the service, as in actions (`s3`)", key="ServiceNamespace")] = UNSET
    last: Annotated[Json, Says("when it was last used; null: never", key="LastAuthenticated")] = UNSET
    entity: Annotated[Json, Says("ARN of who used it last", key="LastAuthenticatedEntity")] = UNSET
    entities: Annotated[Json, Says("how many used it", key="TotalAuthenticatedEntities")] = UNSET
    poll_delay: Annotated[
        float | None, Says("accepted for compatibility; the engine asks every 2 seconds", key="poll-delay")
    ] = None
    of: Annotated[str, Says("JMESPath to the records", key="-of")] = '"c7n:ServicesLastAccessed"'
    _asked: dict[str, ValueOptions] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_asked", {key: comparison(told) for key, told in self._told.items()})

    @property
    def _told(self) -> dict[str, Mapping[str, Json]]:
        """Attribute → what it is compared with, as a value filter's options."""
        given = {
            "ServiceName": self.service_name,
            "ServiceNamespace": self.service,
            "LastAuthenticated": self.last,
            "LastAuthenticatedEntity": self.entity,
            "TotalAuthenticatedEntities": self.entities,
        }
        return {
            key: {**(told if isinstance(told, Mapping) else {"value": told}), "key": key}
            for key, told in given.items()
            if told is not UNSET
        }

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The records."""
        return needs_of(self.of, type)

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when a record (or each) is as asked; whoever is no more has none."""
        records = reader(self.of)(view.attributes)
        if records is None:
            return NO_MATCH
        held = [self._passes(each, view, setting) for each in records]
        return decided(all(held) if self.match_operator == "all" else any(held))

    def _passes(self, record: Json, view: View, setting: Setting) -> bool:
        return all(asked.passes(asked.read(record), record, view, setting.now) for asked in self._asked.values())

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """How many services pass, and their names."""
        records = reader(self.of)(view.attributes) or ()
        passing = [str(each.get("ServiceNamespace")) for each in records if self._passes(each, view, setting)]
        return Evidence(
            filter=f"{self.match_operator} service with {', '.join(a.sentence for a in self._asked.values())}",
            verdict=self.judge(view, setting),
            expected="every one" if self.match_operator == "all" else "at least 1",
            observed=_texts.short(f"{len(passing)} of {len(records)}: {', '.join(passing)}"),
            source="IAM, service last accessed",
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """Something to ask; comparisons that can be made."""
        if not self._asked:
            yield Problem("match-operator", "asks for nothing", "name what is told of a service: LastAuthenticated …")
        for name, told in self._told.items():
            if isinstance(told.get("value"), list) and "op" not in told:
                yield Problem(name, "is compared with a list", "write a value filter with 'op: in'")
            yield from comparison_problems(name, told, self._asked[name])
