"""What the API would refuse of a call."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.json import Json
from providers.aws.adapter.inputs import misfits


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        ("ec2", "StopInstances", {"InstanceIds": ["i-1"], "Force": True}, []),
        ("ec2", "StopInstances", {}, ["StopInstances needs InstanceIds"]),
        ("ec2", "StopInstances", {"InstanceIds": "i-1"}, ["StopInstances.InstanceIds is 'i-1'"]),
        ("ec2", "StopInstances", {"InstanceIds": [1]}, ["StopInstances.InstanceIds[0] is 1"]),
        ("ec2", "StopInstances", {"InstanceIds": [], "Forze": True}, ["StopInstances has no parameter 'Forze'"]),
        ("ec2", "ModifyVolume", {"VolumeId": "v", "Iops": True}, ["ModifyVolume.Iops is True"]),
        ("ec2", "ModifyVolume", {"VolumeId": "v", "VolumeType": "x"}, ["ModifyVolume.VolumeType cannot be 'x'"]),
        ("sqs", "SetQueueAttributes", {"QueueUrl": "u", "Attributes": {"DelaySeconds": 1}},
         ["SetQueueAttributes.Attributes.DelaySeconds is 1"]),
        ("logs", "PutRetentionPolicy", {"logGroupName": "g", "retentionInDays": 7}, []),
        ("lambda", "UpdateFunctionConfiguration", {"FunctionName": "f", "Timeout": 0},
         ["UpdateFunctionConfiguration.Timeout is 0"]),
        ("dynamodb", "UpdateTable", {"TableName": "t", "ProvisionedThroughput": {"ReadCapacityUnits": 1}},
         ["UpdateTable.ProvisionedThroughput needs WriteCapacityUnits"]),
        ("ec2", "StopInstance", {}, ["ec2 has no operation 'StopInstance'"]),
        ("ec3", "StopInstances", {}, ["there is no service 'ec3'"]),
    ],
)  # fmt: skip
def test_misfits(service: str, operation: str, params: dict[str, Json], expected: list[str]) -> None:
    assert [each.text for each in misfits(service, operation, params)] == expected


@pytest.mark.parametrize(
    ("later", "expected"),
    [({"InstanceIds"}, []), ({"InstanceIds", "Ids"}, ["StopInstances has no parameter 'Ids'"])],
)
def test_parameters_whose_values_come_later(later: set[str], expected: list[Any]) -> None:
    assert [each.text for each in misfits("ec2", "StopInstances", {}, later)] == expected
