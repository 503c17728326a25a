"""Plans of the small account in memory, as their file would hold them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from engine.app.drift import Comparison, Known, compare
from engine.app.plan_file import SavedPlan, plan_of
from engine.app.recompute import Again, Recomputed, recompute
from engine.executor.changes import intend
from engine.plugin.discover import catalog
from engine.runner import Settings, run_policies
from tests.engine.executor.cloud import NOW, Cloud, parsed

ACCOUNT = "123456789012"
LATER = NOW + timedelta(hours=1)
TAG = {"type": "tag", "key": "A", "value": "b"}


def planned(cloud: Cloud, *written: dict[str, Any]) -> SavedPlan:
    """The plan of some policies, made at NOW."""
    policies = parsed(*written)
    settings = Settings(now=NOW, regions=("us-east-1",), acting=True)
    results = run_policies(policies, catalog(), [cloud.connection], settings).results
    return plan_of(intend(results).planned, policies, created=NOW, target={"profile": "audit"})


def again(cloud: Cloud, **more: Any) -> Again:
    """How it is computed again, an hour later."""
    return Again(catalog(), {ACCOUNT: cloud.connection}, LATER, **more)


def recomputed(cloud: Cloud, plan: SavedPlan, **more: Any) -> Recomputed:
    """What its policies want then."""
    return recompute(plan, again(cloud, **more))


def comparison(cloud: Cloud, plan: SavedPlan, known: Known | None = None, **more: Any) -> Comparison:
    """What its changes have become then."""
    return compare(plan, recomputed(cloud, plan, **more), known or Known())


def hide(value: Any) -> Any:
    """A value without what is called a token, or looks like one."""
    if isinstance(value, dict):
        return {k: "***" if k == "token" and isinstance(v, str) else hide(v) for k, v in value.items()}
    if isinstance(value, list):
        return [hide(each) for each in value]
    return value.replace("hush", "***") if isinstance(value, str) else value
