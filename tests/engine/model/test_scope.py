"""Partitions of regions."""

from __future__ import annotations

import botocore.session
import pytest

from engine.model.scope import Scope, partition_of


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("eu-west-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("", "aws"),
    ],
)
def test_partition(region: str, partition: str) -> None:
    assert partition_of(region) == partition == Scope("1", region).partition


@pytest.mark.parametrize(
    "partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"]
)
def test_every_region_that_the_sdk_knows(partition: str) -> None:
    regions = botocore.session.Session().get_available_regions("ec2", partition)
    assert {partition_of(region) for region in regions} <= {partition}


def test_a_scope_is_told_by_account_and_region() -> None:
    assert str(Scope("1", "us-east-1", "audit")) == "1/us-east-1"
