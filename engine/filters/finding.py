"""Has Security Hub found something on the resource?"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from engine.filters import _texts
from engine.filters._told import Told
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import FindingNeed
from engine.plugin.params import Says
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class Finding(Told):
    """Passes when Security Hub has a finding that names the resource, and that the query's filters let through.

    Findings are looked up by the resource's ARN, archived and resolved ones included: `RecordState` and
    `WorkflowStatus` leave them out.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "finding",
        "{type: finding, query: {RecordState: [{Value: ACTIVE, Comparison: EQUALS}]}}",
    )

    query: Annotated[dict[str, Json], Says("filters on findings, named as the API names them")] = field(
        default_factory=dict
    )
    region: Annotated[str, Says("where to ask: the region that the findings are gathered in (default: the own)")] = ""

    @property
    def _need(self) -> FindingNeed:
        return FindingNeed(json.dumps(self.query, sort_keys=True, default=str), self.region)

    @property
    def finds(self) -> str:
        """The findings."""
        return "findings"

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The findings' titles."""
        titles = [str(each.get("Title") or each.get("Id")) for each in view.fact(self._need)]
        return Evidence(
            filter="Security Hub findings",
            verdict=self.judge(view, setting),
            expected="a finding",
            observed=_texts.short("; ".join(titles)) or "none",
            source="Security Hub",
        )
