"""Filter words that look at parts of a resource, or at what else AWS tells of it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.api import match
from engine.model.json import Json
from engine.plugin.paths import bound, getter
from providers.aws.records import Records
from tests.providers.aws.services.test_filters import kept


def things(attribute: str, **values: Json) -> dict[str, dict[str, Any]]:
    """Resources that differ in one attribute alone."""
    return {name: {attribute: value} for name, value in values.items()}


S3 = "com.amazonaws.us-east-1.s3"


@pytest.mark.parametrize(
    ("resource", "options", "found", "expected"),
    [
        ("vpc", {"type": "vpc-endpoint", "key": "ServiceName", "value": S3},
         things("VpcEndpoints", a=[{"ServiceName": "x"}, {"ServiceName": S3}], b=[{"ServiceName": "x"}], c=[]), "a"),
        ("route-table", {"type": "route", "key": "GatewayId", "op": "regex", "value": "igw-"},
         things("Routes", a=[{"GatewayId": "local"}, {"GatewayId": "igw-1"}], b=[{"GatewayId": "local"}], c=[]), "a"),
        ("prefix-list", {"type": "entry", "key": "Cidr", "value": "10.0.0.0/8"},
         things("c7n:prefix-entries", a=[{"Cidr": "10.0.0.0/8"}], b=[{"Cidr": "10.0.0.0/9"}], c=[]), "a"),
        ("directory", {"type": "is-log-forwarding"},
         things("c7n:LogSubscriptions", a=[{"LogGroupName": "/ds"}], b=[]), "a"),
    ],
)  # fmt: skip
def test_parts(resource: str, options: dict[str, Json], found: dict[str, dict[str, Any]], expected: str) -> None:
    word = str(options["type"])
    assert kept(resource, {key: value for key, value in options.items() if key != "type"}, found, word) == expected


def test_stale() -> None:
    told = [{"GroupId": "g1", "StaleIpPermissions": []}]
    groups: dict[str, dict[str, Any]] = {
        "a": {"GroupId": "g1", "StaleSecurityGroups": told},
        "b": {"GroupId": "g2", "StaleSecurityGroups": told},
        "c": {"GroupId": "g3", "StaleSecurityGroups": None},
    }
    assert kept("security-group", {}, groups, "stale") == "a"


@pytest.mark.parametrize(
    ("interface", "kind"),
    [
        ({"Attachment": {"InstanceId": "i-1"}, "Description": "ELB net/x"}, "ec2"),
        ({"Attachment": {"InstanceOwnerId": "amazon-elb"}, "Description": "ELB net/x"}, "elb-net"),
        ({"Description": "ELB shop"}, "elb"),
        ({"Description": "Interface for NAT Gateway nat-1"}, "nat"),
        ({"Description": "RDSNetworkInterface"}, "rds"),
        ({"Description": "mine"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_used_by(interface: dict[str, Json], kind: str) -> None:
    where = str(Records().type("elastic-ip").filters["used-by"].with_["where"])
    for asked in ("ec2", "elb-net", "elb", "nat", "rds", "unknown"):
        assert getter(bound(where, {"resource-type": asked}))(interface) is (asked == kind)


TRAILS: list[dict[str, Json]] = [
    {"name": "a", "TrailARN": "arn:aws:cloudtrail:us-east-1:123456789012:trail/a", "HomeRegion": "us-east-1",
     "IsMultiRegionTrail": True, "IsOrganizationTrail": True},
    {"name": "b", "TrailARN": "arn:aws:cloudtrail:us-east-1:123456789012:trail/b", "HomeRegion": "us-east-1"},
    {"name": "c", "TrailARN": "arn:aws:cloudtrail:us-east-1:210987654321:trail/c", "HomeRegion": "us-east-1",
     "IsOrganizationTrail": True},
]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "region", "expected"),
    [({}, "us-east-1", "c"), ({}, "eu-west-1", "ac"), ({"state": False}, "us-east-1", "ab")],
)
def test_is_shadow(options: dict[str, Json], region: str, expected: str) -> None:
    policy: dict[str, Json] = {"name": "p", "resource": "cloudtrail", "filters": [{"type": "is-shadow", **options}]}
    assert "".join(str(each["name"]) for each in match(policy, TRAILS, region=region)) == expected


def statement(effect: str, secure: Json) -> dict[str, Json]:
    return {"Effect": effect, "Principal": "*", "Action": "*", "Condition": {"Bool": {"aws:SecureTransport": secure}}}


def test_check_secure_transport() -> None:
    found = {
        "a": {"Policy": {"Statement": [{"Effect": "Allow", "Principal": "*"}, statement("Deny", "false")]}},
        "b": {"Policy": {"Statement": statement("Deny", False)}},
        "c": {"Policy": {"Statement": [statement("Allow", ["true"])]}},
        "d": {"Policy": {"Statement": [statement("Allow", "false"), {"Effect": "Deny"}]}},
        "e": {"Policy": None},
    }
    assert kept("efs", {}, found, "check-secure-transport") == "de"


def trail(classic: list[str], *advanced: dict[str, Json], type: str = "AWS::S3::Object") -> dict[str, Json]:
    """A trail whose selectors name these objects."""
    selectors = [{"DataResources": [{"Type": type, "Values": classic}]}, {"IncludeManagementEvents": True}]
    fields = {"Field": "resources.type", "Equals": [type]}
    more = [{"FieldSelectors": [fields, each] if each else [fields]} for each in advanced]
    return {"c7n:TrailEventSelectors": {"EventSelectors": selectors, "AdvancedEventSelectors": more}}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (trail(["arn:aws:s3:::shop/", "arn:aws:s3:::logs/web", "arn:aws:s3:::old"]), ["old", "shop"]),
        (trail(["arn:aws:s3:::"]), ["*"]),
        (trail(["arn:aws:s3"]), ["*"]),
        (trail(["arn:aws:lambda"], type="AWS::Lambda::Function"), []),
        (trail([], {}), ["*"]),
        (trail([], {"Field": "readOnly", "Equals": ["false"]}), ["*"]),
        (trail([], {"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::logs/"]}), ["*"]),
        (trail([], {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::a/", "arn:aws:s3:::b/x"]}), ["a"]),
        (trail([], {"Field": "resources.ARN", "Equals": ["arn:aws:s3:::a/x"]}), []),
        ({"c7n:TrailEventSelectors": {"AdvancedEventSelectors": [{"FieldSelectors": []}]}}, []),
        ({"c7n:TrailEventSelectors": {}}, []),
    ],
)
def test_data_events(told: dict[str, Json], expected: list[str]) -> None:
    [user] = Records().type("s3").filters["data-events"].with_["by"]
    assert sorted(getter(user["path"])(told)) == expected


NOTIFIED = {
    "a": {"Notification": {"LambdaFunctionConfigurations": [{"Id": "x"}], "TopicConfigurations": [{"Id": "y"}]}},
    "b": {"Notification": {"QueueConfigurations": [{"Id": "x"}]}},
    "c": {"Notification": {}},
}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"kind": "lambda", "key": "Id", "value": "x"}, "a"),
        ({"kind": "sns", "key": "Id", "value": "x"}, ""),
        ({"kind": "sqs", "key": "Id", "value": "x"}, "b"),
        ({"kind": "sqs", "key": "Id", "op": "ne", "value": "y"}, "b"),
    ],
)
def test_bucket_notification(options: dict[str, Json], expected: str) -> None:
    assert kept("s3", options, NOTIFIED, "bucket-notification") == expected


def replicated(*accounts: str) -> dict[str, Any]:
    rules = [
        {"destinations": [{"destinationTableBucketARN": f"arn:aws:s3tables:us-east-1:{each}:bucket/b"}]}
        for each in accounts
    ]
    return {"Replication": {"configuration": {"rules": rules}}}


def test_replication_of_table_buckets() -> None:
    buckets = {"a": replicated("1"), "b": replicated("1", "2"), "c": {"Replication": None}}
    strange: Json = [{"type": "value", "key": "destinations[].destinationAccount", "op": "difference", "value": ["1"]}]
    assert kept("s3-table-bucket", {"attrs": strange}, buckets, "replication") == "b"
    assert kept("s3-table-bucket", {"count": 0}, buckets, "replication") == "c"


def test_settings() -> None:
    """Of load balancers, distributions and firewalls."""
    balancers = things("Attributes", a={"ConnectionDraining": {"Enabled": True}}, b={})
    drained: dict[str, Json] = {"key": "ConnectionDraining.Enabled", "value": True}
    assert kept("elb", drained, balancers, "attributes") == "a"
    fronts = things("Config", a={"DistributionConfig": {"Logging": {"Enabled": False}}}, b={"DistributionConfig": {}})
    assert kept("distribution", {"key": "Logging.Enabled", "value": False}, fronts, "distribution-config") == "a"
    walls = things("c7n:LogDestinationConfigs", a=[{"LogType": "FLOW"}], b=[{"LogType": "ALERT"}], c=None)
    assert kept("firewall", {"attrs": [{"LogType": "FLOW"}]}, walls, "logging-config") == "a"


def test_access_logs() -> None:
    """The filter's key is the resource's, as in c7n."""
    found = things("AccessLogSubscriptions", a=[{"destinationArn": "arn:aws:s3:::logs"}], b=[])
    for word in ("vpc-lattice-service", "vpc-lattice-service-network"):
        assert kept(word, {"key": "AccessLogSubscriptions", "value": "empty"}, found, "access-logs") == "b"
        first: dict[str, Json] = {"key": "AccessLogSubscriptions[0].destinationArn", "op": "glob", "value": "*:s3:*"}
        assert kept(word, first, found, "access-logs") == "a"


SERVICES: Json = [{"virtualServiceName": "a.local", "meshOwner": "1", "resourceOwner": "2"}]
RULES: Json = [{"ASSERTION": {"Status": "DEPLOYED", "WaitPeriodMs": 40}}, {"GATING": {"Status": "DEPLOYED"}}]


@pytest.mark.parametrize(
    ("resource", "options", "found", "expected"),
    [
        ("appmesh-mesh",
         {"type": "service", "attrs": [{"type": "value", "key": "meshOwner", "op": "ne", "value": "resourceOwner",
                                        "value_type": "expr"}]},
         things("virtualServices", a=SERVICES, b=[]), "a"),
        ("recovery-control-panel",
         {"type": "safety-rule", "count": 1, "count_op": "gte",
          "attrs": [{"Type": "ASSERTION"}, {"type": "value", "key": "WaitPeriodMs", "op": "gte", "value": 30}]},
         things("SafetyRule", a=RULES, b=[{"GATING": {"WaitPeriodMs": 40}}], c=[]), "a"),
        ("workspaces-web", {"type": "user-access-logging", "key": "kinesisStreamArn", "value": "present"},
         things("c7n:UserAccessLogging", a={"kinesisStreamArn": "k"}, b=None), "a"),
    ],
)  # fmt: skip
def test_parts_of_other_services(
    resource: str, options: dict[str, Json], found: dict[str, dict[str, Any]], expected: str
) -> None:
    word = str(options["type"])
    assert kept(resource, {key: value for key, value in options.items() if key != "type"}, found, word) == expected


def cluster(version: str | None, *targets: str) -> dict[str, Any]:
    """One that runs a version, and what it can be brought to; serverless ones tell none."""
    versions = [{"SourceVersion": version, "TargetVersions": list(targets)}] if version else None
    running = {"CurrentBrokerSoftwareInfo": {"KafkaVersion": version}} if version else None
    return {"Provisioned": running, "c7n:CompatibleVersions": versions}


@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, "a"), ({"major": True}, "ab"), ({"value": False}, "bcde"), ({"value": False, "major": True}, "cde")],
)
def test_upgrade_available(options: dict[str, Json], expected: str) -> None:
    clusters = {
        "a": cluster("2.8.1", "2.8.2.tiered", "3.3.1"),
        "b": cluster("2.8.1", "3.5.1", "2.8.0"),
        "c": cluster("3.9.x", "3.8.x"),
        "d": cluster("3.5.1"),
        "e": cluster(None),
    }
    assert kept("kafka", options, clusters, "upgrade-available") == expected
