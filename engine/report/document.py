"""A run as one JSON document, for `--format json` and `findings.json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from engine.executor.execute import PolicyResult
from engine.executor.item import Item
from engine.model.call import Call
from engine.model.fact import Value
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import MetricNeed
from engine.model.verdict import Kind, Verdict
from engine.plugin.identity import arn_of, name_of
from engine.plugin.tree import Block, FilterTree, Leaf, evidence, judge

if TYPE_CHECKING:
    from engine.model.change import Change, Outcome, Skip


def default(value: object) -> Json:
    """What JSON lacks: dates as ISO 8601, sets as lists, anything else as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def why(result: PolicyResult, item: Item) -> Evidence:
    """Why the policy's filters said what they said of one resource."""
    return evidence(Block("and", result.policy.filters, result.policy.policy.span), item, result.setting)


def evidence_json(told: Evidence) -> dict[str, Json]:
    """Evidence with its members."""
    found: dict[str, Json] = {"filter": told.filter, "verdict": told.verdict.kind.value}
    if told.verdict.causes:
        found["causes"] = list(told.verdict.causes)
    if told.children:
        found["members"] = [evidence_json(c) for c in told.children]
    else:
        found |= {"expected": told.expected, "observed": told.observed, "source": told.source}
    return found


def finding_json(result: PolicyResult, item: Item, verdict: Verdict | None = None) -> dict[str, Json]:
    """One finding: which resource, what was said of it, and why."""
    kind = verdict.kind if verdict is not None else Kind.MATCH
    ref = item.resource.ref
    found: dict[str, Json] = {
        "policy": result.policy.name,
        "type": ref.type,
        "id": ref.id,
        "name": name_of(item.type, item.attributes),
        "arn": arn_of(item.type, item.attributes, ref.scope) if ref.scope.account else "",
        "account": ref.scope.account or None,
        "region": ref.scope.region,
        "verdict": kind.value,
        "evidence": evidence_json(why(result, item)),
    }
    if verdict is not None and verdict.causes:
        found["causes"] = list(verdict.causes)
    return found


def result_json(result: PolicyResult) -> dict[str, Json]:
    """One policy in one scope."""
    return {
        "policy": result.policy.name,
        "resource": result.policy.type.word,
        "account": result.scope.account or None,
        "region": result.scope.region,
        "population": result.population,
        "matched": [finding_json(result, item) for item in result.matched],
        "unknown": [finding_json(result, item, verdict) for item, verdict in result.unknown],
        "error": result.error or None,
        "limited": result.limited or None,
        "skipped": result.skipped or None,
    }


def change_line(change: Change) -> dict[str, Json]:
    """One change as people and programs read it."""
    return {
        "type": change.ref.type,
        "id": change.ref.id,
        "region": change.ref.scope.region,
        "action": change.action,
        "before": change.before,
        "after": change.after,
        "reversible": change.reversible,
        "irreversible": change.irreversible or None,
        "destructive": change.destructive,
        "calls": [_call(c) for c in change.calls],
    }


def _call(call: Call) -> dict[str, Json]:
    over = {"for_all_of": str(call.sweep.call)} if call.sweep is not None else {}
    return {"call": str(call), "params": call.params, **over}


def outcome_json(outcome: Outcome) -> dict[str, Json]:
    """One change and its end."""
    return {**change_line(outcome.change), "status": outcome.status.value, "reason": outcome.reason or None}


def skip_json(policy: str, skip: Skip) -> dict[str, Json]:
    """One resource that an action leaves alone."""
    return {"policy": policy, "type": skip.ref.type, "id": skip.ref.id, "action": skip.action, "reason": skip.reason}


def resource_json(result: PolicyResult, item: Item) -> dict[str, Json]:
    """A matched resource as c7n writes it: AWS's attributes, gathered facts, and `c7n:MatchedFilters`."""
    keys = list(dict.fromkeys(_matched_keys(result.policy.filters, item, result)))
    attributes: Mapping[str, Json] = item.attributes
    extra: dict[str, Json] = {"c7n:MatchedFilters": keys} if keys else {}
    metrics = {
        f"{n.namespace}.{n.name}.{n.statistic}.{n.days:g}": fact.value
        for n, fact in item.facts.items()
        if isinstance(n, MetricNeed) and isinstance(fact, Value)
    }
    if metrics:
        extra["c7n.metrics"] = metrics
    return {**attributes, **extra}


def _matched_keys(trees: Sequence[FilterTree], item: Item, result: PolicyResult) -> Iterable[str]:
    """Keys of the value filters that matched; those under `not` are left out, as c7n does."""
    for tree in trees:
        if isinstance(tree, Block):
            if tree.op == "and":
                yield from _matched_keys(tree.children, item, result)
            elif tree.op == "or":
                for child in tree.children:
                    if judge(child, item, result.setting).kind is Kind.MATCH:
                        yield from _matched_keys((child,), item, result)
        elif isinstance(tree, Leaf) and tree.word == "value":
            key = getattr(tree.piece, "key", None)
            if isinstance(key, str):
                yield key
