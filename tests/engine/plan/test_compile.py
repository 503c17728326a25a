"""The naive plan, and what the passes leave of it."""

from __future__ import annotations

from engine.model.need import FacetNeed, MetricNeed
from engine.plan.compile import compile, filter_needs, judges_sets
from engine.plan.passes import PASSES

from .plans import SHIPPED, checked, plan, policies

METRICS = {"type": "metrics", "name": "CPUUtilization", "value": 5}
REDUCE = {"type": "reduce", "sort-by": "LaunchTime", "limit": 1}


def test_the_naive_plan_lists_for_each_policy_and_asks_for_everyone() -> None:
    """Facets first: a metric's dimensions may stand in one."""
    found = plan(
        {"resource": "ec2", "filters": ["termination-protected", METRICS]}, {"resource": "ec2"}, optimise=False
    )
    assert [len(scan.tracks) for scan in found.scans] == [1, 1]
    first, second = found.scans[0].tracks[0].stages
    assert (first.needs, first.everyone, second.everyone) == ((FacetNeed("termination-protection"),), True, True)
    assert isinstance(second.needs[0], MetricNeed)
    assert found.scans[1].tracks[0].stages == ()
    assert found.passes == ()


def test_needs_are_those_of_every_filter_in_every_block() -> None:
    """Once."""
    (policy,) = policies({"resource": "ec2", "filters": [{"or": [{"not": ["termination-protected"]}, METRICS]},
                                                         {"DisableApiTermination": True}]})  # fmt: skip
    needs = filter_needs(policy)
    assert {type(n) for n in needs} == {FacetNeed, MetricNeed}
    assert len(needs) == 2


def test_sets_are_seen_wherever_they_stand() -> None:
    """The track then judges the whole."""
    for filters in ([REDUCE], [{"or": [{"not": [REDUCE]}]}]):
        (policy,) = policies({"resource": "ec2", "filters": filters})
        assert judges_sets(policy)
        assert compile([policy]).scans[0].tracks[0].whole
    assert not judges_sets(policies({"resource": "ec2", "filters": [METRICS]})[0])


def test_passes_keep_every_policy_and_every_need() -> None:
    """Of all shipped policies together."""
    every = [checked(policy) for policy in SHIPPED]
    naive, optimised = compile(every, optimise=False), compile(every)
    assert sorted(p.name for p in optimised.policies) == sorted(p.name for p in naive.policies)
    assert optimised.passes == tuple(p.__name__ for p in PASSES)
    assert len(optimised.scans) < len(naive.scans)
    for scan in optimised.scans:
        for track in scan.tracks:
            assert {n for stage in track.stages for n in stage.needs} == filter_needs(track.policy)
