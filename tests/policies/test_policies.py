"""Every shipped policy is right, explains itself, and in the default world matches something and leaves something."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.lang.check import Environment
from engine.lang.load import load_all
from engine.lang.syntax import Policy
from engine.plan.compile import compile
from engine.plan.explain import explain
from engine.plugin.discover import catalog
from engine.plugin.protocols import Connection, Credentials
from engine.runner import Settings, bind, run_policies
from engine.sandbox.inprocess import sandbox

ROOT = Path(__file__).parents[2]
LOADED = load_all([str(ROOT / "policies")])
POLICIES = {policy.name: policy for policy in LOADED.policies}

FRIDAY_EVENING = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)

# Name → (some that it must match, some that it must leave), by name or id.
EXPECTED: dict[str, tuple[set[str], set[str]]] = {
    "idle-ec2": ({"dev-1", "dev-2", "batch-1"}, {"web-1", "dev-busy", "stopped-long-ago"}),
    "idle-s3": ({"shop-empty", "shop-archive", "shop-reports-eu"}, {"shop-orders", "shop-empty-new", "shop-logs"}),
    "unattached-ebs": ({"orphan-gp2", "orphan-io1"}, {"fresh-unattached", "web-data"}),
    "gp2-volumes": ({"orphan-gp2", "batch-data"}, {"web-data", "orphan-io1"}),
    "old-snapshots-mark": ({"batch-before-upgrade", "shared-with-the-world"}, {"web-last-week", "marked-and-due"}),
    "old-snapshots-delete": ({"marked-and-due"}, {"batch-before-upgrade"}),
    "idle-rds": ({"trial"}, {"orders", "newborn", "resting"}),
    "idle-load-balancer": ({"shop-old", "shop-quiet"}, {"shop-web"}),
    "off-hours-stop": ({"office-1"}, {"office-2", "web-1"}),
    "off-hours-start": ({"office-3"}, {"office-1", "stopped-yesterday"}),
    "expiring-marks-stop": ({"marked-due"}, {"marked-later"}),
    "expiring-marks-terminate": ({"marked-terminate"}, {"marked-due"}),
    "stopped-ec2": ({"stopped-long-ago"}, {"stopped-yesterday", "marked-terminate"}),
    "unused-amis": ({"web-2023"}, {"web-golden", "trial"}),
    "idle-sagemaker-endpoints": ({"churn-pilot"}, {"recommender"}),
    "old-access-keys": ({"ci-old", "intern-2025"}, {"ana", "rotated"}),
    "idle-lambda": ({"spring-campaign", "never-called"}, {"checkout"}),
    "deprecated-lambda-runtimes": ({"thumbnails-old"}, {"checkout"}),
    "overprovisioned-dynamodb": ({"carts"}, {"orders", "sessions"}),
    "overprovisioned-kinesis": ({"audit"}, {"clicks"}),
    "log-groups-without-retention": ({"/shop/web"}, {"/aws/lambda/checkout"}),
    "dead-log-groups": ({"/shop/old-importer"}, {"/shop/web"}),
    "old-rds-snapshots": ({"orders-before-v2", "trial-final"}, {"orders-this-week"}),
    "ssh-open-to-the-world": ({"ssh-anywhere"}, {"ssh-office", "web"}),
    "unencrypted-buckets": ({"shop-empty"}, {"shop-orders"}),
    "buckets-without-public-block": ({"shop-website"}, {"shop-orders"}),
    "unused-security-groups": ({"leftover"}, {"web"}),
    "idle-elasticache": ({"forgotten"}, {"sessions"}),
    "idle-redshift": ({"pilot"}, {"sales"}),
    "unattached-network-interfaces": ({"spare"}, {"web-second"}),
    "empty-auto-scaling-groups": ({"workers-old"}, {"workers"}),
    "alarms-that-tell-nobody": ({"orphaned", "quiet"}, {"web-cpu"}),
    "empty-ecs-clusters": ({"empty"}, {"shop"}),
}
COUNTS = {  # (matched, population) where names say little
    "unused-eip": (1, 4),
    "untagged-ec2": (2, None),
    "untagged-ebs": (2, None),
    "untagged-lambda": (1, 5),
    "kms-keys-never-rotated": (2, None),
}
HOURS = {"off-hours-stop": FRIDAY_EVENING, "off-hours-start": MONDAY_MORNING}


@pytest.fixture(scope="module")
def account() -> Iterator[Connection]:
    with sandbox() as running:
        yield catalog().provider.connect(
            Credentials(
                endpoint=running.endpoint,
                environment=tuple(running.environment.items()),
                account=running.account_id,
            )
        )


def found(policy: Policy, account: Connection, now: datetime | None = None) -> tuple[set[str], int]:
    """(names and ids of what a policy matches, how many were listed)."""
    settings = Settings(regions=("us-east-1",), now=now or datetime.now(UTC))
    ((_, result),) = run_policies([policy], catalog(), [account], settings).results
    assert result.error == ""
    assert result.unknown == []
    matched = {item.resource.ref.id for item in result.matched}
    for item in result.matched:
        matched.add(item.resource.ref.id.rsplit("/", 1)[-1])
        matched |= {t["Value"] for t in item.attributes.get("Tags") or () if t["Key"] == "Name"}
        matched |= {str(item.attributes[k]) for k in ("GroupName", "LoadBalancerName", "Name") if k in item.attributes}
    return matched, result.population


def test_every_policy_file_is_clean() -> None:
    assert [str(d) for d in LOADED.diagnostics] == []
    assert len({p.span.file for p in LOADED.policies}) >= 20


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_is_expected_to_find_something(name: str) -> None:
    assert name in EXPECTED or name in COUNTS


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_explains_itself(name: str) -> None:
    plan = compile([bind(POLICIES[name], catalog(), Environment())])
    told = explain(plan, 1000, catalog().provider.type)
    assert f"policy {name}" in told
    assert "calls at most" in told


@pytest.mark.parametrize("name", EXPECTED)
def test_a_policy_matches_some_and_leaves_some(name: str, account: Connection) -> None:
    matched, population = found(POLICIES[name], account, HOURS.get(name))
    wanted, left = EXPECTED[name]
    assert wanted <= matched
    assert not left & matched
    assert population > 0


@pytest.mark.parametrize("name", COUNTS)
def test_a_policy_matches_so_many(name: str, account: Connection) -> None:
    settings = Settings(regions=("us-east-1",))
    ((_, result),) = run_policies([POLICIES[name]], catalog(), [account], settings).results
    wanted, population = COUNTS[name]
    assert len(result.matched) == wanted
    assert population is None or result.population == population
    assert len(result.matched) < result.population
