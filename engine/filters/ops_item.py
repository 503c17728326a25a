"""Is there an operational item about the resource in OpsCenter?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from engine.filters import _texts
from engine.filters._told import Told
from engine.model.finding import Evidence
from engine.model.need import OpsItemNeed
from engine.plugin.params import Says
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class OpsItem(Told):
    """Passes when an operational item (OpsItem) of Systems Manager names the resource by its ARN."""

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "ops-item",
        "{type: ops-item, status: [Open, In progress], priority: [1, 2], source: EC2}",
    )

    status: Annotated[tuple[Literal["Open", "In progress", "Resolved"], ...], Says("how the items stand")] = ("Open",)
    priority: Annotated[tuple[Literal[1, 2, 3, 4, 5], ...], Says("default: any")] = ()
    title: Annotated[str, Says("what the title contains")] = ""
    source: Annotated[str, Says("who made them")] = ""

    @property
    def _need(self) -> OpsItemNeed:
        statuses = tuple(each.replace("In progress", "InProgress") for each in self.status)
        return OpsItemNeed(statuses, tuple(map(str, self.priority)), self.title, self.source)

    @property
    def finds(self) -> str:
        """The items."""
        return "items"

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The items' titles, and how they stand."""
        told = [f"{each.get('Title')} ({each.get('Status')})" for each in view.fact(self._need)]
        return Evidence(
            filter="operational items",
            verdict=self.judge(view, setting),
            expected=f"one that is {' or '.join(self.status)}",
            observed=_texts.short("; ".join(told)) or "none",
            source="Systems Manager OpsCenter",
        )
