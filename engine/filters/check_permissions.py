"""May the resource's role or user do something, by IAM's own simulation of its policies?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from engine.filters import _texts
from engine.filters._options import asked_need
from engine.filters.list_item import Element
from engine.filters.value import Value
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import AskedNeed, FacetNeed, Need
from engine.model.record import ResourceType
from engine.model.verdict import NO_MATCH, Kind, Verdict, decided, every, some
from engine.plugin.attributes import needs_to_ask
from engine.plugin.params import Problem, Says, Tree
from engine.plugin.protocols import Setting, View
from engine.plugin.tree import FilterTree, judge, leaves

ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class CheckPermissions:
    """Passes when IAM's simulation allows (or denies) all of the actions to the resource's principal.

    Of a resource that has no principal, or whose principal is no more, nothing is said: it does not match. Conditions
    and the policies of other resources are not part of the simulation. One serves all that share a principal.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: check-permissions, match: allowed, actions: ['iam:CreateUser']}",
        "{type: check-permissions, match: {EvalDecision: explicitDeny}, actions: ['s3:GetObject'], match-operator: or}",
    )

    actions: Annotated[tuple[str, ...], Says("actions, as `iam:CreateUser`")]
    match: Annotated[
        Literal["allowed", "denied"] | Tree, Says("what must be said of an action, or a value filter on a result")
    ]
    match_operator: Annotated[
        Literal["and", "or"], Says("whether it must be said of all the actions or of any", key="match-operator")
    ] = "and"
    boundaries: Annotated[bool, Says("false: as if nothing had a permissions boundary")] = True
    facet: Annotated[str, Says("the facet that asks for the simulation", key="-facet")] = "simulation"

    @property
    def _need(self) -> AskedNeed:
        return asked_need(self.facet, {"actions": list(self.actions), "boundaries": self.boundaries})

    @property
    def _tree(self) -> FilterTree | None:
        return None if isinstance(self.match, str) else self.match  # type: ignore[return-value]  # what Tree stands for

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The simulation, what names the principal, and documents that a value filter compares with."""
        tree = self._tree
        inner = (need for leaf in leaves(tree) for need in leaf.piece.needs(type)) if tree else ()
        documents = {need for need in inner if not isinstance(need, FacetNeed)}
        return needs_to_ask(self.facet, type) | documents | {self._need}

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when it is said of all the actions (or of any)."""
        results = view.fact(self._need)
        if not results:
            return NO_MATCH
        verdicts = [self._said(each, view, setting) for each in results]
        return every(verdicts) if self.match_operator == "and" else some(verdicts)

    def _said(self, result: Json, view: View, setting: Setting) -> Verdict:
        tree = self._tree
        if tree is not None:
            return judge(tree, Element(view, result), setting)
        return decided((result.get("EvalDecision") == ALLOWED) is (self.match == ALLOWED))

    @property
    def finds(self) -> str:
        """The results."""
        return "permissions"

    def found(self, view: View, setting: Setting) -> list[Json]:
        """The results of which it is said."""
        results = view.fact(self._need) or ()
        return [each for each in results if self._said(each, view, setting).kind is Kind.MATCH]

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """What the simulation decides of each action."""
        results = view.fact(self._need)
        told = "; ".join(f"{each.get('EvalActionName')} {each.get('EvalDecision')}" for each in results or ())
        asked = self.match if isinstance(self.match, str) else "as described"
        which = "all" if self.match_operator == "and" else "any"
        return Evidence(
            filter=f"permission to {_texts.short(', '.join(self.actions))}",
            verdict=self.judge(view, setting),
            expected=f"{which} of them {asked}",
            observed=_texts.short(told) or "it has no principal to ask about",
            source="IAM policy simulation",
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """Actions that can be simulated; a value filter where there is one."""
        if not self.actions:
            yield Problem("actions", "names no action")
        for action in self.actions:
            service, name = action.partition(":")[::2]
            if not service or not name:
                yield Problem("actions", f"'{action}' is no action", "write SERVICE:ACTION, as in iam:CreateUser")
        for leaf in leaves(self._tree) if self._tree else ():
            if not isinstance(leaf.piece, Value):
                yield Problem("match", f"'{leaf.word}' cannot be matched", "allowed, denied, or a value filter")
