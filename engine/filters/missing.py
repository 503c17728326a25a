"""Does an embedded policy match nothing in this account and region?"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from engine.model.finding import Evidence
from engine.model.need import Need, PolicyNeed
from engine.model.node import Node
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Says
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class Missing:
    """Passes when the embedded policy (a resource type and filters, without mode or actions) matches nothing."""

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: missing, policy: {resource: cloudtrail, filters: [{IsMultiRegionTrail: true}]}}",
    )

    policy: Annotated[Node, Says("a policy with resource and filters")]
    _need: PolicyNeed = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        text = json.dumps(self.policy.data(), sort_keys=True, separators=(",", ":"), default=str)
        object.__setattr__(self, "_need", PolicyNeed(text))

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The number of the embedded policy's matches."""
        return frozenset({self._need})

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when there are none."""
        return decided(not view.fact(self._need))

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The number of matches."""
        resource = self.policy.get("resource")
        name = resource.value if resource is not None else "resource"
        return Evidence(
            filter=f"missing: no {name} that passes the embedded policy",
            verdict=self.judge(view, setting),
            expected="0 matches",
            observed=f"{view.fact(self._need)} matches",
            source=f"policy over {name}",
        )
