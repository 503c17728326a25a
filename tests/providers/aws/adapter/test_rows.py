"""Resources as AWS Config and Cloud Control write them, read as their own service would have described them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.model.json import Json
from providers.aws import PROVIDER
from providers.aws.adapter.rows import rows
from providers.aws.adapter.sdk_model import SdkModel

SDK = SdkModel()


def read(word: str, configuration: Json, **record: Any) -> dict[str, Json]:
    type = PROVIDER.sourced(PROVIDER.type(word), "config")
    assert type is not None
    text = json.dumps({"resourceId": "the-id", "configuration": configuration, **record})
    (found,) = rows(SDK, type, {"Results": [text]})
    return found


@pytest.mark.parametrize(
    ("word", "configuration", "expected"),
    [
        ("rds", {"dBInstanceIdentifier": "db"}, {"DBInstanceIdentifier": "db"}),
        ("rds-cluster", {"dbclusterArn": "arn:x"}, {"DBClusterArn": "arn:x"}),
        ("rds", {"allocatedStorage": 20.0}, {"AllocatedStorage": 20}),
        ("rds-cluster", {"availabilityZones": [{"value": "a"}]}, {"AvailabilityZones": ["a"]}),
        ("rds-cluster", {"endpoint": {"value": "host"}}, {"Endpoint": "host"}),
        ("ec2", {"state": {"name": "running", "code": 16.0}}, {"State": {"Name": "running", "Code": 16}}),
        ("ec2", {"launchTime": "2026-01-02T03:04:05.000Z"}, {"LaunchTime": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}),
        ("rds-cluster", {"clusterCreateTime": 1.6e12}, {"ClusterCreateTime": datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)}),
        ("ec2", {"newerThanTheSdk": {"a": 1.0}}, {"newerThanTheSdk": {"a": 1.0}}),
        ("ec2", "{\"instanceId\": \"i-1\"}", {"InstanceId": "i-1"}),
        ("sqs", {"KmsMasterKeyId": "k"}, {"QueueUrl": "the-id", "KmsMasterKeyId": "k"}),
        ("ec2", None, {"InstanceId": "the-id"}),
        *(("security-group", {"ipPermissions": [permission]}, {"IpPermissions": [{"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]})
          for permission in ({"ipRanges": ["0.0.0.0/0"], "ipv4Ranges": [{"cidrIp": "0.0.0.0/0"}]},
                             {"ipv4Ranges": [{"cidrIp": "0.0.0.0/0"}], "ipRanges": ["0.0.0.0/0"]})),
    ],
)  # fmt: skip
def test_config(word: str, configuration: Json, expected: dict[str, Json]) -> None:
    found = read(word, configuration)
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [("OK", ["a"]), ("ResourceDiscovered", ["a"]), ("ResourceDeleted", []), ("ResourceNotRecorded", [])],
)
def test_records_of_a_history(status: str, expected: list[str]) -> None:
    """Of what is no more, none; an answer that Config keeps whole is what the detail takes of it."""
    type = PROVIDER.sourced(PROVIDER.type("firewall"), "config")
    assert type is not None
    kept = json.dumps({"firewall": {"firewallName": "a", "tags": []}, "updateToken": "t"})
    body = {"configurationItems": [{"resourceId": "1", "configurationItemStatus": status, "configuration": kept}]}
    assert [row["FirewallName"] for row in rows(SDK, type, body)] == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"configuration": {"tags": [{"key": "a", "value": "b"}]}}, [{"Key": "a", "Value": "b"}]),
        ({"configuration": {"tags": [{"tagKey": "a", "tagValue": "b"}]}}, [{"Key": "a", "Value": "b"}]),
        ({"supplementaryConfiguration": {"Tags": {"a": "b"}}}, [{"Key": "a", "Value": "b"}]),
        ({"supplementaryConfiguration": {"Tags": "[{\"key\": \"a\", \"value\": \"b\"}]"}}, [{"Key": "a", "Value": "b"}]),
        ({"tags": [{"key": "a", "value": None}]}, [{"Key": "a", "Value": ""}]),
        ({}, []),
    ],
)  # fmt: skip
def test_tags_of_config_in_any_spelling(record: dict[str, Json], expected: Json) -> None:
    type = PROVIDER.sourced(PROVIDER.type("kms-key"), "config")
    assert type is not None
    (found,) = rows(SDK, type, {"Results": [json.dumps(record)]})
    assert found["Tags"] == expected


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ({"Identifier": "g", "Properties": '{"LogGroupName": "g"}'}, {"LogGroupName": "g", "Identifier": "g"}),
        ({"Identifier": "g"}, {"Identifier": "g"}),
    ],
)
def test_cloud_control(description: Json, expected: Json) -> None:
    type = PROVIDER.sourced(PROVIDER.type("log-group"), "cloudcontrol")
    assert type is not None
    assert rows(SDK, type, {"ResourceDescriptions": [description]}) == [expected]
