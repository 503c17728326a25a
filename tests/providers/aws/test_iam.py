"""IAM's names for botocore's operations."""

import pytest

from providers.aws.adapter.sdk_model import SdkModel
from providers.aws.iam import iam_actions, iam_prefix


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("ec2", "DescribeVpcs", "ec2:DescribeVpcs"),
        ("elbv2", "DescribeRules", "elasticloadbalancing:DescribeRules"),
        ("stepfunctions", "ListStateMachines", "states:ListStateMachines"),
        ("s3", "ListBuckets", "s3:ListAllMyBuckets"),
        ("apigateway", "GetRestApis", "apigateway:GET"),
        ("apigatewayv2", "DeleteApi", "apigateway:DELETE"),
        ("keyspaces", "ListTables", "cassandra:Select"),
        ("opensearchserverless", "ListCollections", "aoss:ListCollections"),
    ],
)
def test_actions(service: str, operation: str, action: str) -> None:
    assert iam_actions(service, operation) == (action,)


def test_prefixes_are_the_models() -> None:
    """The table, which needs no SDK, says what the SDK's models say."""
    sdk = SdkModel()
    assert {s: iam_prefix(s) for s in sdk.services()} == {s: sdk.iam_prefix(s) for s in sdk.services()}
