"""Filter words that records make by an expression over several options."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.api import match
from engine.executor.item import Item
from engine.filters.config_compliance import ConfigCompliance
from engine.model.errors import PolicyRejected
from engine.model.json import Json
from engine.model.resource import Resource, ResourceRef
from engine.model.verdict import MATCH
from engine.plugin.discover import catalog
from engine.plugin.protocols import Setting
from tests.actions.table import NOW, SCOPE
from tests.facts import fact as as_fact

ALL = "http://acs.amazonaws.com/groups/global/AllUsers"


def kept(resource: str, options: dict[str, Json], things: dict[str, dict[str, Any]], word: str) -> str:
    """The names of those that the filter keeps."""
    policy = {"name": "p", "resource": resource, "filters": [{"type": word, **options}]}
    found = match(policy, [{"name": name, **attributes} for name, attributes in things.items()])
    return "".join(each["name"] for each in found)


LOGS: dict[str, dict[str, Any]] = {
    "a": {"FlowLogs": [{"FlowLogStatus": "ACTIVE", "TrafficType": "ALL", "LogDestinationType": "s3"}]},
    "b": {"FlowLogs": []},
    "c": {"FlowLogs": [{"FlowLogStatus": "ACTIVE", "TrafficType": "REJECT"}, {"TrafficType": "ALL"}]},
}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "b"),
        ({"enabled": True}, "ac"),
        ({"enabled": True, "traffic-type": "all"}, "ac"),
        ({"enabled": True, "traffic-type": "all", "set-op": "and"}, "a"),
        ({"enabled": True, "traffic-type": "all", "op": "not-equal"}, "c"),
        ({"enabled": True, "destination-type": "s3", "status": "active"}, "a"),
        ({"enabled": False, "traffic-type": "reject"}, "ab"),
        ({"attrs": [{"TrafficType": "ALL"}]}, "ac"),
        ({"attrs": [{"TrafficType": "ALL"}, {"LogDestinationType": "s3"}]}, "a"),
        ({"attrs": [{"TrafficType": "ALL"}], "count": 0}, "b"),
    ],
)
def test_flow_logs(options: dict[str, Json], expected: str) -> None:
    for resource in ("vpc", "subnet", "eni", "transit-gateway"):
        assert kept(resource, options, LOGS, "flow-logs") == expected


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"count": 1}, "needs 'attrs'"),
        ({"attrs": [{"TrafficType": "ALL"}], "traffic-type": "all"}, "say all in 'attrs'"),
        ({"key": "FlowLogs"}, "unknown option"),
    ],
)
def test_flow_logs_are_told_in_one_way(options: dict[str, Json], wrong: str) -> None:
    with pytest.raises(PolicyRejected, match=wrong):
        kept("vpc", options, {}, "flow-logs")


def acl(*permissions: str) -> dict[str, Any]:
    return {"Acl": {"Grants": [{"Grantee": {"URI": ALL}, "Permission": p} for p in permissions]}}


GRANTS = {
    "r": acl("READ"),
    "w": acl("WRITE"),
    "b": acl("READ", "WRITE"),
    "n": acl(),
    "s": {**acl("READ"), "Website": {}},
}
GRANTS["s"]["Website"] = {"IndexDocument": {"Suffix": "index.html"}}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "rwb"),
        ({"allow_website": False}, "rwbs"),
        ({"permissions": ["WRITE"]}, "wb"),
        ({"permissions": ["READ_ACP"]}, ""),
        ({"permissions": ["READ", "WRITE"], "operator": "and"}, "b"),
    ],
)
def test_global_grants(options: dict[str, Json], expected: str) -> None:
    assert kept("s3", options, GRANTS, "global-grants") == expected


LOGGING = {"a": {"Logging": {"TargetBucket": "logs", "TargetPrefix": "x/"}}, "b": {"Logging": None}}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"op": "enabled"}, "a"),
        ({"op": "disabled"}, "b"),
        ({"op": "eq", "target_bucket": "logs"}, "a"),
        ({"op": "equal", "target_bucket": "logs", "target_prefix": "y/"}, ""),
        ({"op": "ne", "target_bucket": "logs"}, "b"),
        ({"op": "not-equal", "target_bucket": "other"}, "ab"),
    ],
)
def test_bucket_logging(options: dict[str, Json], expected: str) -> None:
    assert kept("s3", options, LOGGING, "bucket-logging") == expected


TEMPLATES = {"a": {"c7n:Template": "x: 1\nkey: API_KEY7"}, "b": {"c7n:Template": {"k": "api_key7"}}, "c": {}}


def test_template() -> None:
    """Anywhere in it, whatever its form; capitals count."""
    assert kept("cfn", {"pattern": "API_KEY[0-9]"}, TEMPLATES, "template") == "a"
    assert kept("cfn", {"pattern": "[Aa][Pp]I?i?_"}, TEMPLATES, "template") == "ab"


ASSOCIATIONS = {
    "a": {"c7n:Associations": [{"ResourceId": "vpc-1", "Status": "ACTIVE"}]},
    "b": {"c7n:Associations": [{"ResourceId": "vpc-1", "Status": "DELETING"}]},
    "c": {"c7n:Associations": [{"ResourceId": "vpc-2", "Status": "CREATING"}]},
    "d": {"c7n:Associations": []},
}


@pytest.mark.parametrize(("options", "expected"), [({}, "ac"), ({"vpcid": "vpc-1"}, "a"), ({"vpcid": "vpc-3"}, "")])
def test_is_associated(options: dict[str, Json], expected: str) -> None:
    assert kept("resolver-logs", options, ASSOCIATIONS, "is-associated") == expected


DUTY = {
    "a": {"c7n:DetectorId": "d", "c7n:Detector": {"Status": "ENABLED"}, "c7n:DetectorAdministrator": None},
    "b": {
        "c7n:DetectorId": "d",
        "c7n:Detector": {"Status": "DISABLED"},
        "c7n:DetectorAdministrator": {"AccountId": "1"},
    },
    "c": {"c7n:DetectorId": None},
}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"Detector.Status": "ENABLED"}, "a"),
        ({"Administrator.AccountId": "1"}, "b"),
        ({"Detector.Status": "ENABLED", "Administrator.AccountId": "1"}, ""),
        ({"Detector.Status": "ENABLED", "Administrator.AccountId": "1", "match-operator": "or"}, "ab"),
    ],
)
def test_guard_duty(options: dict[str, Json], expected: str) -> None:
    assert kept("account", options, DUTY, "guard-duty") == expected


RULE = {"TargetId": "T", "Automatic": True, "Arn": "x"}
RULES = {
    "a": {"ConfigRuleName": "custodian-r", "c7n:Remediation": RULE},
    "b": {"ConfigRuleName": "custodian-s", "c7n:Remediation": RULE},
    "c": {"ConfigRuleName": "r", "c7n:Remediation": None},
}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"rule_name": "r"}, "a"),
        ({"rule_name": "r", "remediation": {"TargetId": "T"}}, "a"),
        ({"rule_name": "r", "remediation": {"TargetId": "U"}}, ""),
        ({"rule_name": "r", "rule_prefix": ""}, ""),
    ],
)
def test_remediation(options: dict[str, Json], expected: str) -> None:
    assert kept("config-rule", options, RULES, "remediation") == expected


REGIONS = {"a": {"c7n:PaymentReplicationRegions": ["us-west-2"]}, "b": {"c7n:PaymentReplicationRegions": []}}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "a"),
        ({"state": False}, "b"),
        ({"regions": ["us-west-2"]}, "a"),
        ({"regions": ["us-west-2", "eu-west-1"]}, ""),
        ({"regions": ["us-west-2", "eu-west-1"], "match": "any"}, "a"),
    ],
)
def test_replication_regions(options: dict[str, Json], expected: str) -> None:
    assert kept("account", options, REGIONS, "payment-cryptography-replication-regions") == expected


def policy(**element: Json) -> dict[str, Any]:
    return {"Policy": json.dumps({"Statement": [element]})}


UNENCRYPTED = {"StringNotEquals": {"s3:x-amz-server-side-encryption": ["AES256", "aws:kms"]}}
ENCRYPTING = {
    "Sid": "a",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::b/*",
    "Condition": UNENCRYPTED,
}
POLICIES = {
    "e": policy(**ENCRYPTING),
    "o": {"Policy": json.dumps({"Statement": ENCRYPTING})},
    "k": policy(
        **{**ENCRYPTING, "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}, "Sid": "b"}
    ),
    "p": policy(**{**ENCRYPTING, "Principal": {"AWS": "123456789012"}}),
    "c": policy(**{**ENCRYPTING, "Condition": {**UNENCRYPTED, "Bool": {"aws:SecureTransport": "true"}}}),
    "n": {"Policy": None},
}


@pytest.mark.parametrize(
    ("word", "options", "expected"),
    [
        ("no-encryption-statement", {}, "pcn"),
        ("missing-statement", {"statement_ids": ["a"]}, "kn"),
        ("missing-policy-statement", {"statement_ids": ["a", "b"]}, "eokpcn"),
        ("missing-policy-statement", {"statement_ids": []}, "n"),
    ],
)
def test_bucket_policy_statements(word: str, options: dict[str, Json], expected: str) -> None:
    assert kept("s3", options, POLICIES, word) == expected


CACHES: dict[str, dict[str, Any]] = {
    "o": {"EngineVersion": "6.2.6", "c7n:EngineVersions": ["6.0.5", "6.2.10", "7.1"]},
    "n": {"EngineVersion": "7.1", "c7n:EngineVersions": ["6.0.5", "6.2.10", "7.1"]},
    "m": {"EngineVersion": "6.2.10", "c7n:EngineVersions": ["6.0.5", "6.2.10", "7.1"]},
}
KEYS: dict[str, dict[str, Any]] = {
    "f": {"c7n:Grants": [{}] * 5},
    "t": {"c7n:Grants": [{}] * 2},
    "n": {"c7n:Grants": None},
}
DISKS: dict[str, dict[str, Any]] = {"s": {"c7n:Unsaved": None}, "u": {"c7n:Unsaved": "warning"}}


def sender(**policies: str) -> dict[str, Any]:
    said = {"Effect": "Allow", "Action": "ses:SendEmail"}
    texts = {n: json.dumps({"Statement": [{**said, "Principal": {"AWS": who}}]}) for n, who in policies.items()}
    return {"Policies": texts}


BALANCERS = {
    "o": {"TargetGroups": [{"Protocol": "HTTP", "HealthCheckProtocol": "HTTP"}]},
    "m": {"TargetGroups": [{"Protocol": "HTTP", "HealthCheckProtocol": "HTTPS"}]},
    "l": {"TargetGroups": [{"TargetType": "lambda", "HealthCheckProtocol": "HTTPS"}]},
    "n": {"TargetGroups": []},
}
SNAPSHOTS = {
    "a": {"DBInstanceIdentifier": "x", "SnapshotType": "manual", "SnapshotCreateTime": "2026-11-01T00:00:00Z"},
    "b": {"DBInstanceIdentifier": "y", "SnapshotType": "manual", "SnapshotCreateTime": "2026-11-01T00:00:00Z"},
    "c": {"DBInstanceIdentifier": "x", "SnapshotType": "automated", "SnapshotCreateTime": "2026-11-03T00:00:00Z"},
    "d": {"DBInstanceIdentifier": "x", "SnapshotType": "manual", "SnapshotCreateTime": "2026-11-02T00:00:00Z"},
}
IMAGES: dict[str, dict[str, Any]] = {
    "a": {"c7n:image-metadata": {"State": "deregistered"}},
    "b": {"c7n:image-metadata": {"State": "available"}},
}
ADVICE: dict[str, dict[str, Any]] = {
    "a": {"c7n:db-recommendations": [{"Status": "dismissed"}, {"Status": "active"}]},
    "b": {"c7n:db-recommendations": [{"Status": "dismissed"}]},
    "c": {"c7n:db-recommendations": []},
}
PARAMETERS: dict[str, dict[str, Any]] = {
    "a": {"c7n:Parameters": {"rds.force_ssl": 1}},
    "b": {"c7n:Parameters": {"rds.force_ssl": 0}},
}
SENDERS = {"o": sender(a="123456789012"), "s": sender(a="123456789012", b="210987654321"), "n": {"Policies": None}}


@pytest.mark.parametrize(
    ("resource", "word", "options", "things", "expected"),
    [
        ("cache-cluster", "upgrade-available", {}, CACHES, "o"),
        ("cache-cluster", "upgrade-available", {"major": True}, CACHES, "om"),
        ("cache-cluster", "upgrade-available", {"value": False}, CACHES, "nm"),
        ("kms", "grant-count", {}, KEYS, "f"),
        ("kms", "grant-count", {"min": 2}, KEYS, "ft"),
        ("kms", "grant-count", {"min": 0}, KEYS, "ftn"),
        ("ebs", "fault-tolerant", {}, DISKS, "s"),
        ("ebs", "fault-tolerant", {"tolerant": False}, DISKS, "u"),
        ("app-elb", "healthcheck-protocol-mismatch", {}, BALANCERS, "m"),
        ("rds-snapshot", "latest", {}, SNAPSHOTS, "bc"),
        ("rds-snapshot", "latest", {"automatic": False}, SNAPSHOTS, "bd"),
        ("ec2", "image-metadata", {"key": "State", "value": "deregistered"}, IMAGES, "a"),
        ("rds", "recommendations", {"key": "Status", "value": "active"}, ADVICE, "a"),
        ("rds-param-group", "db-parameter", {"key": "rds.force_ssl", "value": True}, PARAMETERS, "a"),
        ("ses-email-identity", "cross-account", {"whitelist": ["123456789012"]}, SENDERS, "s"),
    ],
)
def test_states(
    resource: str, word: str, options: dict[str, Json], things: dict[str, dict[str, Any]], expected: str
) -> None:
    assert kept(resource, options, things, word) == expected


@pytest.mark.parametrize(
    ("resource", "attributes", "evaluated"),
    [
        ("account", {"account_id": "123456789012"}, ("AWS::::Account", "123456789012")),
        ("prefix-list", {"PrefixListId": "pl-1"}, ("AWS::EC2::PrefixList", "pl-1")),
        ("security-hub", {"HubArn": "arn:hub"}, ("AWS::SecurityHub::Hub", "arn:hub")),
    ],
)
def test_config_compliance(resource: str, attributes: dict[str, Json], evaluated: tuple[str, str]) -> None:
    """AWS Config names them by these types and ids."""
    record = catalog().provider.type(resource)
    view = Item(Resource(ResourceRef(resource, SCOPE, str(attributes[record.identity.id])), attributes), record)
    about = {"ResourceType": evaluated[0], "ResourceId": evaluated[1]}
    told = {"EvaluationResultIdentifier": {"EvaluationResultQualifier": about}, "ComplianceType": "NON_COMPLIANT"}
    piece = ConfigCompliance(rules=("r",))
    (need,) = piece.needs(record)
    view.tell(need, as_fact([("r", {"ComplianceDetail": [told]})]))
    assert piece.judge(view, Setting(record, SCOPE, NOW, {})) == MATCH
