"""Codes to kinds, exceptions to failures."""

from __future__ import annotations

import pytest
from botocore import exceptions as sdk

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind
from engine.model.scope import Scope
from providers.aws.adapter.errors import CREDENTIALS, DENIED, FAULTS, THROTTLED, failure, kind_of_code

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
        ("InvalidInstanceID.NotFound", 400, FailureKind.GONE),
        ("NoSuchBucket", 404, FailureKind.GONE),
        ("ResourceNotFoundException", 400, FailureKind.GONE),
        ("AWS.SimpleQueueService.NonExistentQueue", 400, FailureKind.GONE),
        ("404", 404, FailureKind.GONE),
        ("InternalError", 500, FailureKind.FAULT),
        ("Anything", 502, FailureKind.FAULT),
        ("IncorrectInstanceState", 400, FailureKind.INVALID),
        ("ValidationError", 400, FailureKind.INVALID),
    ],
)
def test_kinds(code: str, status: int, kind: FailureKind) -> None:
    """From the code where it is known, else from the status."""
    assert kind_of_code(code, status) is kind


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
