"""What an event calls its resources: one sample event of each kind, and those that name nothing."""

from __future__ import annotations

import json

import pytest

from engine.executor.triggers import SHORTCUTS, ids_of
from engine.lang.modes import MODES
from engine.model.json import Json

ARN = "arn:aws:ec2:us-east-1:123456789012:instance/i-1"


def call(source: str, name: str, **detail: Json) -> Json:
    """CloudTrail's event of an API call, as EventBridge delivers it."""
    told = {"eventSource": f"{source}.amazonaws.com", "eventName": name, "awsRegion": "us-east-1", **detail}
    return {"detail-type": "AWS API Call via CloudTrail", "source": f"aws.{source}", "detail": told}


def state(word: str) -> Json:
    kind = "EC2 Instance State-change Notification"
    return {"detail-type": kind, "source": "aws.ec2", "detail": {"instance-id": "i-1", "state": word}}


def group(kind: str) -> Json:
    detail = {"StatusCode": "InProgress", "AutoScalingGroupName": "workers", "EC2InstanceId": "i-9"}
    return {"detail-type": kind, "source": "aws.autoscaling", "detail": detail}


def config(**item: Json) -> Json:
    item = {"resourceType": "AWS::EC2::Instance", "resourceId": "i-1", "configurationItemStatus": "OK", **item}
    told = {"configurationItem": item, "messageType": "ConfigurationItemChangeNotification"}
    return {"invokingEvent": json.dumps(told), "eventLeftScope": False, "resultToken": "x"}


OVERSIZED = json.dumps(
    {
        "configurationItemSummary": {"resourceId": "i-1", "configurationItemStatus": "OK", "changeType": "UPDATE"},
        "s3DeliverySummary": {"s3BucketLocation": "b/key"},
        "messageType": "OversizedConfigurationItemChangeNotification",
    }
)


def trail(*events: Json) -> Json:
    return {"type": "cloudtrail", "events": list(events)}


def custom(ids: str, source: str = "s3.amazonaws.com", event: str = "PutBucketAcl") -> Json:
    return {"source": source, "event": event, "ids": ids}


STARTED = call(
    "ec2",
    "RunInstances",
    responseElements={"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}, {"instanceId": "i-1"}]}},
)
BUCKET = call("s3", "PutBucketAcl", requestParameters={"bucketName": "b", "also": [["c"], "b", None]})
FUNCTION = {"functionName": "f"}
GUARDED = {
    "detail-type": "GuardDuty Finding",
    "detail": {
        "accountId": "123456789012",
        "resource": {"instanceDetails": {"instanceId": "i-1"}, "accessKeyDetails": {"userName": "ana"}},
    },
}
HEALTH = {
    "detail-type": "AWS Health Event",
    "detail": {
        "eventTypeCode": "AWS_EC2_RETIREMENT",
        "eventTypeCategory": "scheduledChange",
        "statusCode": "open",
        "affectedEntities": [{"entityValue": "i-1"}, {"entityValue": "i-2"}],
    },
}
FINDING = {
    "detail-type": "Security Hub Findings - Imported",
    "detail": {
        "findings": [
            {
                "Resources": [
                    {"Type": "AwsEc2Instance", "Id": ARN},
                    {"Type": "AwsAccount", "Id": "AWS::::Account:123456789012"},
                    {"Type": "Other", "Id": "a container"},
                ]
            },
            {"Resources": [{"Id": ARN}]},
        ]
    },
}
INSIGHT = {
    "detail-type": "Security Hub Insight Results",
    "detail": {"resultType": "ResourceId", "insightResults": [{ARN: 5}, {"arn:aws:s3:::b": 1}]},
}

NAMED = [
    (trail("RunInstances"), STARTED, ("i-1", "i-2")),
    (trail("CreateVolume", "RunInstances"), STARTED, ("i-1", "i-2")),
    (trail("CreateVolume"), call("ec2", "CreateVolume", responseElements={"volumeId": "vol-1"}), ("vol-1",)),
    (trail("CreateVolume"), STARTED, ()),
    (trail("RunInstances"), {**STARTED, "detail": {**STARTED["detail"], "errorCode": "UnauthorizedOperation"}}, ()),
    (trail("CreateFunction"), call("lambda", "CreateFunction20150331", requestParameters=FUNCTION), ("f",)),
    (trail("CreateFunction"), call("lambda", "CreateFunction20150331v2", requestParameters=FUNCTION), ("f",)),
    (trail("CreateFunction"), call("lambda", "CreateFunctionUrlConfig", requestParameters=FUNCTION), ()),
    (trail("CreateDBInstance"), call("rds", "CreateDBInstance", requestParameters={"dBInstanceIdentifier": "db"}), ("db",)),
    (trail(custom("requestParameters.bucketName")), BUCKET, ("b",)),
    (trail(custom("detail.requestParameters.bucketName")), BUCKET, ("b",)),
    (trail(custom("detail.requestParameters.none || detail.requestParameters.bucketName")), BUCKET, ("b",)),
    (trail(custom("requestParameters.also")), BUCKET, ("c", "b")),
    (trail(custom("requestParameters.none"), custom("requestParameters.bucketName")), BUCKET, ("b",)),
    (trail(custom("requestParameters.bucketName", source="s3.example.com")), BUCKET, ()),
    ({"type": "ec2-instance-state", "events": ["running", "stopped"]}, state("stopped"), ("i-1",)),
    ({"type": "ec2-instance-state", "events": ["running"]}, state("stopped"), ()),
    ({"type": "asg-instance-state", "events": ["launch-success"]}, group("EC2 Instance Launch Successful"), ("workers",)),
    ({"type": "asg-instance-state", "events": ["terminate-failure"]}, group("EC2 Instance Terminate Unsuccessful"), ("workers",)),
    ({"type": "asg-instance-state", "events": ["launch-success"]}, group("EC2 Instance Launch Unsuccessful"), ()),
    ({"type": "config-rule"}, config(), ("i-1",)),
    ({"type": "config-rule"}, config(ARN=ARN), (ARN,)),
    ({"type": "config-rule"}, {"invokingEvent": OVERSIZED}, ("i-1",)),
    ({"type": "config-rule"}, {"invokingEvent": "[]"}, ()),
    ({"type": "config-rule"}, config(configurationItemStatus="ResourceDeleted"), ()),
    ({"type": "config-rule"}, {**config(), "eventLeftScope": True}, ()),
    ({"type": "config-rule"}, {"invokingEvent": "{"}, ()),
    ({"type": "config-rule"}, {"invokingEvent": '{"messageType": "ScheduledNotification"}'}, ()),
    ({"type": "config-rule"}, state("running"), ()),
    ({"type": "phd"}, HEALTH, ("i-1", "i-2")),
    ({"type": "phd", "events": ["AWS_EC2_RETIREMENT"], "categories": ["scheduledChange"], "statuses": ["open"]}, HEALTH, ("i-1", "i-2")),
    ({"type": "phd", "events": ["AWS_RDS_MAINTENANCE"]}, HEALTH, ()),
    ({"type": "phd", "statuses": ["closed"]}, HEALTH, ()),
    ({"type": "hub-finding"}, FINDING, (ARN, "arn:aws:iam::123456789012:root")),
    ({"type": "hub-action"}, {**FINDING, "detail-type": "Security Hub Findings - Custom Action"}, (ARN, "arn:aws:iam::123456789012:root")),
    ({"type": "hub-action"}, INSIGHT, (ARN, "arn:aws:s3:::b")),
    ({"type": "hub-action"}, {"detail": {**INSIGHT["detail"], "resultType": "ResourceAwsIamAccessKeyUserName"}}, ()),
    ({"type": "pull"}, STARTED, None),
    ({}, STARTED, None),
    ({"type": "periodic"}, {}, None),
    ({"type": "schedule"}, None, None),
    ({"type": "config-poll-rule"}, {}, None),
    (trail("RunInstances"), None, ()),
    (trail("RunInstances"), "text", ()),
    (trail("RunInstances"), {"detail": "text"}, ()),
    ({"type": "hub-finding"}, {}, ()),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "event", "expected"), NAMED)
def test_what_an_event_names(mode: Json, event: Json, expected: tuple[str, ...] | None) -> None:
    assert ids_of(mode, event) == expected


@pytest.mark.parametrize(
    ("type", "expected"), [("ec2", ("i-1",)), ("iam-user", ("ana",)), ("account", ("123456789012",)), ("s3", ())]
)
def test_a_guard_duty_finding_names_another_thing_for_each_type(type: str, expected: tuple[str, ...]) -> None:
    assert ids_of({"type": "guard-duty"}, GUARDED, type) == expected


def test_every_mode_is_answered() -> None:
    """An event without detail names nothing, and only what runs on a schedule looks at everything."""
    everything = {word for word in MODES if ids_of({"type": word, "events": []}, {"detail": {}}) is None}
    assert everything == {"pull", "periodic", "schedule", "config-poll-rule"}


@pytest.mark.parametrize("name", SHORTCUTS)
def test_a_shortcut_is_its_own_event(name: str) -> None:
    """Its path finds an id in an event that has one there."""
    trigger = SHORTCUTS[name]
    inner: Json = "the-id"
    for part in reversed(trigger.ids.split(".")):
        inner = {part.removesuffix("[]"): [inner] if part.endswith("[]") else inner}
    event = call(trigger.source.partition(".")[0], name, **inner)
    assert ids_of(trail(name), event) == ("the-id",)
