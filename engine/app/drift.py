"""Which changes of a plan are made? Those that are computed again and equal; every other one is drift, with its reason.

What is made is what was computed. The plan's own changes are compared and printed, nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.app.differences import difference, held_by
from engine.app.plan_file import Hide, SavedChange, SavedPlan, normal, nothing_hidden
from engine.app.recompute import Recomputed
from engine.executor.execute import PolicyResult
from engine.executor.fresh import value_at
from engine.executor.intent import Planned
from engine.executor.item import Item
from engine.model.change import Status
from engine.model.json import Json
from engine.model.need import FacetNeed
from engine.model.resource import ResourceRef
from engine.model.scope import Scope
from engine.model.verdict import Kind
from engine.plugin.attributes import needs_of_key
from engine.plugin.journal import Entry
from engine.plugin.paths import PathRejected
from engine.plugin.protocols import Missing
from engine.plugin.tree import Block, evidence

Place = tuple[str, int, ResourceRef]
"""Policy, step, resource. There is one change at each, but for types that list several resources of one id (a launch
template's versions)."""

Key = tuple[Place, str]
"""What identifies a change within its plan: its place, and its calls."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A change of the plan that is not made, and why. `uncertain`: an earlier apply may have made it."""

    change: SavedChange
    reason: str
    uncertain: bool = False


@dataclass(slots=True)
class Comparison:
    """What a plan's changes have become: those to make (computed anew), those that are so already, those that drifted.

    `already` pairs a change with why nothing is left to do.
    """

    planned: list[Planned] = field(default_factory=list)
    already: list[tuple[SavedChange, str]] = field(default_factory=list)
    drifted: list[Drift] = field(default_factory=list)

    @property
    def uncertain(self) -> bool:
        """Whether an earlier apply may have made a change, and nothing tells."""
        return any(each.uncertain for each in self.drifted)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the computed changes.

    `prior`: what earlier applies of this plan, which were cut short, have made of its changes. `changed_by`: resources
    that other runs have changed since the plan was made, each with the last such run.
    """

    prior: Mapping[Key, Entry] = field(default_factory=dict)
    changed_by: Mapping[ResourceRef, str] = field(default_factory=dict)


def key_of(change: SavedChange) -> Key:
    """What identifies a change within its plan."""
    return _place(change), json.dumps(change.calls, sort_keys=True)


def _place(change: SavedChange) -> Place:
    return change.policy, change.step, change.ref


def compare(plan: SavedPlan, recomputed: Recomputed, known: Known, hide: Hide = nothing_hidden) -> Comparison:
    """Every change of the plan as made, already so, or drifted; in the plan's order. `hide` as when it was made."""
    seen = _Seen(plan, recomputed, known, hide)
    found = Comparison()
    make: set[int] = set()
    broken: dict[tuple[str, ResourceRef], list[str]] = {}
    for change in sorted(plan.changes, key=lambda change: change.step):
        before = broken.setdefault((change.policy, change.ref), [])
        drift, already = seen.judged(change)
        before += [each for each in seen.unplanned(change) if each not in before]
        if drift is None and not already and before:
            drift = Drift(change, held_by(before))
        if drift is not None:
            found.drifted.append(drift)
            before += [change.action] if change.action not in before else []
        elif already:
            found.already.append((change, already))
        else:
            make.add(id(change))
    order = {id(change): number for number, change in enumerate(plan.changes)}
    making = [p for p in recomputed.intent.planned if id(seen.taken.get(id(p))) in make]
    found.planned = sorted(making, key=lambda planned: order[id(seen.taken[id(planned)])])
    found.drifted.sort(key=lambda drift: order[id(drift.change)])
    found.already.sort(key=lambda each: order[id(each[0])])
    return found


class _Seen:
    """The computed results, ready to be looked up for one change after another."""

    def __init__(self, plan: SavedPlan, recomputed: Recomputed, known: Known, hide: Hide) -> None:
        self.known = known
        self.hide = hide
        self.left = recomputed.left
        self.names = {policy.name for policy in plan.policies}
        self.planned = {_place(change) for change in plan.changes}
        self.computed: dict[Place, list[Planned]] = {}
        for planned in recomputed.intent.planned:
            self.computed.setdefault((planned.policy, planned.step, planned.change.ref), []).append(planned)
        self.taken: dict[int, SavedChange] = {}
        self.skips: dict[tuple[str, ResourceRef], list[tuple[str, str]]] = {}
        for name, skip in recomputed.intent.skipped:
            self.skips.setdefault((name, skip.ref), []).append((skip.action, skip.reason))
        self.results: dict[tuple[str, Scope], list[PolicyResult]] = {}
        for _, result in recomputed.results:
            self.results.setdefault((result.policy.name, result.scope), []).append(result)
        self.items: dict[tuple[str, ResourceRef], tuple[PolicyResult, Item]] = {}
        self.unmatched: dict[tuple[str, ResourceRef], tuple[PolicyResult, Item]] = {}
        self.unknown: dict[tuple[str, ResourceRef], str] = {}
        for _, result in recomputed.results:
            name = result.policy.name
            self.items |= {(name, item.resource.ref): (result, item) for item in result.matched}
            self.unmatched |= {(name, item.resource.ref): (result, item) for item in result.unmatched}
            self.unknown |= {(name, i.resource.ref): "; ".join(verdict.causes) for i, verdict in result.unknown}

    def judged(self, change: SavedChange) -> tuple[Drift | None, str]:
        """(the drift, why nothing is left to do); neither for a change that is to be made."""
        entry = self.known.prior.get(key_of(change))
        if entry is not None:
            if entry.status is Status.DONE:
                return None, f"made by run {entry.run}"
            if entry.status in (Status.STARTED, Status.UNCERTAIN):
                reason = f"it is not known whether run {entry.run} has made it: {entry.reason or 'no answer came'}"
                return Drift(change, reason, uncertain=True), ""
            if entry.status is Status.FAILED and len(change.calls) > 1:  # some of its calls may have been made
                return Drift(change, f"it failed in run {entry.run}: {entry.reason}"), ""
        if reason := self._not_run(change):
            return Drift(change, reason), ""
        candidates = self.computed.get(_place(change))
        if not candidates:
            return self._unwanted(change)
        type = self.items[change.policy, change.ref][0].policy.type
        expected = self._written(change)
        reasons = [difference(change, planned.change, type, expected, self.hide) for planned in candidates]
        for planned, reason in zip(candidates, reasons, strict=True):
            if not reason and id(planned) not in self.taken:
                self.taken[id(planned)] = change
                return None, ""
        reason = next((reason for reason in reasons if reason), "the policy wants it once")
        return Drift(change, f"it would be another change: {reason}{self._by(change)}"), ""

    def unplanned(self, change: SavedChange) -> list[str]:
        """Earlier actions of the policy that want a change of the resource now, which the plan has not."""
        return [
            self.computed[place][0].change.action
            for step in range(change.step)
            if (place := (change.policy, step, change.ref)) in self.computed and place not in self.planned
        ]

    def _written(self, change: SavedChange) -> dict[str, list[Json]]:
        """What earlier changes of this plan, made before it was cut short, have written to the resource."""
        found: dict[str, list[Json]] = {}
        for key, entry in self.known.prior.items():
            if key[0][2] == change.ref and entry.status is Status.DONE:
                for path, value in self.hide(normal(entry.change.after)).items():
                    found.setdefault(path, []).append(value)
        return found

    def _not_run(self, change: SavedChange) -> str:
        """Why the policy was not judged on the resource, or empty."""
        scope = change.ref.scope
        if change.policy not in self.names:
            return f"the plan holds no policy '{change.policy}'"
        if (change.policy, scope) in self.left:
            return self.left[change.policy, scope]
        results = self.results.get((change.policy, scope), [])
        for result in results:
            if result.policy.type.word != change.ref.type:
                return f"the policy is about {result.policy.type.word}, not {change.ref.type}"
            if result.error:
                return f"it could not be read: {result.error}"
            if result.skipped:
                return f"the policy does not run here: {result.skipped}"
            if result.limited:
                return f"the policy's limit is exceeded: {result.limited}"
            if result.unknown and result.policy.on_unknown == "fail":
                return f"the policy has 'on-unknown: fail', and {len(result.unknown)} resources are unknown"
        return "" if results else f"no result of policy '{change.policy}' in {scope}"

    def _unwanted(self, change: SavedChange) -> tuple[Drift | None, str]:
        """The policy does not want the change now: because of a filter, a guard, or the action itself."""
        where = (change.policy, change.ref)
        if where in self.unknown:
            return Drift(change, f"it is not known whether it matches: {self.unknown[where]}"), ""
        if where in self.unmatched:
            result, item = self.unmatched[where]
            why = evidence(Block("and", result.policy.filters, result.policy.policy.span), item, result.setting)
            reason = f"it no longer matches: {why.sentence()}"
            if why.verdict.kind is not Kind.NO_MATCH:  # each filter holds for it alone, but one of them judges the set
                reason = f"it no longer matches: of the resources there are now, others are kept ({why.sentence()})"
            return Drift(change, f"{reason}{self._by(change)}"), ""
        if where not in self.items:
            return Drift(change, f"{self._gone(change)}{self._by(change)}"), ""
        skips = self.skips.get(where, [])
        if guard := next((reason for action, reason in skips if action == "guard"), ""):
            return Drift(change, f"{guard}{self._by(change)}"), ""
        result, item = self.items[where]
        if _is_so(change, item, self.hide):
            return None, "already in the desired state"
        reasons = list(dict.fromkeys(reason for action, reason in skips if action == change.action))
        if reasons:
            reason = f"the action '{change.action}' skips it now: {'; '.join(reasons)}"
            return Drift(change, f"{reason}{self._by(change)}"), ""
        acts = result.policy.actions
        wanted = f"'{acts[change.step].word}'" if change.step < len(acts) else "none"
        reason = f"the policy's action {change.step + 1} is {wanted}, the plan says '{change.action}'"
        return Drift(change, f"it would be another change: {reason}"), ""

    def _gone(self, change: SavedChange) -> str:
        queried = any(r.policy.query for r in self.results[change.policy, change.ref.scope])
        return "it is gone, or the policy's 'query' no longer lists it" if queried else "it is gone"

    def _by(self, change: SavedChange) -> str:
        run = self.known.changed_by.get(change.ref)
        return f" (changed by run {run})" if run else ""


def _is_so(change: SavedChange, item: Item, hide: Hide) -> bool:
    """Whether everything that the change would set is seen to be set. Not known is not so."""
    if not change.after or "exists" in change.after:
        return False
    for path, value in change.after.items():
        try:
            for need in needs_of_key(path, item.type):
                if isinstance(need, FacetNeed):
                    item.fact(need)
            observed = normal({path: value_at(path, item)})
            if hide(observed) != observed or observed[path] != value:  # what is hidden cannot be seen to be so
                return False
        except (Missing, PathRejected, RecursionError):  # the path is the file's: whatever it is, it is not so
            return False
    return True
