"""The lint as a whole: what is looked at, what is kept, and that shipped policies are clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.lang.check import Environment, check
from engine.lang.lint import comparisons, lint
from engine.lang.load import load_all, policy_from
from engine.lang.syntax import CheckedPolicy
from engine.model.diagnostic import Severity
from engine.plugin.discover import catalog

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "policies").rglob("*.yml"))


def checked(*filters: object, **more: object) -> CheckedPolicy:
    policy, _ = policy_from({"name": "p", "resource": "ec2", "filters": list(filters), **more})
    assert policy is not None
    found, problems = check(policy, catalog(), Environment())
    assert found is not None, problems
    return found


@pytest.mark.parametrize("path", SHIPPED, ids=[str(p.relative_to(ROOT)) for p in SHIPPED])
def test_shipped_policies_are_clean(path: Path) -> None:
    loaded = load_all([str(path)])
    assert not loaded.diagnostics
    for policy in loaded.policies:
        found, problems = check(policy, catalog(), Environment())
        assert not problems
        assert found is not None
        assert lint(found) == []


def test_comparisons() -> None:
    inner = {"type": "list-item", "key": "L", "attrs": [{"a": 1}, {"not": [{"type": "value", "key": "b", "value": 2}]}]}
    policy = checked(
        {"x": 1}, {"or": [{"not": [{"type": "value", "key": "y", "op": "gte", "value": 1}]}, "ephemeral"]}, inner
    )
    found = [c for tree in policy.filters for c in comparisons(tree, policy.type)]
    assert [(c.key, c.op, c.negated, bool(c.within)) for c in found] == [
        ("x", "", False, False),
        ("y", "ge", True, False),
        ("L", "", False, False),
        ("a", "", False, True),
        ("b", "", True, True),
    ]  # fmt: skip


def test_warnings_name_the_policy_once_each() -> None:
    found = lint(checked({"tag:Keep": True}, {"tag:Keep": True}))
    assert {(d.policy, d.severity) for d in found} == {("p", Severity.WARNING)}


def test_members_of_a_list_speak_for_themselves() -> None:
    negative = {"type": "value", "key": "tag:A", "op": "ne", "value": "x"}
    policy = checked({"tag:A": "present"}, {"type": "list-item", "key": "L", "attrs": [negative]})
    assert [d.code for d in lint(policy)] == ["W306"]


def test_costly_filters_may_stand_first() -> None:
    assert lint(checked({"type": "metrics", "name": "CPUUtilization", "value": 5}, {"State.Name": "running"})) == []
