"""What do rules of AWS Config say of the resource?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from engine.filters import _texts
from engine.filters.list_item import Element
from engine.filters.value import Value
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import FacetNeed, Need, RelatedNeed
from engine.model.record import ResourceType
from engine.model.verdict import NO_MATCH, Verdict, every, some, unknown
from engine.plugin.identity import arn_of
from engine.plugin.params import Problem, Says, Tree
from engine.plugin.protocols import Setting, View
from engine.plugin.tree import FilterTree, judge, leaves

RESULTS = "ComplianceDetail"
"""Where a rule's record puts what it last said of every resource."""

State = Literal["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE", "INSUFFICIENT_DATA"]


@dataclass(frozen=True, slots=True)
class ConfigCompliance:
    """Passes when one of the rules says of the resource that it is in one of `states`.

    With `eval_filters`, only evaluations that pass one of these value filters (or, with `op: and`, all) count. Each
    rule is asked once, however many resources there are. A rule that does not exist leaves the answer unknown.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: config-compliance, rules: [encrypted-volumes]}",
        "{type: config-compliance, rules: [a, b], states: [COMPLIANT], eval_filters: [{Annotation: present}]}",
    )

    rules: Annotated[tuple[str, ...], Says("names of the rules")]
    states: Annotated[tuple[State, ...], Says("what they may say")] = ("NON_COMPLIANT",)
    eval_filters: Annotated[tuple[Tree, ...], Says("value filters on an evaluation")] = ()
    op: Annotated[Literal["or", "and"], Says("whether one or every one of eval_filters must pass")] = "or"
    kind: Annotated[str, Says("AWS Config's type of what the rules judge, not the resource's own", key="-kind")] = ""

    @property
    def _need(self) -> RelatedNeed:
        names = json.dumps(list(self.rules)).replace("`", "\\`")
        return RelatedNeed("", (RESULTS,), type="config-rule", ids=f"`{names}`")

    @property
    def _trees(self) -> tuple[FilterTree, ...]:
        return self.eval_filters  # type: ignore[return-value]  # Tree marks what the reader builds

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The rules' evaluations, and the documents that filters on them compare with."""
        inner = (need for tree in self._trees for leaf in leaves(tree) for need in leaf.piece.needs(type))
        return frozenset({self._need, *(need for need in inner if not isinstance(need, FacetNeed))})

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when an evaluation of the resource counts."""
        verdicts = [self._counts(each, view, setting) for each in self._evaluations(view, setting)]
        if self._lacking(view):
            verdicts.append(unknown(f"AWS Config has no rule {', '.join(self._lacking(view))}"))
        return some(verdicts) if verdicts else NO_MATCH

    def _counts(self, evaluation: Json, view: View, setting: Setting) -> Verdict:
        held = [judge(tree, Element(view, evaluation), setting) for tree in self._trees]
        return some(held) if held and self.op == "or" else every(held)

    def _lacking(self, view: View) -> list[str]:
        return [name for name, rule in view.fact(self._need) if rule is None]

    def _evaluations(self, view: View, setting: Setting) -> list[Json]:
        """What the rules say of this resource, in one of the states."""
        names = names_of(view, setting, self.kind)
        kinds = {self.kind} if self.kind else {setting.type.config, setting.type.cfn}
        found: list[Json] = []
        for _, rule in view.fact(self._need):
            for each in (rule or {}).get(RESULTS) or ():
                about = each.get("EvaluationResultIdentifier", {}).get("EvaluationResultQualifier", {})
                right = about.get("ResourceType") in kinds and about.get("ResourceId") in names
                if right and each.get("ComplianceType") in self.states:
                    found.append(each)
        return found

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """What the rules say of it."""
        told = [
            f"{each['EvaluationResultIdentifier']['EvaluationResultQualifier'].get('ConfigRuleName')}: "
            f"{each['ComplianceType']}"
            for each in self._evaluations(view, setting)
        ]
        return Evidence(
            filter=f"AWS Config says {' or '.join(self.states)}",
            verdict=self.judge(view, setting),
            expected=f"said by {' or '.join(self.rules)}",
            observed=_texts.short(", ".join(told)) or "nothing of the kind",
            source="AWS Config",
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """A rule to ask; filters that can judge an evaluation."""
        if not self.rules:
            yield Problem("rules", "names no rule")
        for tree in self._trees:
            for leaf in leaves(tree):
                if not isinstance(leaf.piece, Value):
                    yield Problem("eval_filters", f"'{leaf.word}' cannot be in eval_filters", "only value filters can")


def names_of(view: View, setting: Setting, kind: str = "") -> frozenset[str]:
    """What AWS Config may call the resource: its id, its ARN, its name, or an id that is never given twice.

    Source: AWS Config Developer Guide, Components of a Configuration Item (resourceId): IAM's `RoleId`, RDS's
    `DbiResourceId`.
    """
    type, attributes = setting.type, view.attributes
    noun = (kind or type.config or type.cfn).rpartition("::")[2]
    own = [value for name, value in attributes.items() if name == f"{noun}Id" or name.endswith("ResourceId")]
    told = (view.resource.ref.id, arn_of(type, attributes, setting.scope), *own)
    return frozenset(each for each in told if isinstance(each, str) and each)
