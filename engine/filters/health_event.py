"""Does AWS say that something happens, or will happen, to the resource?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from engine.filters import _texts
from engine.filters._told import Told
from engine.model.finding import Evidence
from engine.model.need import HealthNeed
from engine.plugin.params import Says
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class HealthEvent(Told):
    """Passes when an event of AWS Health affects the resource: an issue, a scheduled change, a notification.

    The Health API answers only to accounts with Business, Enterprise On-Ramp or Enterprise Support; in others the
    answer is unknown.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "health-event",
        "{type: health-event, category: [scheduledChange], statuses: [upcoming]}",
    )

    types: Annotated[tuple[str, ...], Says("codes of event types (AWS_EBS_VOLUME_LOST); default: any")] = ()
    category: Annotated[
        tuple[Literal["issue", "accountNotification", "scheduledChange"], ...], Says("default: any")
    ] = ()
    statuses: Annotated[tuple[Literal["open", "upcoming", "closed"], ...], Says("how the events stand")] = (
        "open",
        "upcoming",
    )

    @property
    def _need(self) -> HealthNeed:
        return HealthNeed(tuple(self.statuses), tuple(self.types), tuple(self.category))

    @property
    def finds(self) -> str:
        """The events."""
        return "events"

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The events' types, and how they stand."""
        told = [f"{each.get('eventTypeCode')} {each.get('statusCode')}" for each in view.fact(self._need)]
        return Evidence(
            filter="AWS Health events",
            verdict=self.judge(view, setting),
            expected=f"one that is {' or '.join(self.statuses)}",
            observed=_texts.short("; ".join(told)) or "none",
            source="AWS Health",
        )
