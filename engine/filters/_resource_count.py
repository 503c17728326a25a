"""How many resources are left at this place in the chain? The value filter with `value_type: resource_count`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.filters._options import UNSET, ValueOptions
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class ResourceCount(ValueOptions):
    """Compares the number of resources at this point of the chain with `value`; returns all of them or none."""

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """Nothing."""
        return frozenset()

    def judge_all(self, views: Sequence[View], setting: Setting) -> Sequence[Verdict]:
        """The same verdict for each."""
        return [self.judge_count(len(views), setting)] * len(views)

    def judge_count(self, count: int, setting: Setting) -> Verdict:
        """The verdict on so many."""
        return decided(self._test is not None and self._test(count, setting.now))

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """What is asked of the count; one resource alone cannot tell how many there were."""
        return Evidence(self.sentence, decided(True), expected=self.expected, source="all resources left here")

    def problems(self, **_: Json) -> Iterator[Problem]:
        """A count needs an operator and a whole number (or several)."""
        if self.op is None:
            yield Problem("op", "value_type resource_count needs an op", "as in {op: gte, value: 1}")
        value = self.value
        if value is UNSET:
            yield Problem("value", "value_type resource_count needs a value")
            return
        several = value if isinstance(value, list | tuple) else [value]
        if not all(isinstance(each, int) and not isinstance(each, bool) for each in several):
            yield Problem("value", "value_type resource_count needs a whole number, or a list of them")
