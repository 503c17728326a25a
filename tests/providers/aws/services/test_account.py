"""Words of the account that look at resources of other types: which are looked at, and which of them count."""

from __future__ import annotations

from typing import Any

import pytest

from engine.filters.linked import Linked
from engine.model.json import Json
from engine.plugin.attributes import needs_of_key
from engine.plugin.paths import bound, getter
from providers.aws.records import Records

from .test_filters import kept

ACCOUNT = Records().type("account")


def linked(word: str, **options: Json) -> Linked:
    record = ACCOUNT.filters[word]
    known = {name: option.default for name, option in record.options.items()}
    return Linked(**record.with_, options={**known, **{name.replace("_", "-"): v for name, v in options.items()}})


def counts(piece: Linked, other: dict[str, Any], region: str = "us-east-1") -> Json:
    return getter(bound(piece.where, {**(piece.options or {}), "_region": region}))(other)


def asked(piece: Linked, attributes: dict[str, Any]) -> Json:
    return getter(bound(piece.ids, piece.options or {}))(attributes)


TRAIL = {
    "TrailARN": "t",
    "IsMultiRegionTrail": True,
    "IncludeGlobalServiceEvents": True,
    "KmsKeyId": "k",
    "LogFileValidationEnabled": True,
    "SnsTopicARN": "s",
}


@pytest.mark.parametrize(
    ("option", "lacking"),
    [
        ({"multi_region": True}, "IsMultiRegionTrail"),
        ({"global_events": True}, "IncludeGlobalServiceEvents"),
        ({"kms": True}, "KmsKeyId"),
        ({"kms_key": "k"}, "KmsKeyId"),
        ({"file_digest": True}, "LogFileValidationEnabled"),
        ({"notifies": True}, "SnsTopicARN"),
    ],
)
def test_only_trails_that_could_do_are_asked(option: dict[str, Json], lacking: str) -> None:
    piece = linked("check-cloudtrail", **option)
    less = {k: v for k, v in TRAIL.items() if k != lacking}
    assert asked(piece, {"c7n:Trails": [TRAIL, {**less, "TrailARN": "u"}]}) == ["t"]


RUNS = {"HomeRegion": "us-east-1", "IsMultiRegionTrail": False, "c7n:TrailStatus": {"IsLogging": True}}
PATTERN = "{ $.eventName = ConsoleLogin }"
WATCHED = {
    **RUNS,
    "c7n:MetricFilters": [{"filterPattern": PATTERN, "metricTransformations": [{"metricName": "logins"}]}],
    "c7n:Alarms": [{"MetricName": "other", "AlarmActions": ["x"]}, {"MetricName": "logins", "AlarmActions": ["t"]}],
    "c7n:SubscribedTopics": ["t"],
}


def selectors(**told: Json) -> dict[str, Any]:
    return {**RUNS, "c7n:TrailEventSelectors": told}


def field(name: str, *values: str) -> dict[str, Any]:
    return {"Field": name, "Equals": list(values)}


@pytest.mark.parametrize(
    ("options", "trail", "expected"),
    [
        ({}, RUNS, True),
        ({}, {**RUNS, "c7n:TrailStatus": {"IsLogging": False}}, False),
        ({}, {**RUNS, "c7n:TrailStatus": {"IsLogging": True, "LatestDeliveryError": "x"}}, False),
        ({"running": False}, {**RUNS, "c7n:TrailStatus": None}, True),
        ({"current_region": True}, RUNS, True),
        ({"current_region": True}, {**RUNS, "HomeRegion": "eu-west-1"}, False),
        ({"current_region": True}, {**RUNS, "HomeRegion": "eu-west-1", "IsMultiRegionTrail": True}, True),
        ({"include_management_events": True}, selectors(), False),
        (
            {"include_management_events": True},
            selectors(EventSelectors=[{"IncludeManagementEvents": True, "ReadWriteType": "All"}]),
            True,
        ),
        (
            {"include_management_events": True},
            selectors(EventSelectors=[{"IncludeManagementEvents": True, "ReadWriteType": "WriteOnly"}]),
            False,
        ),
        (
            {"include_management_events": True},
            selectors(AdvancedEventSelectors=[{"FieldSelectors": [field("eventCategory", "Management")]}]),
            True,
        ),
        (
            {"include_management_events": True},
            selectors(
                AdvancedEventSelectors=[
                    {"FieldSelectors": [field("eventCategory", "Management"), field("readOnly", "true")]}
                ]
            ),
            False,
        ),
        ({"log_metric_filter_pattern": PATTERN}, WATCHED, True),
        ({"log_metric_filter_pattern": {"op": "regex", "value": r"\{ .*ConsoleLogin"}}, WATCHED, True),
        ({"log_metric_filter_pattern": {"value": PATTERN}}, WATCHED, True),
        ({"log_metric_filter_pattern": "other"}, WATCHED, False),
        ({"log_metric_filter_pattern": PATTERN}, {**WATCHED, "c7n:SubscribedTopics": ["x"]}, False),
        ({"log_metric_filter_pattern": PATTERN}, {**WATCHED, "c7n:Alarms": None}, False),
    ],
)
def test_trails(options: dict[str, Json], trail: dict[str, Any], expected: bool) -> None:
    assert bool(counts(linked("check-cloudtrail", **options), trail)) is expected


def test_what_is_not_asked_for_is_not_read() -> None:
    other = Records().type("cloudtrail")
    told = {need.facet for need in needs_of_key(linked("check-cloudtrail")._where, other)}  # type: ignore[union-attr]
    assert told == {"status"}


def flag(limit: str, used: str, region: str = "us-east-1", status: str = "ok", service: str = "VPC") -> Json:
    return {"status": status, "metadata": [region, service, "VPCs", limit, used, "Green"]}


@pytest.mark.parametrize(
    ("options", "flagged", "expected"),
    [
        ({"threshold": 60}, flag("5", "3"), True),
        ({"threshold": 61}, flag("5", "3"), False),
        ({"threshold": 60}, flag("5", "3", region="eu-west-1"), False),
        ({"threshold": 60}, flag("5", "3", region="-"), True),
        ({}, flag("5", "5"), False),
        ({}, flag("5", "5", status="warning"), True),
        ({"services": ["RDS"]}, flag("5", "5", status="warning"), False),
        ({"limits": ["VPCs"]}, flag("5", "5", status="warning"), True),
        ({"limits": ["Roles"]}, flag("5", "5", status="warning"), False),
        ({"threshold": 60}, flag("5", ""), False),
    ],
)
def test_limits(options: dict[str, Json], flagged: Json, expected: bool) -> None:
    assert bool(counts(linked("service-limit", **options), {"flaggedResources": [flagged]})) is expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["1", "2", "3"]),
        ({"services": ["Auto Scaling"]}, []),
        ({"services": ["AutoScaling"]}, ["1"]),
        ({"names": ["RDS*"]}, ["2"]),
        ({"names": ["VPC Elastic IP Address"], "services": ["RDS"]}, ["3"]),
    ],
)
def test_only_checks_that_could_tell_are_asked(options: dict[str, Json], expected: list[str]) -> None:
    names = ("Auto Scaling Groups", "RDS DB Instances", "VPC Elastic IP Address")
    checks = [{"id": str(n), "name": name} for n, name in enumerate(names, 1)]
    assert (asked(linked("service-limit", **options), {"c7n:LimitChecks": checks}) or []) == expected


def test_limits_of_global_services_count_in_every_region() -> None:
    piece = linked("service-limit", services=["IAM"], threshold=50)
    flagged = flag("10", "9", region="-", service="IAM")
    assert counts(piece, {"flaggedResources": [flagged]}, "eu-west-1")


CHANNEL = {"c7n:config_channels": [{"name": "default"}]}


def recorder(status: str = "SUCCESS", recording: bool = True, **group: Json) -> dict[str, Any]:
    told = {"name": "r", "recording": recording, "lastStatus": status}
    return {**CHANNEL, "c7n:config_recorders": [{"name": "r", "recordingGroup": group}], "c7n:config_status": [told]}


RECORDERS = {
    "a": recorder(),
    "b": recorder("FAILURE"),
    "c": recorder(recording=False),
    "d": recorder("Pending", allSupported=True, includeGlobalResourceTypes=True),
    "e": {**CHANNEL, "c7n:config_recorders": [], "c7n:config_status": []},
    "f": {**recorder(), "c7n:config_channels": []},
}
KEYS = {"c7n:KeyAliases": [{"AliasName": "alias/g", "TargetKeyId": "k1"}, {"AliasName": "alias/aws/x"}]}
SSE = {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": "arn:aws:kms:us-east-1:1:key/k1"}
PASSWORDS = {"ReturnConnectionPasswordEncrypted": True, "AwsKmsKeyId": "alias/x"}
NONE = {"CatalogEncryptionMode": "DISABLED"}
CATALOGS: dict[str, Any] = {
    "a": {"EncryptionAtRest": SSE, "ConnectionPasswordEncryption": PASSWORDS},
    "b": {"EncryptionAtRest": NONE, "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": False}},
}
REPORT = {
    "a": {"mfa_active": True, "access_keys": [{"active": False}, {"active": True}]},
    "b": {"mfa_active": False, "access_keys": None},
}


@pytest.mark.parametrize(
    ("word", "options", "things", "expected"),
    [
        ("check-config", {}, RECORDERS, "bcef"),
        ("check-config", {"running": False}, RECORDERS, "ef"),
        ("check-config", {"all-resources": True}, RECORDERS, "abcef"),
        ("check-config", {"global-resources": True, "running": False}, RECORDERS, "abcef"),
        ("securityhub", {}, {"a": {"c7n:SecurityHub": {"HubArn": "h"}}, "b": {"c7n:SecurityHub": None}}, "a"),
        ("securityhub", {"enabled": False}, {"a": {"c7n:SecurityHub": {}}, "b": {"c7n:SecurityHub": None}}, "ab"),
        ("ses-agg-send-stats", {}, {"a": {"c7n:ses-send-agg": {"Bounces": 1}}, "b": {"c7n:ses-send-agg": None}}, "a"),
        (
            "ses-agg-send-stats",
            {"key": "BounceRate", "op": "gt", "value": 4},
            {"a": {"c7n:ses-send-agg": {"BounceRate": 5}}, "b": {"c7n:ses-send-agg": {"BounceRate": 4}}},
            "a",
        ),
        ("credential", {"key": "mfa_active", "value": False}, {n: {"c7n:credential-report": r} for n, r in REPORT.items()}, "b"),
        ("credential", {"key": "access_keys.active", "value": True}, {n: {"c7n:credential-report": r} for n, r in REPORT.items()}, "a"),
    ],
)  # fmt: skip
def test_words(word: str, options: dict[str, Json], things: dict[str, dict[str, Any]], expected: str) -> None:
    assert kept("account", options, things, word) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"CatalogEncryptionMode": "SSE-KMS"}, "a"),
        ({"SseAwsKmsKeyId": "alias/g"}, "a"),
        ({"SseAwsKmsKeyId": SSE["SseAwsKmsKeyId"]}, "a"),
        ({"SseAwsKmsKeyId": "alias/h"}, ""),
        ({"AwsKmsKeyId": "alias/x", "ReturnConnectionPasswordEncrypted": True}, "a"),
        ({"ReturnConnectionPasswordEncrypted": False}, "b"),
        ({"ReturnConnectionPasswordEncrypted": False, "CatalogEncryptionMode": "SSE-KMS"}, ""),
    ],
)
def test_glue_security_config(options: dict[str, Json], expected: str) -> None:
    for resource, attribute in (
        ("account", "c7n:glue-security-config"),
        ("glue-catalog", "DataCatalogEncryptionSettings"),
    ):
        things = {name: {**KEYS, attribute: each} for name, each in CATALOGS.items()}
        assert kept(resource, options, things, "glue-security-config") == expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([], None),
        ([(0, 0)], 0),
        ([(10, 1), (5, 1)], 13),
        ([(200, 1)], 1),
    ],
)
def test_send_statistics(points: list[tuple[int, int]], expected: Json) -> None:
    """A rate is rounded to whole percent."""
    given = [{"DeliveryAttempts": n, "Bounces": b, "Complaints": 0, "Rejects": 1} for n, b in points]
    found = getter(ACCOUNT.facets["send-statistics"].take)({"SendDataPoints": given})
    assert (found and found["BounceRate"]) == expected
    assert found is None or found["Rejects"] == len(points)
