"""Buckets with every option, and with none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Ask, See


@pytest.mark.parametrize(
    ("operation", "path", "expected"),
    [
        ("get_bucket_versioning", "Status", "Enabled"),
        ("get_bucket_tagging", "TagSet", [{"Key": "Team", "Value": "x"}]),
        ("get_bucket_lifecycle_configuration", "Rules[].Expiration.Days", [30]),
        ("get_public_access_block", "values(PublicAccessBlockConfiguration)", [True] * 4),
        ("get_bucket_logging", "LoggingEnabled.[TargetBucket, TargetPrefix]", ["house-logs", "house-full/"]),
        ("list_objects_v2", "Contents[].[Key, Size]", [["p/0000", 7], ["p/0001", 7]]),
    ],
)
def test_a_bucket_with_everything(operation: str, path: str, expected: Any, see: See) -> None:
    assert see("s3", operation, path, Bucket="house-full") == expected


@pytest.mark.parametrize(("bucket", "algorithm"), [("house-full", "AES256"), ("house-open", "aws:kms")])
def test_encryption(bucket: str, algorithm: str, see: See) -> None:
    path = "ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm"
    assert see("s3", "get_bucket_encryption", path, Bucket=bucket) == algorithm


def test_a_public_bucket(see: See) -> None:
    who = see("s3", "get_bucket_acl", "Grants[].Grantee.URI", Bucket="house-open")
    assert who == ["http://acs.amazonaws.com/groups/global/AllUsers"]
    policy = json.loads(see("s3", "get_bucket_policy", "Policy", Bucket="house-open"))
    assert policy["Statement"][0]["Effect"] == "Deny"


@pytest.mark.parametrize(
    "operation",
    ["get_bucket_tagging", "get_bucket_lifecycle_configuration", "get_bucket_policy", "get_public_access_block"],
)
def test_a_bucket_with_nothing(operation: str, ask: Ask) -> None:
    with pytest.raises(ClientError, match="NoSuch"):
        getattr(ask("s3"), operation)(Bucket="house-logs")
