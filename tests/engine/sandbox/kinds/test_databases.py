"""Databases of every sort with every option."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import See

DB = "DBInstances[?DBInstanceIdentifier=='main-db'] | [0]"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{DB}.[Engine, DBInstanceClass, AllocatedStorage, StorageType]", ["mysql", "db.m5.large", 50, "gp3"]),
        (f"{DB}.[MultiAZ, StorageEncrypted, PubliclyAccessible, DeletionProtection]", [True] * 4),
        (f"{DB}.[BackupRetentionPeriod, DBInstanceStatus, TagList[0].Value]", [7, "available", "x"]),
        (
            "DBInstances[?DBInstanceIdentifier=='asleep'] | [0].[DBInstanceStatus, MultiAZ, DeletionProtection]",
            ["stopped", False, False],
        ),
        ("length(DBInstances[].DbiResourceId)", 2),
    ],
)
def test_instances(path: str, expected: Any, see: See) -> None:
    assert see("rds", "describe_db_instances", path) == expected


def test_each_instance_has_a_resource_id_of_its_own(see: See) -> None:
    assert len(set(see("rds", "describe_db_instances", "DBInstances[].DbiResourceId"))) == 2


def test_a_snapshot_taken_by_hand(see: See) -> None:
    path = "DBSnapshots[?SnapshotType=='manual'].[DBSnapshotIdentifier, DBInstanceIdentifier, TagList[0].Value]"
    assert see("rds", "describe_db_snapshots", path) == [["kept", "main-db", "x"]]


@pytest.mark.parametrize(
    ("table", "expected"),
    [("fixed", [None, 5, 2, 3, True]), ("on-demand", ["PAY_PER_REQUEST", 0, 0, 0, False])],
)
def test_tables(table: str, expected: list[Any], see: See) -> None:
    path = "Table.[BillingModeSummary.BillingMode, ProvisionedThroughput.ReadCapacityUnits, ProvisionedThroughput.WriteCapacityUnits, ItemCount, DeletionProtectionEnabled]"
    found = see("dynamodb", "describe_table", path, TableName=table)
    assert [None if found[0] == "PROVISIONED" else found[0], *found[1:]] == expected


def test_backups_of_tables(see: See) -> None:
    path = "ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus"
    states = [see("dynamodb", "describe_continuous_backups", path, TableName=name) for name in ("fixed", "on-demand")]
    assert states == ["ENABLED", "DISABLED"]


def test_a_cache(see: See) -> None:
    path = "CacheClusters[].[CacheClusterId, Engine, CacheNodeType, NumCacheNodes]"
    assert see("elasticache", "describe_cache_clusters", path) == [["memo", "memcached", "cache.m5.large", 2]]


def test_warehouses(see: See) -> None:
    path = "Clusters[].[ClusterIdentifier, NumberOfNodes, Encrypted, PubliclyAccessible, length(Tags)]"
    assert see("redshift", "describe_clusters", path) == [["lake", 1, True, True, 1], ["sea", 2, False, False, 0]]


@pytest.mark.parametrize(
    ("namespace", "name", "expected"),
    [
        ("AWS/RDS", "main-db", {"CPUUtilization", "FreeStorageSpace"}),
        ("AWS/DynamoDB", "fixed", {"ConsumedWriteCapacityUnits"}),
        ("AWS/ElastiCache", "memo", {"CPUUtilization"}),
        ("AWS/Redshift", "lake", {"CPUUtilization"}),
        ("AWS/Redshift", "sea", set()),
    ],
)
def test_histories(namespace: str, name: str, expected: set[str], measured: Callable[[str, str], set[str]]) -> None:
    assert measured(namespace, name) == expected
