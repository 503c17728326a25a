"""Codes to kinds, exceptions to failures."""

from __future__ import annotations

import pytest
from botocore import exceptions as sdk

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind
from engine.model.scope import Scope
from providers.aws.adapter.errors import CREDENTIALS, DENIED, FAULTS, THROTTLED, failure, kind_of_code, names_not_found

from .faults import MODEL

CALL = Call("ec2", "StopInstances", {}, Scope("1", "us-east-1"))


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("AccessDenied", 403, FailureKind.DENIED),
        ("UnauthorizedOperation", 403, FailureKind.DENIED),
        ("AccessDeniedException", 400, FailureKind.DENIED),
        ("SomethingNew", 403, FailureKind.DENIED),
        ("403", 403, FailureKind.DENIED),
        ("RequestLimitExceeded", 503, FailureKind.THROTTLED),
        ("SlowDown", 503, FailureKind.THROTTLED),
        ("Whatever", 429, FailureKind.THROTTLED),
        ("ExpiredToken", 400, FailureKind.CREDENTIALS),
        ("ExpiredTokenException", 403, FailureKind.CREDENTIALS),
        ("InvalidClientTokenId", 403, FailureKind.CREDENTIALS),
        ("SomethingNotFound", 404, FailureKind.INVALID),
        ("404", 404, FailureKind.INVALID),
        ("PermanentRedirect", 301, FailureKind.INVALID),
        ("RequestTimeTooSkewed", 400, FailureKind.INVALID),
        ("InternalError", 500, FailureKind.FAULT),
        ("Anything", 502, FailureKind.FAULT),
        ("IncorrectInstanceState", 400, FailureKind.INVALID),
        ("ValidationError", 400, FailureKind.INVALID),
    ],
)
def test_kinds(code: str, status: int, kind: FailureKind) -> None:
    """From the code where it is known, else from the status."""
    assert kind_of_code(code, status) is kind


@pytest.mark.parametrize(
    ("service", "operation", "code", "named"),
    [
        ("ec2", "DescribeInstances", "InvalidInstanceID.NotFound", True),
        ("ec2", "DescribeInstances", "InvalidInvention.NotFound", False),
        ("ec2", "DescribeInstances", "InvalidInstanceID.Malformed", False),
        ("s3", "GetBucketTagging", "NoSuchBucket", True),
        ("s3", "GetBucketTagging", "NoSuchThing", False),
        ("s3", "HeadBucket", "404", True),
        ("s3", "GetBucketTagging", "404", False),
        ("lambda", "GetFunction", "ResourceNotFoundException", True),
        ("lambda", "ListFunctions", "ResourceNotFoundException", False),
        ("rds", "DescribeDBInstances", "DBInstanceNotFound", True),
        ("kms", "DescribeKey", "NotFoundException", True),
        ("kms", "DescribeKey", "KMSInvalidStateException", False),
        ("kms", "DescribeKey", "InvalidArnException", False),
        ("ecs", "DescribeTaskDefinition", "ClientException", False),
        ("sqs", "GetQueueAttributes", "QueueDoesNotExist", True),
    ],
)
def test_only_what_the_model_names_is_not_found(service: str, operation: str, code: str, named: bool) -> None:
    """Neither the status 404 nor the sound of a code is enough."""
    model = MODEL.operation(service, operation)
    assert model is not None
    assert names_not_found(model, code) is named
    kind = kind_of_code(code, 404, not_found=named)
    assert kind is (FailureKind.GONE if named else FailureKind.INVALID)


def test_what_says_denied_is_never_an_absence() -> None:
    """Whatever a model calls it."""
    assert kind_of_code("AccessDeniedException", 404, not_found=True) is FailureKind.DENIED


def test_no_code_has_two_kinds() -> None:
    """The first table would win silently."""
    tables = [DENIED, THROTTLED, CREDENTIALS, FAULTS]
    assert sum(map(len, tables)) == len(frozenset().union(*tables))
    assert all(code == code.strip() for table in tables for code in table)


def answered(code: str, status: int) -> CallFailed:
    """The failure of an error answer."""
    response = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return failure(CALL, sdk.ClientError(response, "StopInstances"))


def test_a_refusal_was_not_carried_out_a_500_may_have_been() -> None:
    """`sent` None is what makes a change uncertain."""
    assert answered("UnauthorizedOperation", 403).sent is True
    assert answered("InternalError", 500).sent is None
    assert answered("ServiceUnavailable", 503).sent is None
    assert answered("Throttling", 400).sent is True


@pytest.mark.parametrize(
    ("error", "kind", "sent"),
    [
        (sdk.NoCredentialsError(), FailureKind.CREDENTIALS, False),
        (sdk.PartialCredentialsError(provider="env", cred_var="x"), FailureKind.CREDENTIALS, False),
        (sdk.EndpointConnectionError(endpoint_url="u"), FailureKind.FAULT, False),
        (sdk.ConnectTimeoutError(endpoint_url="u"), FailureKind.FAULT, False),
        (sdk.ReadTimeoutError(endpoint_url="u"), FailureKind.FAULT, None),
        (sdk.ConnectionClosedError(endpoint_url="u"), FailureKind.FAULT, None),
        (sdk.IncompleteReadError(actual_bytes=1, expected_bytes=2), FailureKind.FAULT, None),
        (sdk.ParamValidationError(report="x"), FailureKind.INVALID, False),
        (sdk.UnknownServiceError(service_name="x", known_service_names="y"), FailureKind.INVALID, False),
        (sdk.NoRegionError(), FailureKind.FAULT, False),
        (ValueError("a bug in the SDK"), FailureKind.FAULT, None),
    ],
)
def test_exceptions(error: Exception, kind: FailureKind, sent: bool | None) -> None:
    """What certainly never left is told apart from what may have arrived."""
    told = failure(CALL, error)
    assert (told.kind, told.sent, told.code) == (kind, sent, type(error).__name__)
    assert str(told).startswith("ec2:StopInstances ")


def test_a_typed_failure_stays_as_it_is() -> None:
    """`pages` calls `perform`."""
    told = CallFailed("ec2", "X", FailureKind.GONE, "c", "m")
    assert failure(CALL, told) is told


def test_a_code_of_the_query_protocol_is_known_by_the_name_beside_it() -> None:
    """SQS answers `AWS.SimpleQueueService.NonExistentQueue`, its model knows `QueueDoesNotExist`."""
    model = MODEL.operation("sqs", "GetQueueAttributes")
    assert model is not None
    error = {"Code": "AWS.SimpleQueueService.NonExistentQueue", "QueryErrorCode": "QueueDoesNotExist", "Message": "no"}
    response = {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}
    call = Call("sqs", "GetQueueAttributes", {}, Scope("1", "us-east-1"))
    raised = sdk.ClientError(response, "GetQueueAttributes")
    assert failure(call, raised, lambda code: names_not_found(model, code)).kind is FailureKind.GONE
