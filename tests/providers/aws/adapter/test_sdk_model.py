"""The questions to botocore's models are answered, and unknown names give nothing."""

import pytest

from providers.aws.adapter.sdk_model import SdkModel, synthesised, tokens_of

SDK = SdkModel()


def test_operations() -> None:
    assert "DescribeInstances" in SDK.operations("ec2")
    assert SDK.operation("ec2", "DescribeInstance") is None
    assert SDK.operation("ec3", "DescribeInstances") is None
    assert SDK.operations("ec3") == ()
    assert "elbv2" in SDK.services()


def test_pagination() -> None:
    pages = SDK.pagination("iam", "ListUsers")
    assert pages is not None
    assert (pages.input_tokens, pages.output_tokens, pages.results) == (("Marker",), ("Marker",), ("Users",))
    assert (pages.more, pages.limit) == ("IsTruncated", "MaxItems")
    assert SDK.pagination("ec2", "DescribeAddresses") is None
    assert SDK.pagination("ec3", "DescribeAddresses") is None


def test_pages_by_tokens_where_botocore_has_no_paginator() -> None:
    pages = SDK.pagination("apprunner", "ListServices")
    assert pages is not None
    assert (pages.input_tokens, pages.output_tokens, pages.results) == (("NextToken",), ("NextToken",), ())
    assert pages.limit == "MaxResults"


@pytest.mark.parametrize(
    ("service", "operation"),
    [("sts", "GetCallerIdentity"), ("logs", "GetLogEvents"), ("sts", "GetSessionToken"), ("ec2", "DescribeAddresses")],
)
def test_tokens_of_other_kinds_are_no_pages(service: str, operation: str) -> None:
    """GetLogEvents answers a token for ever; GetSessionToken's are credentials."""
    model = SDK.operation(service, operation)
    assert model is not None
    assert tokens_of(model) is None


def test_what_a_service_is() -> None:
    assert SDK.full_name("glue") == "AWS Glue"
    assert [s for s in ("iam", "route53", "ec2", "glue", "nothing") if SDK.is_global(s)] == ["iam", "route53"]


@pytest.mark.parametrize(
    ("service", "prefix"),
    [("elbv2", "elasticloadbalancing"), ("cloudwatch", "cloudwatch"), ("s3control", "s3"), ("nothing", "")],
)
def test_iam_prefix(service: str, prefix: str) -> None:
    assert SDK.iam_prefix(service) == prefix


def test_synthesised_answers_fill_every_member_once() -> None:
    model = SDK.operation("wafv2", "GetWebACL")
    assert model is not None
    answer = synthesised(model.output_shape)
    assert set(answer) == set(model.output_shape.members)
    assert len(answer["WebACL"]["Rules"]) == 1
