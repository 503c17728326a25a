"""Regions and reach, from botocore's data; held against what botocore's own session says."""

from __future__ import annotations

import botocore.session
import pytest

from providers.aws.adapter.regions import home_of, is_region, regions_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("us-east-1", True),
        ("us-gov-west-1", True),
        ("cn-north-1", True),
        ("eu-nowhere-1", True),  # like a region's name: one that opens tomorrow
        ("us-east-1x", False),
        ("moon", False),
        ("", False),
    ],
)
def test_names_like_a_region(name: str, expected: bool) -> None:
    assert is_region(name) is expected


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
@pytest.mark.parametrize("service", ["ec2", "logs", "cloudwatch", "iam", "elbv2", "bedrock-agent"])
def test_where_a_service_is(service: str, partition: str) -> None:
    expected = botocore.session.Session().get_available_regions(service, partition)
    assert regions_of(service, partition) == frozenset(expected)


def test_a_partition_that_is_not_known() -> None:
    assert regions_of("ec2", "aws-moon") == frozenset()


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("eu-west-1", "us-east-1"),
        ("cn-northwest-1", "cn-northwest-1"),
        ("us-gov-east-1", "us-gov-west-1"),
        ("eu-nowhere-1", "us-east-1"),
        ("moon", "moon"),
    ],
)
def test_where_global_services_are_asked(region: str, expected: str) -> None:
    assert home_of(region) == expected
