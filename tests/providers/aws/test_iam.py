"""IAM's names for calls."""

from __future__ import annotations

import pytest

from providers.aws.iam import iam_actions


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("ec2", "DescribeInstances", ("ec2:DescribeInstances",)),
        ("elbv2", "DeleteLoadBalancer", ("elasticloadbalancing:DeleteLoadBalancer",)),
        ("resourcegroupstaggingapi", "GetResources", ("tag:GetResources",)),
        ("s3", "ListBuckets", ("s3:ListAllMyBuckets",)),
        ("s3", "GetBucketEncryption", ("s3:GetEncryptionConfiguration",)),
        ("unheard-of", "DoIt", ("unheard-of:DoIt",)),
    ],
)
def test_actions(service: str, operation: str, expected: tuple[str, ...]) -> None:
    assert iam_actions(service, operation) == expected
