"""Does the event that triggered the policy compare with an expected value?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.filters._options import ValueOptions
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import ContentNeed, Need
from engine.model.record import ResourceType
from engine.model.verdict import MATCH, Verdict, decided
from engine.plugin.params import Problem
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class Event(ValueOptions):
    """The value filter's comparison, made on the triggering event: all resources pass, or none.

    Without an event (a pull run, a dry run) everything passes. The policy must have a `mode` that brings events. The
    word alone compares nothing: every event passes.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: event, key: detail.userIdentity.type, op: ne, value: Root}",
        "{type: event, key: detail.errorCode, value: absent}",
    )

    @property
    def _bare(self) -> bool:
        return not self.key and not self.asks and not self.value_type

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """Only the document the expected value comes from: paths lead into the event."""
        return frozenset(need for need in self.value_needs(type) if isinstance(need, ContentNeed))

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when there is no event, or its value passes."""
        if setting.event is None or self._bare:
            return MATCH
        return decided(self.passes(self._read(setting.event), setting.event, view, setting.now))

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The comparison, and the event's value."""
        observed = "no event" if setting.event is None else self.observed(self._read(setting.event), setting.now)
        verdict = self.judge(view, setting)
        return Evidence(f"event {self.sentence}", verdict, expected=self.expected, observed=observed, source="event")

    def problems(self, **known: Json) -> Iterator[Problem]:
        """What is wrong with the options taken together."""
        policy = known.get("policy")
        if isinstance(policy, Mapping) and "mode" not in policy:
            yield Problem("type", "an event filter needs a policy with a mode that brings events")
        if self.value_type == "resource_count":
            yield Problem("value_type", "an event has no resources to count")
            return
        if not self._bare:
            yield from ValueOptions.problems(self, **known)
