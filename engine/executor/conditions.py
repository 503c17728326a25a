"""Does this policy run here and now? Its `conditions`, judged once against a record of the run."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.executor.item import Item
from engine.lang.syntax import CheckedPolicy
from engine.model.json import Json
from engine.model.resource import Resource, ResourceRef
from engine.model.verdict import Kind
from engine.plugin.protocols import Setting
from engine.plugin.tree import evidence, judge, leaves


def why_skipped(policy: CheckedPolicy, setting: Setting, account: str) -> str:
    """The reason a policy does not run in this scope, or empty. `event` conditions hold when there is no event."""
    if (reason := _deprecated(policy, setting)) or not policy.conditions:
        return reason
    record: dict[str, Json] = {
        "name": policy.name,
        "region": setting.scope.region,
        "resource": policy.policy.resource,
        "provider": "aws",
        "account_id": account,
        "now": setting.now,
        "policy": policy.policy.node.data(),
    }
    item = Item(Resource(ResourceRef("policy", setting.scope, policy.name), record), setting.type, offline=True)
    for tree in policy.conditions:
        if setting.event is None and all(leaf.word == "event" for leaf in leaves(tree)):
            continue
        if judge(tree, item, setting).kind is not Kind.MATCH:
            return f"its condition does not hold: {evidence(tree, item, setting).sentence()}"
    return ""


def _deprecated(policy: CheckedPolicy, setting: Setting) -> str:
    """c7n's keys from before conditions: `region`, `start`, `end`."""
    node = policy.policy.node
    region, start, end = (n.value if (n := node.get(k)) is not None else None for k in ("region", "start", "end"))
    if region is not None and region != setting.scope.region:
        return f"it is for region {region}"
    if start is not None and setting.now < _date(start):
        return f"it starts at {start}"
    if end is not None and setting.now > _date(end):
        return f"it ended at {end}"
    return ""


def _date(text: str) -> datetime:
    from dateutil import parser as dates

    found = dates.parse(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
