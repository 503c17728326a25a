"""How did a call fail? botocore's exceptions and AWS's error codes to one typed failure, decided here once."""

from __future__ import annotations

from botocore import exceptions as sdk

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind

# Source of the codes: "Common Errors" of the AWS API references, the error lists of EC2, S3, IAM, RDS and CloudWatch,
# and botocore's own retry tables (`botocore/retries/standard.py`, `botocore/data/_retry.json`).
DENIED = frozenset(
    {
        "AccessDenied", "AccessDeniedException", "AllAccessDisabled", "AuthorizationError",
        "AuthorizationErrorException",
        "AuthFailure", "Forbidden", "ForbiddenException", "KMSAccessDeniedException", "NotAuthorized", "OptInRequired",
        "SubscriptionRequiredException", "UnauthorizedAccess", "UnauthorizedOperation", "AccountAccessDeniedException",
        "403",
    }
)  # fmt: skip
THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled",
        "RequestThrottledException", "SlowDown", "ThrottledException", "Throttling", "ThrottlingException",
        "TooManyRequestsException", "TransactionInProgressException",
    }
)  # fmt: skip
CREDENTIALS = frozenset(
    {
        "ExpiredToken", "ExpiredTokenException", "IncompleteSignature", "InvalidAccessKeyId", "InvalidClientTokenId",
        "InvalidToken", "MissingAuthenticationToken", "RequestExpired", "SignatureDoesNotMatch", "TokenRefreshRequired",
        "UnrecognizedClientException",
    }
)  # fmt: skip
FAULTS = frozenset(
    {"InternalError", "InternalFailure", "InternalServerError", "ServiceUnavailable", "Unavailable", "500", "503"}
)
_GONE_PARTS = ("NotFound", "NoSuch", "DoesNotExist", "NonExistent", ".Gone")


def kind_of_code(code: str, status: int) -> FailureKind:
    """The kind of an AWS error code; `status` is the HTTP status, which decides for codes not in the tables."""
    for kind, codes in (
        (FailureKind.CREDENTIALS, CREDENTIALS),
        (FailureKind.DENIED, DENIED),
        (FailureKind.THROTTLED, THROTTLED),
        (FailureKind.FAULT, FAULTS),
    ):
        if code in codes:
            return kind
    if any(part in code for part in _GONE_PARTS) or status == 404:
        return FailureKind.GONE
    if status == 403:
        return FailureKind.DENIED
    if status == 429:
        return FailureKind.THROTTLED
    return FailureKind.FAULT if status >= 500 else FailureKind.INVALID


_NOT_SENT = (
    sdk.EndpointConnectionError, sdk.ConnectTimeoutError, sdk.NoCredentialsError, sdk.PartialCredentialsError,
    sdk.CredentialRetrievalError, sdk.ParamValidationError, sdk.NoRegionError, sdk.ProxyConnectionError, sdk.SSLError,
    sdk.UnknownServiceError, sdk.TokenRetrievalError, sdk.UnauthorizedSSOTokenError, sdk.ProfileNotFound,
)  # fmt: skip
_NO_CREDENTIALS = (
    sdk.NoCredentialsError, sdk.PartialCredentialsError, sdk.CredentialRetrievalError, sdk.TokenRetrievalError,
    sdk.UnauthorizedSSOTokenError, sdk.ProfileNotFound,
)  # fmt: skip


def failure(call: Call, error: Exception) -> CallFailed:
    """The typed failure of a call, whatever the SDK raised."""
    if isinstance(error, CallFailed):
        return error
    if isinstance(error, sdk.ClientError):
        told = error.response.get("Error", {})
        code = str(told.get("Code", "Unknown"))
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) or 0)
        kind = kind_of_code(code, status)
        # A 5xx may have been carried out before the answer was lost.
        sent = None if kind is FailureKind.FAULT else True
        return CallFailed(call.service, call.operation, kind, code, str(told.get("Message", "")), sent)
    kind = FailureKind.FAULT
    if isinstance(error, _NO_CREDENTIALS):
        kind = FailureKind.CREDENTIALS
    elif isinstance(error, sdk.ParamValidationError | sdk.UnknownServiceError):
        kind = FailureKind.INVALID
    text = " ".join(str(error).split())
    sent = False if isinstance(error, _NOT_SENT) else None
    return CallFailed(call.service, call.operation, kind, type(error).__name__, text, sent)
