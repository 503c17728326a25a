"""What identifies a thing, and which operations can be told which one is meant."""

import pytest

from providers.aws.derive.outside import Joins
from providers.aws.derive.types import things_of

from .models import CARS, TEXT, things, toys


@pytest.mark.parametrize(
    ("service", "noun", "id", "arn"),
    [
        ("ec2", "instance", "InstanceId", ""),
        ("s3", "bucket", "Name", "BucketArn"),
        ("lambda", "function", "FunctionName", "FunctionArn"),
        ("rds", "dbinstance", "DBInstanceIdentifier", "DBInstanceArn"),
        ("kinesis", "stream", "StreamName", "StreamARN"),
        ("ec2", "keypair", "KeyPairId", ""),
        ("elbv2", "loadbalancer", "LoadBalancerArn", "LoadBalancerArn"),
        ("wafv2", "webacl", "Id", "ARN"),
        ("secretsmanager", "secret", "ARN", "ARN"),
        ("iam", "accesskey", "AccessKeyId", ""),
        ("ecr", "image", "imageDigest", ""),
    ],
)
def test_identity(service: str, noun: str, id: str, arn: str) -> None:
    thing = things(service)[noun]
    assert (thing.id, thing.arn) == (id, arn)


def test_a_child_is_not_known_by_its_parent() -> None:
    rules = {
        **CARS,
        "ListWheels": ({"CarName!": TEXT}, {"Wheels": [{"CarName": TEXT, "WheelId": TEXT}]}),
        "CreateWheel": ({"CarName!": TEXT}, {}),
        "DeleteWheel": ({"CarName!": TEXT, "WheelId!": TEXT}, {}),
    }
    made = things_of(toys(**rules), Joins())
    assert made["wheel"].id == "WheelId"
    assert made["wheel"].above is not None


@pytest.mark.parametrize(
    ("operation", "filled"),
    [
        ("StopServer", {"Id": "Id"}),
        ("ResetServerClock", {"ServerId": "Id"}),
        ("StopServerGroup", None),
        ("WipeDisk", None),
        ("ResizeServer", None),
    ],
)
def test_what_fills_an_operation(operation: str, filled: dict[str, str] | None) -> None:
    """An input called just Id is the thing's in its own operations only; what nothing fills is not filled."""
    api = toys(
        ListServers=({}, {"Servers": [{"Id": TEXT, "Arn": TEXT}]}),
        CreateServer=({}, {}),
        DeleteServer=({"Id!": TEXT}, {}),
        StopServer=({"Id!": TEXT}, {}),
        ResetServerClock=({"ServerId!": TEXT}, {}),
        StopServerGroup=({"ServerGroupId!": TEXT}, {}),
        WipeDisk=({"Id!": TEXT}, {}),
        ResizeServer=({"Id!": TEXT, "Size!": "integer"}, {}),
    )
    assert things_of(api, Joins())["server"].supply(api.ops[operation]) == filled


@pytest.mark.parametrize(
    ("service", "noun", "operation", "filled"),
    [
        ("iam", "accesskey", "DeleteAccessKey", {"AccessKeyId": "AccessKeyId", "UserName": "UserName"}),
        ("events", "rule", "DisableRule", {"Name": "Name", "EventBusName": "EventBusName"}),
        ("codecommit", "branch", "GetBranch", {"branchName": "branchName", "repositoryName": "repositoryName"}),
        ("efs", "accesspoint", "DeleteAccessPoint", {"AccessPointId": "AccessPointId"}),
    ],
)
def test_what_is_known_inside_its_parent_is_called_with_it(
    service: str, noun: str, operation: str, filled: dict[str, str]
) -> None:
    """Though the service asks for it of nobody: left out, it is the caller's own or the default one."""
    thing = things(service)[noun]
    assert thing.supply(thing.api.ops[operation]) == filled
