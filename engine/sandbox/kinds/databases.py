"""Databases of every sort: RDS instances and their snapshots, DynamoDB tables, ElastiCache and Redshift clusters."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from engine.sandbox.kinds.kind import Kind, Names
from engine.sandbox.series import Series
from engine.sandbox.site import Site, tag_list

MASTER = {"MasterUsername": "root", "MasterUserPassword": "Sandbox-only-1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Database(Kind):
    """An RDS instance.

    Units:    size in GiB; connections is the number open; cpu in percent; free in bytes; backup_days in days.
    """

    called: ClassVar[str] = "a database"

    engine: str = "postgres"
    class_: str = "db.t3.micro"
    size: int = 20
    storage: Literal["gp2", "gp3", "io1", "standard"] = "gp3"
    multi_az: bool = False
    encrypted: bool = False
    public: bool = False
    protected: bool = False
    stopped: bool = False
    backup_days: int = 1
    connections: Series | None = None
    cpu: Series | None = None
    free: Series | None = None

    def build(self, site: Site) -> None:
        rds = site.client("rds", self)
        rds.create_db_instance(
            DBInstanceIdentifier=self.name,
            Engine=self.engine,
            DBInstanceClass=self.class_,
            AllocatedStorage=self.size,
            StorageType=self.storage,
            MultiAZ=self.multi_az,
            StorageEncrypted=self.encrypted,
            PubliclyAccessible=self.public,
            DeletionProtection=self.protected,
            BackupRetentionPeriod=self.backup_days,
            Tags=tag_list(self.tags),
            **MASTER,
        )
        database = site.backend("rds", self).databases[self.name]
        site.backdate(database, self.age, "created", "instance_create_time")
        # Moto gives every instance the same resource id; real ones differ, and joins rely on it.
        digest = hashlib.sha256(self.name.encode()).hexdigest()[:26].upper()
        site.overwrite(database, "dbi_resource_id", f"db-{digest}")
        if self.stopped:
            rds.stop_db_instance(DBInstanceIdentifier=self.name)
        metrics = {
            "DatabaseConnections": self.connections,
            "CPUUtilization": self.cpu,
            "FreeStorageSpace": self.free,
        }
        site.record(self, "AWS/RDS", {"DBInstanceIdentifier": self.name}, metrics)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSnapshot(Kind):
    """A snapshot of an RDS instance that somebody took by hand."""

    called: ClassVar[str] = "a database snapshot"

    database: Annotated[str, Names("databases")]

    def build(self, site: Site) -> None:
        site.client("rds", self).create_db_snapshot(
            DBSnapshotIdentifier=self.name, DBInstanceIdentifier=self.database, Tags=tag_list(self.tags)
        )
        snapshot = site.backend("rds", self).database_snapshots[self.name]
        site.backdate(snapshot, self.age, "created", "original_snapshot_create_time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Kind):
    """A DynamoDB table: provisioned when `read` and `write` are given, else paid by request.

    Units:    read and write in capacity units; reads and writes in capacity units consumed an hour (Sum).
    """

    called: ClassVar[str] = "a table"

    read: int | None = None
    write: int | None = None
    items: int = 0
    recoverable: bool = False
    protected: bool = False
    reads: Series | None = None
    writes: Series | None = None

    def build(self, site: Site) -> None:
        dynamodb = site.client("dynamodb", self)
        if self.read is None and self.write is None:
            capacity: dict[str, object] = {"BillingMode": "PAY_PER_REQUEST"}
        else:
            units = {"ReadCapacityUnits": self.read or 1, "WriteCapacityUnits": self.write or 1}
            capacity = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": units}
        dynamodb.create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            DeletionProtectionEnabled=self.protected,
            Tags=tag_list(self.tags),
            **capacity,
        )
        for index in range(self.items):
            dynamodb.put_item(TableName=self.name, Item={"id": {"S": f"item-{index:04}"}})
        if self.recoverable:
            dynamodb.update_continuous_backups(
                TableName=self.name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
            )
        table = site.backend("dynamodb", self).tables[self.name]
        site.backdate(table, self.age, "created_at")
        metrics = {"ConsumedReadCapacityUnits": self.reads, "ConsumedWriteCapacityUnits": self.writes}
        site.record(self, "AWS/DynamoDB", {"TableName": self.name}, metrics)


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheCluster(Kind):
    """An ElastiCache cluster.

    Units:    connections is the number open; cpu in percent.
    """

    called: ClassVar[str] = "a cache cluster"

    engine: Literal["redis", "memcached"] = "redis"
    type: str = "cache.t3.micro"
    nodes: int = 1
    connections: Series | None = None
    cpu: Series | None = None

    def build(self, site: Site) -> None:
        site.client("elasticache", self).create_cache_cluster(
            CacheClusterId=self.name,
            Engine=self.engine,
            CacheNodeType=self.type,
            NumCacheNodes=self.nodes,
            Tags=tag_list(self.tags),
        )
        cluster = site.backend("elasticache", self).cache_clusters[self.name]
        site.backdate(cluster, self.age, "cache_cluster_create_time")
        metrics = {"CurrConnections": self.connections, "CPUUtilization": self.cpu}
        site.record(self, "AWS/ElastiCache", {"CacheClusterId": self.name}, metrics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse(Kind):
    """A Redshift cluster.

    Units:    connections is the number open; cpu in percent.
    """

    called: ClassVar[str] = "a warehouse"

    type: str = "ra3.large"
    nodes: int = 2
    encrypted: bool = False
    public: bool = False
    connections: Series | None = None
    cpu: Series | None = None

    def build(self, site: Site) -> None:
        site.client("redshift", self).create_cluster(
            ClusterIdentifier=self.name,
            NodeType=self.type,
            NumberOfNodes=self.nodes,
            ClusterType="multi-node" if self.nodes > 1 else "single-node",
            Encrypted=self.encrypted,
            PubliclyAccessible=self.public,
            Tags=tag_list(self.tags),
            **MASTER,
        )
        site.backdate(site.backend("redshift", self).clusters[self.name], self.age, "create_time")
        metrics = {"DatabaseConnections": self.connections, "CPUUtilization": self.cpu}
        site.record(self, "AWS/Redshift", {"ClusterIdentifier": self.name}, metrics)
