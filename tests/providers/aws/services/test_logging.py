"""What is logged, and where: audit logs of domains, trails and their events; and cases for higher limits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.model.json import Json
from engine.model.need import FacetNeed
from tests.actions.table import calls, change, inverse, item, skip


def names(found: list[tuple[str, Json]]) -> list[str]:
    """The operations of calls."""
    return [name.partition(":")[2] for name, _ in found]


AUDITED = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/OpenSearchService/domains/"
ALLOWED = {
    "policyName": "OpenSearchCloudwatchLogPermissions",
    "policyDocument": json.dumps({"Statement": {"Resource": f"{AUDITED}*:*"}}),
}


@pytest.mark.parametrize(
    ("logs", "policies", "action", "expected"),
    [
        ({}, [], {"state": True}, ["CreateLogGroup", "PutResourcePolicy", "UpdateElasticsearchDomainConfig"]),
        ({}, [ALLOWED], {"state": True}, ["CreateLogGroup", "UpdateElasticsearchDomainConfig"]),
        ({}, [ALLOWED], {"state": True, "loggroup_prefix": "/x"},
         ["CreateLogGroup", "PutResourcePolicy", "UpdateElasticsearchDomainConfig"]),
        ({"AUDIT_LOGS": {"Enabled": True, "CloudWatchLogsLogGroupArn": "old"}}, [], {"state": False},
         ["UpdateElasticsearchDomainConfig"]),
    ],
)  # fmt: skip
def test_enable_auditlog(logs: Json, policies: Json, action: Json, expected: list[str]) -> None:
    """What is allowed already is not allowed again; other statements of the permission stay."""
    facts = {
        FacetNeed("detail"): {"LogPublishingOptions": logs},
        FacetNeed("log-policies"): policies,
    }
    made = change({"type": "enable-auditlog", **action}, item("elasticsearch", {}, facts, DomainName="d"))
    assert names(calls(made)) == expected
    if "PutResourcePolicy" in expected:
        statements = json.loads(calls(made)[1][1]["policyDocument"])["Statement"]
        assert len(statements) == len(policies) + 1
        assert statements[-1]["Resource"] == [f"{AUDITED}*:*"] or action["loggroup_prefix"]
        assert statements[-1]["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
    back = inverse(made)[0][1]["LogPublishingOptions"]["AUDIT_LOGS"]
    assert back["Enabled"] is bool(logs)
    assert back["CloudWatchLogsLogGroupArn"] == "old" or not logs


TRAIL: dict[str, Json] = {
    "Name": "main", "TrailARN": "t", "HomeRegion": "eu-west-1", "IsMultiRegionTrail": True, "KmsKeyId": "k",
    "IncludeGlobalServiceEvents": True, "LogFileValidationEnabled": True, "SnsTopicName": "told",
}  # fmt: skip


def trails(logs: bool, **more: Json) -> Any:
    """An account with one trail and one bucket."""
    facts = {
        FacetNeed("trails"): [{**TRAIL, **more}],
        FacetNeed("trail-status"): [{"Name": "main", "IsLogging": logs}],
        FacetNeed("buckets"): ["logs"],
    }
    return item("account", {}, facts, account_id="123456789012")


def enable(**options: Json) -> Json:
    return {"type": "enable-cloudtrail", **{name.replace("_", "-"): value for name, value in options.items()}}


def test_a_trail_is_made_with_its_bucket() -> None:
    """And taken away again; the bucket, and what is in it, stays."""
    made = change(enable(trail="new", bucket="fresh", bucket_region="eu-west-1"), trails(logs=True))
    assert names(calls(made)) == ["CreateBucket", "PutBucketPolicy", "CreateTrail", "StartLogging"]
    assert {call.scope.region for call in made.calls[:2]} == {"eu-west-1"}
    statements = json.loads(calls(made)[1][1]["Policy"])["Statement"]
    assert statements[1]["Resource"] == "arn:aws:s3:::fresh/AWSLogs/123456789012/*"
    assert inverse(made) == [("cloudtrail:DeleteTrail", {"Name": "new"})]
    made = change(enable(trail="new", bucket="logs"), trails(logs=True))
    assert names(calls(made)) == ["CreateTrail", "StartLogging"]
    made = change(enable(bucket="fresh"), trails(logs=True))
    assert "CreateBucketConfiguration" not in calls(made)[0][1]


def test_a_trail_that_is_there_is_started_and_changed() -> None:
    """What is not named stays as it is; the way back stops it where it had been stopped."""
    assert skip(enable(trail="main", bucket="logs"), trails(logs=True)) == "it is so already"
    made = change(enable(trail="main", bucket="logs", kms=False), trails(logs=False, IsMultiRegionTrail=False))
    wanted = {"Name": "main", "IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": True, "KmsKeyId": ""}
    assert calls(made) == [("cloudtrail:UpdateTrail", wanted), ("cloudtrail:StartLogging", {"Name": "main"})]
    assert {call.scope.region for call in made.calls} == {"eu-west-1"}
    before = {
        "Name": "main", "IsMultiRegionTrail": False, "IncludeGlobalServiceEvents": True, "KmsKeyId": "k",
    }  # fmt: skip
    assert inverse(made) == [("cloudtrail:UpdateTrail", before), ("cloudtrail:StopLogging", {"Name": "main"})]
    topic = trails(logs=True, SnsTopicARN="arn:aws:sns:eu-west-1:1:told", SnsTopicName=None)
    assert skip(enable(trail="main", bucket="logs", notify="told"), topic) == "it is so already"
    made = change(enable(trail="main", bucket="logs", notify="other"), topic)
    assert (calls(made)[0][1]["SnsTopicName"], inverse(made)[0][1]["SnsTopicName"]) == (
        "other", "arn:aws:sns:eu-west-1:1:told",
    )  # fmt: skip


LIMITS_FOUND: list[Json] = [
    {"service": "EC2", "region": "us-east-1", "check": "c", "limit": "25", "extant": "20"},
    {"service": "X", "region": "-", "check": "d", "limit": "10", "extant": None},
    {"service": "EC2", "region": "us-east-1", "check": "e", "limit": "10", "extant": "9"},
    {"service": "EC2", "region": "us-east-1", "check": "f", "limit": "Unlimited", "extant": "9"},
    {"service": "VPC", "region": "us-east-1", "check": "g", "limit": None, "extant": "9"},
]


@pytest.mark.parametrize(
    ("options", "limits"),
    [({"percent-increase": 50}, ("38", "15", "15")), ({"amount-increase": 4}, ("29", "14", "14")),
     ({"percent-increase": 1, "minimum-increase": 2}, ("27", "12", "12"))],
)  # fmt: skip
def test_request_limit_increase(options: Json, limits: tuple[str, ...]) -> None:
    """A case for each service; half a unit is one."""
    action = {"type": "request-limit-increase", "subject": "{account} {service} {region}", **options}
    first, second = calls(
        change(action, item("account", {}, account_id="123456789012"), found={"limits": LIMITS_FOUND})
    )
    assert first[1]["subject"] == "123456789012 EC2 us-east-1"
    assert [line.rpartition(" ")[2] for line in first[1]["communicationBody"].splitlines() if "New" in line] == [
        limits[0],
        limits[2],
    ]
    assert second[1]["communicationBody"].endswith(limits[1])
    assert "serviceCode" not in second[1]


MANAGEMENT: Json = {"IncludeManagementEvents": True, "ReadWriteType": "All", "DataResources": []}
OBJECTS: Json = {
    "IncludeManagementEvents": False, "ReadWriteType": "All",
    "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::"]}],
}  # fmt: skip


def data_trail(*selectors: Json, **more: Json) -> Any:
    """An account with a trail that logs these."""
    facts = {
        FacetNeed("trails"): [TRAIL],
        FacetNeed("trail-selectors"): [{"Name": "main", "EventSelectors": list(selectors), **more}],
    }
    return item("account", {}, facts, account_id="123456789012")


def log_objects(**options: Json) -> Json:
    return {"type": "enable-data-events", "data-trail": options}


def test_data_events() -> None:
    """They come to what the trail logs already, and are taken away again."""
    made = change(log_objects(name="main"), data_trail(MANAGEMENT))
    assert calls(made) == [
        ("cloudtrail:PutEventSelectors", {"TrailName": "main", "EventSelectors": [MANAGEMENT, OBJECTS]})
    ]
    assert made.calls[0].scope.region == made.inverse[0].scope.region == "eu-west-1"
    assert inverse(made)[0][1]["EventSelectors"] == [MANAGEMENT]
    for account, options in (
        (data_trail(OBJECTS), {"name": "main"}),
        (data_trail(AdvancedEventSelectors=[{"Name": "x"}]), {"name": "main"}),
        (data_trail(), {"name": "other"}),
    ):
        assert skip(log_objects(**options), account).startswith("there is no such trail")


def test_data_events_on_a_trail_of_their_own() -> None:
    options = {"name": "objects", "create": True, "s3-bucket": "b", "multi-region": "us-west-2"}
    made = change(log_objects(**options), data_trail(MANAGEMENT))
    assert names(calls(made)) == ["CreateTrail", "PutEventSelectors", "StartLogging"]
    assert calls(made)[0][1]["IsMultiRegionTrail"] is True
    assert calls(made)[1][1]["EventSelectors"] == [OBJECTS]
    assert {call.scope.region for call in (*made.calls, *made.inverse)} == {"us-west-2"}
    assert names(inverse(made)) == ["DeleteTrail"]
