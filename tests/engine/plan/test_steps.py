"""A plan's policies, over all its scans."""

from __future__ import annotations

from engine.plan.steps import Plan

from .plans import plan


def test_policies_in_the_order_of_their_tracks() -> None:
    made = plan({"resource": "ec2"}, {"resource": "s3"}, {"resource": "ec2", "filters": [{"State.Name": "running"}]})
    assert sorted(p.name for p in made.policies) == ["p0", "p1", "p2"]
    assert [p.name for scan in made.scans for p in (t.policy for t in scan.tracks)] == [p.name for p in made.policies]
    assert Plan(()).policies == ()
