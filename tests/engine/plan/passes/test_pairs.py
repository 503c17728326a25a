"""Each pass, before and after, in explain's own words. A new case needs no code: add it to the pass's YAML file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from engine.lang.check import Environment
from engine.lang.load import policy_from
from engine.plan.compile import compile
from engine.plan.explain import explain
from engine.plan.passes import PASSES
from engine.plan.steps import Plan
from engine.plugin.discover import catalog
from engine.runner import bind

HERE = Path(__file__).parent


def cases() -> Iterator[Any]:
    """(pass, case) of every file."""
    for each in PASSES:
        for case in yaml.safe_load((HERE / f"{each.__name__}.yaml").read_text(encoding="utf-8")):
            yield pytest.param(each, case, id=f"{each.__name__}: {case['it']}")


def naive(case: dict[str, Any]) -> Plan:
    """The plan before any pass."""
    policies = []
    for written in case["policies"]:
        policy, problems = policy_from(written)
        assert policy is not None, problems
        policies.append(bind(policy, catalog(), Environment()))
    return compile(policies, optimise=False)


def text(plan: Plan) -> str:
    """The steps, without the calls and without the places in files that Python has not got."""
    told = explain(plan, 1, catalog().provider.type).split("\n\ncalls at most")[0]
    return "\n".join(line.split("  (<")[0].rstrip() for line in told.splitlines())


@pytest.mark.parametrize(("one", "case"), list(cases()))
def test_pair(one: Any, case: dict[str, Any]) -> None:
    """The pass alone; push and share, which build on each other, with those before them."""
    plan = naive(case)
    if "before" in case:
        assert text(plan) == dedent(case["before"]).rstrip()
        assert text(one(plan)) == dedent(case["after"]).rstrip()
        return
    for each in PASSES[: PASSES.index(one) + 1]:
        plan = each(plan)
    scans = [line for line in text(plan).splitlines() if line.startswith("scan ")]
    assert scans == case["scans"].rstrip().splitlines()


def test_every_pass_has_its_pairs() -> None:
    """And every file of pairs its pass."""
    assert {p.stem for p in HERE.glob("*.yaml")} == {each.__name__ for each in PASSES}


def test_at_most_two_hundred_values_go_to_one_request() -> None:
    """Alone and together. Source: EC2 API, Filter."""
    many = [f"i-{n:03}" for n in range(150)]
    others = [f"i-{n:03}" for n in range(150, 300)]

    def policy(name: str, values: list[str]) -> dict[str, Any]:
        return {"name": name, "resource": "ec2", "filters": [
            {"type": "value", "key": "InstanceId", "op": "in", "value": values}, {"State.Name": "running"}]}  # fmt: skip

    for written in ([policy("p", many)], [policy("p", many), policy("q", others)], [policy("p", many + others)]):
        plan = naive({"policies": written})
        for each in PASSES:
            plan = each(plan)
        (scan,) = plan.scans
        assert sum(len(c.values) for c in scan.conditions) <= 200
        assert "State.Name" in {c.key for c in scan.conditions}
