"""The rewrites of a plan, one a file, in the order they are applied. Each keeps every verdict.

1. `drop_unread`: needs that no filter reads go first, so that nothing later plans for them.
2. `order_needs`: one stage becomes several, cheap before costly.
3. `push_conditions`: each scan takes the conditions its one policy allows.
4. `share_scans`: scans of one type join; what they ask of the API becomes the union of what they asked.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.plan.passes.drop_unread import drop_unread
from engine.plan.passes.order_needs import order_needs
from engine.plan.passes.push_conditions import push_conditions
from engine.plan.passes.share_scans import share_scans
from engine.plan.steps import Plan

PASSES: tuple[Callable[[Plan], Plan], ...] = (drop_unread, order_needs, push_conditions, share_scans)
