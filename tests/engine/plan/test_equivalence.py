"""The optimised plan says of every resource what the naive plan says: on random worlds, with random denied calls."""

from __future__ import annotations

import os
from collections.abc import Sequence
from unittest import mock

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from engine.executor import execute as executor
from engine.executor.execute import Circumstances, PolicyResult, Target, execute
from engine.lang.check import Environment, check
from engine.lang.parse import policy_of
from engine.lang.syntax import CheckedPolicy
from engine.model.json import Json
from engine.model.node import node_of
from engine.model.scope import Scope
from engine.plan.compile import compile, filter_needs
from engine.plugin.discover import catalog
from providers.aws import PROVIDER

from .estate import Estate
from .worlds import NOW, cases

EXAMPLES = int(os.environ.get("ENGINE_EQUIVALENCE", "200"))
SCOPE = Scope("123456789012", "us-east-1")


def checked(policy: dict[str, Json]) -> CheckedPolicy | None:
    """The policy ready to be compiled, or None where the generator wrote something that the language refuses."""
    parsed, problems = policy_of(node_of(policy), {})
    assert parsed is not None, problems
    found, _ = check(parsed, catalog(), Environment(now=NOW))
    return found


def ran(policies: Sequence[CheckedPolicy], estate: Estate, *, optimise: bool) -> dict[str, PolicyResult]:
    """Policy → its result."""
    plan = compile(policies, optimise=optimise)
    found = execute([Target(estate, SCOPE, plan)], Circumstances(now=NOW, types=PROVIDER.type))
    return {result.policy.name: result for result in found}


def told(result: PolicyResult) -> dict[str, Json]:
    """What a result says, apart from the order and the causes."""
    return {
        "match": sorted(item.resource.ref.id for item in result.matched),
        "unknown": sorted(item.resource.ref.id for item, _ in result.unknown),
        "error": bool(result.error),
        "limited": bool(result.limited),
    }


@pytest.mark.parametrize("focus", ["", "sets", "pushed"])
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), waiting=st.sampled_from([2, 5_000]))
def test_same_verdicts(focus: str, data: st.DataObject, waiting: int) -> None:
    """All policies at once through the passes, against each alone without them; also when facts are asked early."""
    estate, written = data.draw(cases(focus))
    policies = [found for each in written if (found := checked(each)) is not None]
    assume(policies)
    with mock.patch.object(executor, "WAITING_MOST", waiting):
        optimised = ran(policies, estate, optimise=True)
        naive = {}
        for policy in policies:
            naive |= ran([policy], estate, optimise=False)
    assert list(optimised) == [p.name for p in policies]
    for name, result in optimised.items():
        assert told(result) == told(naive[name]), name
    for kind in ("match", "unknown", "error", "limited"):
        event(f"{kind}: {any(told(result)[kind] for result in optimised.values())}")
    event(f"pushed: {any(scan.conditions for scan in compile(policies).scans)}")


@settings(max_examples=EXAMPLES // 5, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_asks_nothing_twice_and_nothing_unread(case: tuple[Estate, list[dict[str, Json]]]) -> None:
    """A fact of a resource is asked for once, however many policies read it; and only if one of them does."""
    estate, written = case
    policies = [found for each in written if (found := checked(each)) is not None]
    assume(policies)
    ran(policies, estate, optimise=True)
    assert len(estate.asked) == len(set(estate.asked))
    assert {need for _, need in estate.asked} <= {repr(need) for policy in policies for need in filter_needs(policy)}


def test_the_generator_reaches_every_corner() -> None:
    """The property would be empty if the generator's policies were refused, or if nothing were ever pushed."""
    kept = refused = pushed = shared = 0

    @settings(max_examples=150, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(cases())
    def count(case: tuple[Estate, list[dict[str, Json]]]) -> None:
        nonlocal kept, refused, pushed, shared
        found = [checked(each) for each in case[1]]
        policies = [each for each in found if each is not None]
        kept += len(policies)
        refused += len(found) - len(policies)
        scans = compile(policies).scans
        pushed += sum(bool(scan.conditions) for scan in scans)
        shared += sum(len(scan.tracks) > 1 for scan in scans)

    count()
    assert kept > 4 * refused
    assert pushed > 10
    assert shared > 30


@pytest.mark.parametrize("optimise", [True, False])
def test_a_denied_listing_is_an_error(optimise: bool) -> None:
    """A scope that cannot be listed says so, and matches nothing."""
    policy = checked({"name": "p", "resource": "ec2"})
    assert policy is not None
    result = ran([policy], Estate({"ec2": []}, denied=frozenset({"ec2"})), optimise=optimise)["p"]
    assert "AccessDenied" in result.error
    assert not result.matched
