"""Which bodies with a good status are AWS's? Each protocol against what proxies and broken connections give."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.parsers import ResponseParserError, create_parser

from providers.aws.adapter.answers import flattened, listing_members, verify

from .faults import MODEL

PAGE = b"<!DOCTYPE html><html><body>Sign in to the network</body></html>"
XHTML = b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head/><body/></html>'


def verified(service: str, operation: str, body: bytes, status: int = 200) -> dict[str, Any]:
    """What botocore makes of the body, when it passes. Raises ResponseParserError."""
    model = MODEL.operation(service, operation)
    assert model is not None
    response = {"body": body, "headers": {}, "status_code": status}
    parsed = create_parser(model.service_model.resolved_protocol).parse(response, model.output_shape)
    parsed.pop("ResponseMetadata", None)
    verify(SimpleNamespace(status_code=status, content=body, headers={}, raw=body), parsed, model)
    return dict(parsed)


@pytest.mark.parametrize(
    ("service", "operation", "body"),
    [
        ("dynamodb", "ListTables", b"{}"),
        ("dynamodb", "ListTables", b'{"TableNames": []}'),
        ("dynamodb", "TagResource", b""),
        ("lambda", "ListFunctions", b'{"Functions": []}'),
        ("lambda", "DeleteFunction", b""),
        ("lambda", "DeleteFunction", b"{}"),
        ("ec2", "DescribeVolumes", b"<DescribeVolumesResponse><volumeSet/></DescribeVolumesResponse>"),
        ("ec2", "DescribeVolumes", b"<?xml version='1.0'?><!-- c --><DescribeVolumesResponse xmlns='x'/>"),
        ("ec2", "DeleteVolume", b"<DeleteVolumeResponse><return>true</return></DeleteVolumeResponse>"),
        (
            "sns",
            "ListTopics",
            b"<ListTopicsResponse><ListTopicsResult><Topics/></ListTopicsResult></ListTopicsResponse>",
        ),
        ("s3", "GetBucketVersioning", b"<VersioningConfiguration/>"),
        ("s3", "GetBucketVersioning", b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"),
        ("s3", "ListBuckets", b"<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"),
        ("s3", "PutBucketTagging", b""),
        ("s3", "GetBucketLocation", b"<LocationConstraint xmlns='x'/>"),
        ("s3", "GetBucketLocation", b"<LocationConstraint>eu-west-1</LocationConstraint>"),
        ("s3", "GetBucketLogging", b"<BucketLoggingStatus/>"),
        ("cloudfront", "ListDistributions", b"<DistributionList><Quantity>0</Quantity></DistributionList>"),
        ("s3", "GetBucketPolicy", b'{"Statement": []}'),
        ("route53", "ListHostedZones", b"<ListHostedZonesResponse><HostedZones/></ListHostedZonesResponse>"),
    ],
)
def test_what_aws_answers_passes(service: str, operation: str, body: bytes) -> None:
    verified(service, operation, body)


@pytest.mark.parametrize(
    ("service", "operation", "body"),
    [
        ("dynamodb", "ListTables", PAGE),
        ("dynamodb", "ListTables", b""),
        ("dynamodb", "ListTables", b"null"),
        ("dynamodb", "ListTables", b"[]"),
        ("dynamodb", "ListTables", b'{"TableNames": ["a"'),
        ("dynamodb", "ListTables", b'{"error": "blocked by policy"}'),
        ("dynamodb", "ListTables", b'{"message": "please sign in"}'),
        ("dynamodb", "ListTables", b"[" * 100_000),
        ("lambda", "ListFunctions", PAGE),
        ("lambda", "ListFunctions", b"OK"),
        ("lambda", "DeleteFunction", PAGE),
        ("ec2", "DescribeVolumes", XHTML),
        ("ec2", "DescribeVolumes", b""),
        ("ec2", "DescribeVolumes", b"<DescribeSnapshotsResponse><snapshotSet/></DescribeSnapshotsResponse>"),
        ("ec2", "DescribeVolumes", b"<Response><Errors/></Response>"),
        ("ec2", "DeleteVolume", XHTML),
        ("ec2", "DeleteVolume", b""),
        ("sns", "ListTopics", XHTML),
        ("s3", "GetBucketVersioning", XHTML),
        ("s3", "GetBucketVersioning", b""),
        ("s3", "ListBuckets", b"<Error><Code>InternalError</Code></Error>"),
        ("s3", "ListBuckets", b"<status><message>blocked</message></status>"),
        ("s3", "GetBucketVersioning", b"<?xml version='1.0'?><a/>"),
        ("s3", "GetBucketVersioning", b"<status>ok</status>"),
        ("s3", "GetBucketLogging", b"<AccessDenied/>"),
        ("cloudfront", "ListDistributions", b"<ok/>"),
        ("s3", "GetBucketPolicy", b""),
        ("s3", "GetBucketPolicy", PAGE),
        ("s3", "GetBucketPolicy", b"ok"),
        ("s3", "GetBucketPolicy", b"{}"),
        ("s3", "GetBucketPolicy", b"[]"),
        ("s3", "GetBucketPolicy", b'{"message": "ok"}'),
        ("s3", "GetBucketPolicy", b'{"Version": "2012-10-17", "Statement": [{"Eff'),
        ("route53", "ListHostedZones", PAGE),
    ],
)
def test_what_others_answer_is_a_failure(service: str, operation: str, body: bytes) -> None:
    """Some of it botocore's own parser stumbles over; the door makes a failed call of either."""
    with pytest.raises((ResponseParserError, TypeError, KeyError, AttributeError, RecursionError)):
        verified(service, operation, body)


def test_redirects_and_errors_are_left_to_the_sdk() -> None:
    verified("lambda", "ListFunctions", b"{}", status=301)


def test_lists_without_an_element_of_their_own_are_empty_where_nothing_stands() -> None:
    """S3's `Contents` repeat; a bucket without objects has none."""
    body = b"<ListBucketResult><Name>b</Name><KeyCount>0</KeyCount></ListBucketResult>"
    assert verified("s3", "ListObjectsV2", body)["Contents"] == []


@pytest.mark.parametrize(
    ("service", "operation", "flat", "standing"),
    [
        ("s3", "ListObjectsV2", {"Contents", "CommonPrefixes"}, set()),
        ("ec2", "DescribeVolumes", set(), {"Volumes"}),
        ("dynamodb", "ListTables", set(), {"TableNames"}),
        ("sns", "GetTopicAttributes", set(), set()),
        ("sqs", "ListQueues", {"QueueUrls"}, set()),
    ],
)
def test_which_lists_must_stand_in_an_answer(service: str, operation: str, flat: set[str], standing: set[str]) -> None:
    model = MODEL.operation(service, operation)
    assert model is not None
    assert (flattened(model), listing_members(model)) == (flat, standing)
