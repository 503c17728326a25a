"""Plans of policies given as mappings, and of those that are shipped."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from engine.lang.check import Environment
from engine.lang.load import load_all, policy_from
from engine.lang.syntax import CheckedPolicy, Policy
from engine.model.json import Json
from engine.plan.compile import compile
from engine.plan.steps import Plan
from engine.plugin.discover import catalog
from engine.runner import bind

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ENVIRONMENT = Environment(now=NOW)
SHIPPED = load_all([str(Path(__file__).parents[3] / "policies")]).policies
TYPES = catalog().provider.type


def checked(policy: Policy) -> CheckedPolicy:
    """A policy ready to be compiled."""
    return bind(policy, catalog(), ENVIRONMENT)


def policies(*written: dict[str, Json]) -> list[CheckedPolicy]:
    """Policies from mappings."""
    found = []
    for number, each in enumerate(written):
        policy, problems = policy_from({"name": f"p{number}", **each})
        assert policy is not None, problems
        found.append(checked(policy))
    return found


def plan(*written: dict[str, Json], optimise: bool = True) -> Plan:
    """Their plan."""
    return compile(policies(*written), optimise=optimise)
