"""The naive plan: for each policy its own scan, and all its facts gathered at once for every resource.

Right by inspection. The passes make it cheap; `tests` hold each pass, and all of them, to the naive plan's verdicts.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.lang.query import query_params
from engine.lang.syntax import CheckedPolicy
from engine.model.need import FacetNeed, Need
from engine.plan.passes import PASSES
from engine.plan.steps import Plan, Scan, Stage, Track
from engine.plugin.protocols import SetFilter
from engine.plugin.tree import leaves, needs_of


def compile(policies: Iterable[CheckedPolicy], *, optimise: bool = True) -> Plan:
    """The plan for these policies; naive when `optimise` is False."""
    plan = Plan(tuple(_scan(policy) for policy in policies))
    return apply_passes(plan) if optimise else plan


def apply_passes(plan: Plan) -> Plan:
    """The plan after every pass, in the order of `PASSES`."""
    for each in PASSES:
        plan = each(plan)
    return Plan(plan.scans, tuple(p.__name__ for p in PASSES))


def _scan(policy: CheckedPolicy) -> Scan:
    needs = sorted(filter_needs(policy), key=repr)
    # A metric's dimensions may stand in a facet, so facets come first.
    facets = tuple(n for n in needs if isinstance(n, FacetNeed))
    others = tuple(n for n in needs if not isinstance(n, FacetNeed))
    stages = tuple(Stage(part, everyone=True) for part in (facets, others) if part)
    return Scan(
        policy.type, (Track(policy, stages, judges_sets(policy)),), params=query_params(policy.type, policy.query)
    )


def filter_needs(policy: CheckedPolicy) -> frozenset[Need]:
    """What the policy's filters must know beyond the listing."""
    return frozenset(need for tree in policy.filters for need in needs_of(tree, policy.type))


def judges_sets(policy: CheckedPolicy) -> bool:
    """Whether a filter of the policy judges the whole set (reduce, resource counts)."""
    return any(isinstance(leaf.piece, SetFilter) for tree in policy.filters for leaf in leaves(tree))
