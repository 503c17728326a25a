"""What records make of policies' actions: several calls for one change, and the way back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.model.json import Json
from engine.model.need import FacetNeed
from tests.actions.table import calls, change, inverse, item, skip

GROUP: dict[str, Json] = {
    "AutoScalingGroupName": "g", "MinSize": 1, "MaxSize": 4, "DesiredCapacity": 3,
    "Instances": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}], "SuspendedProcesses": [],
}  # fmt: skip
MACHINE: dict[str, Json] = {"InstanceId": "i-1", "InstanceType": "m5.large", "RootDeviceType": "ebs"}
DATABASE: dict[str, Json] = {"DBInstanceIdentifier": "d", "DBInstanceArn": "a", "DBInstanceStatus": "available"}
USER: dict[str, Json] = {"UserName": "ana"}
SERVICE: dict[str, Json] = {
    "serviceArn": "arn:aws:ecs:us-east-1:1:service/c/s", "clusterArn": "arn:aws:ecs:us-east-1:1:cluster/c",
    "serviceName": "s", "status": "ACTIVE", "schedulingStrategy": "REPLICA", "desiredCount": 2, "runningCount": 1,
}  # fmt: skip
SCALED = {"DynamicScalingInSuspended": False, "DynamicScalingOutSuspended": False, "ScheduledScalingSuspended": False}
LIMITS: dict[str, Json] = {
    "ResourceId": "service/c/s", "MinCapacity": 1, "MaxCapacity": 5, "SuspendedState": SCALED,
}  # fmt: skip


def names(found: list[tuple[str, Json]]) -> list[str]:
    return [name.rpartition(":")[2] for name, _ in found]


@pytest.mark.parametrize(
    ("options", "tags", "expected"),
    [
        ({"min-size": 0}, {}, {"MinSize": 0}),
        ({"desired-size": 2, "max-size": 2}, {}, {"DesiredCapacity": 2, "MaxSize": 2}),
        ({"desired-size": "current"}, {}, {"DesiredCapacity": 2, "MinSize": 1}),
        ({"restore-options-tag": "T"}, {"T": "MinSize=2;MaxSize=6;DesiredCapacity=5"},
         {"MinSize": 2, "MaxSize": 6, "DesiredCapacity": 5}),
    ],
)  # fmt: skip
def test_asg_resize(options: dict[str, Json], tags: dict[str, str], expected: dict[str, Json]) -> None:
    made = change({"type": "resize", **options}, item("asg", tags, **GROUP))
    assert calls(made) == [("autoscaling:UpdateAutoScalingGroup", {"AutoScalingGroupName": "g", **expected})]
    before = {"AutoScalingGroupName": "g", "MinSize": 1, "MaxSize": 4, "DesiredCapacity": 3}
    assert inverse(made) == [("autoscaling:UpdateAutoScalingGroup", before)]


def test_asg_resize_remembers() -> None:
    """The tag is made, and taken away again; one that was there gets its value back."""
    action = {"type": "resize", "min-size": 0, "save-options-tag": "T"}
    made = change(action, item("asg", {}, **GROUP))
    assert calls(made)[1][1]["Tags"][0]["Value"] == "MinSize=1;MaxSize=4;DesiredCapacity=3"
    assert names(inverse(made)) == ["UpdateAutoScalingGroup", "DeleteTags"]
    again = change(action, item("asg", {"T": "old"}, **GROUP))
    assert inverse(again)[1][1]["Tags"][0]["Value"] == "old"
    assert skip({"type": "resize", "restore-options-tag": "T"}, item("asg", {}, **GROUP)).startswith("has no tag")


def test_asg_resume_waits_between_instances_and_processes() -> None:
    suspended = [{"ProcessName": "Launch"}, {"ProcessName": "Terminate"}]
    group = item("asg", {}, **{**GROUP, "SuspendedProcesses": suspended})
    start, resume = change({"type": "resume", "exclude": ["Launch"]}, group).calls
    assert (start.operation, resume.operation) == ("StartInstances", "ResumeProcesses")
    assert resume.wait is not None
    assert resume.wait.seconds == 30
    assert "Launch" not in resume.params["ScalingProcesses"]


@pytest.mark.parametrize(
    ("state", "options", "expected"),
    [
        ("stopped", {"default": "m5.xlarge"}, ["ModifyInstanceAttribute"]),
        ("stopped", {"type-map": {"m5.large": "m6i.large"}}, ["ModifyInstanceAttribute"]),
        ("stopped", {"default": "m5.xlarge", "restart": True}, ["ModifyInstanceAttribute"]),
        ("running", {"default": "m5.xlarge", "restart": True},
         ["StopInstances", "ModifyInstanceAttribute", "StartInstances"]),
    ],
)  # fmt: skip
def test_ec2_resize(state: str, options: dict[str, Json], expected: list[str]) -> None:
    made = change({"type": "resize", **options}, item("ec2", {}, **{**MACHINE, "State": {"Name": state}}))
    assert names(calls(made)) == expected
    assert names(inverse(made)) == expected
    assert made.inverse[expected.index("ModifyInstanceAttribute")].params["InstanceType"] == {"Value": "m5.large"}
    modify = made.calls[expected.index("ModifyInstanceAttribute")]
    assert (modify.wait is not None) is (len(expected) > 1)
    assert made.calls[-1].always is (len(expected) > 1)


@pytest.mark.parametrize(
    ("state", "options"),
    [
        ("running", {"default": "m5.xlarge"}),
        ("stopped", {"default": "m5.large"}),
        ("stopped", {"type-map": {"t": "u"}}),
    ],
)
def test_ec2_resize_leaves_alone(state: str, options: dict[str, Json]) -> None:
    skip({"type": "resize", **options}, item("ec2", {}, **{**MACHINE, "State": {"Name": state}}))


def test_ecs_resize_and_back() -> None:
    facts = {FacetNeed("detail"): SERVICE, FacetNeed("scalable-target"): LIMITS}
    service = item("ecs-service", {}, facts, **SERVICE)
    action = {"type": "resize", "min-capacity": 0, "desired": 0, "save-options-tag": "T", "suspend-scaling": True}
    made = change(action, service)
    assert names(calls(made)) == ["RegisterScalableTarget", "UpdateService", "RegisterScalableTarget", "TagResource"]
    assert calls(made)[2][1]["MinCapacity"] == 0
    assert calls(made)[3][1]["tags"] == [{"key": "T", "value": "Min=1:Max=5:Desired=2"}]
    assert names(inverse(made)) == [
        "UpdateService", "RegisterScalableTarget", "UntagResource", "RegisterScalableTarget",
    ]  # fmt: skip
    assert inverse(made)[0][1]["desiredCount"] == 2
    assert inverse(made)[3][1]["SuspendedState"] == SCALED
    stored = item("ecs-service", {"T": "Min=2:Max=5:Desired=4"}, facts, **SERVICE)
    back = calls(change({"type": "resize", "restore-options-tag": "T"}, stored))
    assert [params.get("desiredCount", params.get("MinCapacity")) for _, params in back] == [4, 2]


FLEET: dict[str, Json] = {
    "SpotFleetRequestId": "sfr-1", "SpotFleetRequestState": "active",
    "SpotFleetRequestConfig": {"Type": "maintain", "TargetCapacity": 4, "FulfilledCapacity": 3.0},
}  # fmt: skip
FLEET_LIMITS: dict[str, Json] = {
    "ResourceId": "spot-fleet-request/sfr-1", "MinCapacity": 2, "MaxCapacity": 5, "SuspendedState": SCALED,
}  # fmt: skip


@pytest.mark.parametrize(
    ("options", "tags", "expected"),
    [
        ({"desired": 3}, {}, [3]),
        ({"desired": "current"}, {}, [3]),
        ({"desired": 0}, {}, [0, (0, 5)]),
        ({"desired": 0, "min-capacity": 1, "max-capacity": 3}, {}, [0, (0, 3)]),
        ({"min-capacity": 1}, {}, [(1, 5)]),
        ({"restore-options-tag": "T"}, {"T": "Min=1:Max=8:Desired=6"}, [6, (1, 8)]),
    ],
)
def test_spot_fleet_resize(options: dict[str, Json], tags: dict[str, str], expected: list[Json]) -> None:
    """Its lower limit goes down with it; all comes back."""
    facts = {FacetNeed("scalable-target"): FLEET_LIMITS}
    made = change({"type": "resize", **options}, item("ec2-spot-fleet-request", tags, facts, **FLEET))
    found = [p.get("TargetCapacity", (p.get("MinCapacity"), p.get("MaxCapacity"))) for _, p in calls(made)]
    assert found == expected
    back = inverse(made)
    assert back[0][1]["TargetCapacity"] == 4
    changed = next((each for each in expected if isinstance(each, tuple)), (2, 5))
    limits = back[1][1] if len(back) > 1 else {}
    assert (limits.get("MinCapacity", 2) == 2, limits.get("MaxCapacity", 5) == 5) == (True, True)
    assert (changed != (2, 5)) <= bool(limits)


def test_spot_fleet_remembers() -> None:
    facts = {FacetNeed("scalable-target"): FLEET_LIMITS}
    fleet = item("ec2-spot-fleet-request", {}, facts, **FLEET)
    made = change({"type": "resize", "desired": 2, "save-options-tag": "T", "suspend-scaling": True}, fleet)
    assert names(calls(made)) == ["RegisterScalableTarget", "ModifySpotFleetRequest", "CreateTags"]
    assert calls(made)[2][1]["Tags"] == [{"Key": "T", "Value": "Min=2:Max=5:Desired=4"}]
    assert names(inverse(made)) == [
        "ModifySpotFleetRequest", "RegisterScalableTarget", "DeleteTags", "RegisterScalableTarget",
    ]  # fmt: skip
    once = {**FLEET, "SpotFleetRequestConfig": {"Type": "request", "TargetCapacity": 4}}
    assert "keeps no capacity" in skip({"type": "resize", "desired": 2}, item("ec2-spot-fleet-request", {}, **once))


SSH_KEYS = [{"SSHPublicKeyId": "a", "Status": "Active"}, {"SSHPublicKeyId": "b", "Status": "Inactive"}]


@pytest.mark.parametrize(
    ("options", "expected", "back"),
    [
        ({}, ["a", "b"], []),
        ({"disable": True}, ["a"], ["a"]),
        ({"matched": True}, ["b"], []),
    ],
)
def test_ssh_keys(options: dict[str, Json], expected: list[str], back: list[str]) -> None:
    user = item("iam-user", {}, {FacetNeed("ssh-keys"): SSH_KEYS}, **USER)
    found = {"SSHPublicKeys": [SSH_KEYS[1]]}
    made = change({"type": "delete-ssh-keys", **options}, user, found=found, filters=["ssh-key"])
    assert [params["SSHPublicKeyId"] for _, params in calls(made)] == expected
    assert [(params["SSHPublicKeyId"], params["Status"]) for _, params in inverse(made)] == [
        (k, "Active") for k in back
    ]


REMEMBERED = {
    "VPCSecurityGroups": "sg-1sg-2", "MultiAZ": "True", "DBSubnetGroupName": "s", "InstanceClass": "db.t3.micro",
    "StorageType": "gp3", "ParameterGroupName": "p", "OptionGroupName": "o",
}  # fmt: skip
SNAPSHOT: dict[str, Json] = {"DBSnapshotIdentifier": "d-1", "DBInstanceIdentifier": "d"}


def test_rds_restore() -> None:
    """With the groups that it had; those in one text (tags hold no commas) are told apart."""
    action = {"type": "restore", "restore_options": {"Port": 3307}, "modify_options": {"BackupRetentionPeriod": 7}}
    snapshot = item("rds-snapshot", {**REMEMBERED, "Team": "web", "aws:x": "y"}, **SNAPSHOT)
    made = change(action, snapshot, filters=["latest"])
    restore, modify, reboot = made.calls
    assert restore.params == {
        "DBInstanceIdentifier": "d", "DBSnapshotIdentifier": "d-1", "DBInstanceClass": "db.t3.micro",
        "StorageType": "gp3", "MultiAZ": True, "DBSubnetGroupName": "s", "OptionGroupName": "o",
        "CopyTagsToSnapshot": True, "Tags": [{"Key": "Team", "Value": "web"}], "Port": 3307,
    }  # fmt: skip
    assert modify.params == {
        "DBInstanceIdentifier": "d", "ApplyImmediately": True, "DBParameterGroupName": "p",
        "VpcSecurityGroupIds": ["sg-1", "sg-2"], "BackupRetentionPeriod": 7,
    }  # fmt: skip
    assert reboot.params == {"DBInstanceIdentifier": "d", "ForceFailover": False}
    assert modify.wait is not None
    assert reboot.wait is not None
    assert not made.inverse
    other = change({**action, "restore_options": {"DBInstanceIdentifier": "e"}}, snapshot, filters=["latest"])
    assert [params["DBInstanceIdentifier"] for _, params in calls(other)] == ["e", "e", "e"]
    assert other.calls[1].wait is not None
    assert other.calls[1].wait.call is not None
    assert other.calls[1].wait.call.params == {"DBInstanceIdentifier": "e"}


def test_an_iam_user_goes_with_all_that_belongs_to_it() -> None:
    facts: dict[Any, Json] = {
        FacetNeed("access-keys"): [{"AccessKeyId": "k1"}, {"AccessKeyId": "k2"}],
        FacetNeed("login-profile"): {"UserName": "ana"},
        FacetNeed("inline-policies"): ["own"],
        FacetNeed("groups"): [{"GroupName": "devs"}],
        FacetNeed("service-credentials"): [{"ServiceSpecificCredentialId": "c"}],
    }
    found = calls(change("delete", item("iam-user", {}, facts, **USER)))
    assert names(found) == [
        "DeleteLoginProfile", "DeleteAccessKey", "DeleteAccessKey", "DeleteUserPolicy", "RemoveUserFromGroup",
        "DeleteServiceSpecificCredential", "DeleteUser",
    ]  # fmt: skip
    parts = {"type": "delete", "options": ["access-keys", "service-specific-credentials"]}
    assert names(calls(change(parts, item("iam-user", {}, facts, **USER)))) == [
        "DeleteAccessKey", "DeleteAccessKey", "DeleteServiceSpecificCredential",
    ]  # fmt: skip
    assert (
        skip({"type": "delete", "options": ["ssh-keys"]}, item("iam-user", {}, facts, **USER))
        == "it has nothing of that"
    )


def test_a_bucket_is_emptied_before_it_goes() -> None:
    uploads, versions, bucket = change({"type": "delete", "remove-contents": True}, item("s3", {})).calls
    assert uploads.sweep is not None
    assert versions.sweep is not None
    assert [str(uploads.sweep.call), str(versions.sweep.call)] == ["s3:ListMultipartUploads", "s3:ListObjectVersions"]
    assert (versions.sweep.most, bucket.operation) == (1000, "DeleteBucket")
    assert {call.scope.region for call in (uploads, versions, versions.sweep.call, bucket)} == {"eu-west-1"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["DeleteDBInstance"]),
        ({"copy-restore-info": True}, ["AddTagsToResource", "ModifyDBInstance", "DeleteDBInstance"]),
        ({"copy-restore-info": True, "skip-snapshot": True}, ["DeleteDBInstance"]),
    ],
)
def test_rds_delete(options: dict[str, Json], expected: list[str]) -> None:
    assert names(calls(change({"type": "delete", **options}, item("rds", {}, **DATABASE)))) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"date": "2030-01-01T00:00:00Z"}, "2030-01-01T00:00:00Z"),
        ({"days": 2}, "2026-11-23T09:30:00+00:00"),
        ({"age": 365}, "2027-11-21T00:00:00+00:00"),
    ],
)
def test_ami_deprecation(options: dict[str, Json], expected: str) -> None:
    image = item("ami", {}, ImageId="a", CreationDate="2026-11-21T00:00:00Z")
    assert calls(change({"type": "set-deprecation", **options}, image))[0][1]["DeprecateAt"] == expected


EVENTS: dict[str, Json] = {
    "Name": "r", "EventBusName": "default", "Arn": "a", "EventPattern": "{}", "Description": "d", "RoleArn": None,
}  # fmt: skip
WITH_MANAGEMENT = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


@pytest.mark.parametrize("action", ["disable", {"type": "set-rule-state", "enabled": False}])
def test_a_rule_gets_back_the_state_it_had(action: Json) -> None:
    """EnableRule knows one of the two enabled states; the other is written with the whole rule."""
    named = {"Name": "r", "EventBusName": "default"}
    made = change(action, item("event-rule", {}, **EVENTS, State="ENABLED"))
    assert calls(made) == [("events:DisableRule", named)]
    assert inverse(made) == [("events:EnableRule", named)]
    made = change(action, item("event-rule", {}, **EVENTS, State=WITH_MANAGEMENT))
    put = {**named, "EventPattern": "{}", "Description": "d", "State": WITH_MANAGEMENT}
    assert inverse(made) == [("events:PutRule", put)]


DESTINATIONS = [{"LogType": kind} for kind in ("FLOW", "ALERT", "TLS")]


@pytest.mark.parametrize(("count", "left"), [(1, [0]), (2, [1, 0]), (3, [2, 1, 0])])
def test_firewall_logging_ends_one_by_one(count: int, left: list[int]) -> None:
    """AWS takes one change of the destinations at a time."""
    firewall = {"FirewallName": "f", "FirewallArn": "a", "c7n:LogDestinationConfigs": DESTINATIONS[:count]}
    made = change({"type": "update-logging-config", "enabled": False}, item("firewall", {}, **firewall))
    told = [params["LoggingConfiguration"]["LogDestinationConfigs"] for _, params in calls(made)]
    assert [len(each) for each in told] == left


def test_web_acl_logging_is_taken_back_to_what_it_was() -> None:
    """To the former configuration, or to none."""
    acl = {"Id": "1", "Name": "n", "ARN": "arn:aws:wafv2:us-east-1:1:regional/webacl/n/1"}
    action = {"type": "set-logging", "destination": "d", "attributes": {"RedactedFields": [{"Method": {}}]}}
    made = change(action, item("wafv2", {}, **acl, **{"c7n:LoggingConfiguration": None}))
    new = {"ResourceArn": acl["ARN"], "LogDestinationConfigs": ["d"], "RedactedFields": [{"Method": {}}]}
    assert calls(made) == [("wafv2:PutLoggingConfiguration", {"LoggingConfiguration": new})]
    assert inverse(made) == [("wafv2:DeleteLoggingConfiguration", {"ResourceArn": acl["ARN"]})]
    old = {"ResourceArn": acl["ARN"], "LogDestinationConfigs": ["e"]}
    made = change(action, item("wafv2", {}, **acl, **{"c7n:LoggingConfiguration": old}))
    assert inverse(made) == [("wafv2:PutLoggingConfiguration", {"LoggingConfiguration": old})]


VERSIONS = {
    "ValidUpgradeTarget": [
        {"EngineVersion": "14.9", "IsMajorVersionUpgrade": False},
        {"EngineVersion": "14.10", "IsMajorVersionUpgrade": False},
        {"EngineVersion": "16.1", "IsMajorVersionUpgrade": True},
    ]
}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {"EngineVersion": "14.10", "ApplyImmediately": False}),
        (
            {"major": True, "immediate": True},
            {"EngineVersion": "16.1", "ApplyImmediately": True, "AllowMajorVersionUpgrade": True},
        ),
    ],
)
def test_rds_upgrade(options: dict[str, Json], expected: dict[str, Json]) -> None:
    """To the newest version; not where one is under way, in a cluster, or where there is none."""
    known = {FacetNeed("engine-version"): VERSIONS}
    made = change({"type": "upgrade", **options}, item("rds", {}, **DATABASE, facts=known))
    assert calls(made) == [("rds:ModifyDBInstance", {"DBInstanceIdentifier": "d", **expected})]
    assert made.irreversible
    for more in ({"PendingModifiedValues": {"EngineVersion": "14.9"}}, {"DBClusterIdentifier": "c"}):
        assert skip({"type": "upgrade"}, item("rds", {}, **DATABASE, **more, facts=known))
    assert skip({"type": "upgrade"}, item("rds", {}, **DATABASE, facts={FacetNeed("engine-version"): None}))


@pytest.mark.parametrize(
    ("own", "wanted", "options", "written", "back"),
    [
        ({"a": "1"}, {"a": "2", "b": "1"}, {}, {"a": "2", "b": "1"}, ["DeleteTags", "CreateTags"]),
        ({}, {"a": "2", "b": "1"}, {"only_tags": ["b"]}, {"b": "1"}, ["DeleteTags"]),
        ({"a": "1"}, {"a": "2", "aws:x": "1"}, {}, {"a": "2"}, ["CreateTags"]),
    ],
)
def test_spot_tags(
    own: dict[str, str], wanted: dict[str, str], options: dict[str, Json], written: dict[str, str], back: list[str]
) -> None:
    """Only what differs is written; what was there comes back, and nothing else is taken away."""
    tags = [{"Key": k, "Value": v} for k, v in wanted.items()]
    spot = {**MACHINE, "SpotInstanceRequestId": "sir-1"}
    made = change(
        {"type": "propagate-spot-tags", **options}, item("ec2", own, **spot, facts={FacetNeed("spot-request"): tags})
    )
    ((_, params),) = calls(made)
    assert {each["Key"]: each["Value"] for each in params["Tags"]} == written
    assert names(inverse(made)) == back
    taken = [each["Key"] for name, p in inverse(made) if name.endswith("DeleteTags") for each in p["Tags"]]
    assert taken == [key for key in written if key not in own]
    assert skip({"type": "propagate-spot-tags"}, item("ec2", {}, **spot, facts={FacetNeed("spot-request"): None}))


def test_policies_of_email_identities() -> None:
    """Those with a statement that the filter found, and no others."""
    strange = {"Effect": "Allow", "Action": "ses:SendEmail", "Principal": {"AWS": "210987654321"}}
    texts = {
        "ours": json.dumps({"Statement": {"Effect": "Deny"}}),
        "theirs": json.dumps({"Statement": [{"Effect": "Deny"}, strange]}),
    }
    sender = item("ses-email-identity", {}, IdentityName="x.org", facts={FacetNeed("detail"): {"Policies": texts}})
    made = change({"type": "remove-policies", "policy_names": "matched"}, sender, found={"statements": [strange]})
    assert [params["PolicyName"] for _, params in calls(made)] == ["theirs"]
    every = change({"type": "remove-policies", "policy_names": "*"}, sender)
    assert [params["PolicyName"] for _, params in calls(every)] == ["ours", "theirs"]


@pytest.mark.parametrize(
    ("options", "made", "back"),
    [
        ({"volume-type": "gp3"}, {"VolumeType": "gp3"}, {"VolumeType": "io1"}),
        ({"iops": 4500}, {"Iops": 4500}, {"Iops": 3000}),
        ({"iops-percent": 200}, {"Iops": 6000}, {"VolumeType": "io1", "Iops": 3000}),
        (
            {"volume-type": "io2", "iops-percent": 200},
            {"VolumeType": "io2", "Iops": 6000},
            {"VolumeType": "io1", "Iops": 3000},
        ),
        ({"volume-type": "io2", "size-percent": 200}, {"VolumeType": "io2", "Size": 200}, None),
    ],
)
def test_volumes_have_their_speed_again(options: Json, made: Json, back: Json) -> None:
    volume = {"VolumeId": "v", "VolumeType": "io1", "Iops": 3000, "Size": 100, "State": "available"}
    planned = change({"type": "modify", **options}, item("ebs", {}, **volume))
    assert calls(planned) == [("ec2:ModifyVolume", {"VolumeId": "v", **made})]
    assert inverse(planned) == ([] if back is None else [("ec2:ModifyVolume", {"VolumeId": "v", **back})])
