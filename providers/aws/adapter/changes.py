"""How is a call that changes something sent? Once; again only where it was certainly not done, or AWS deduplicates it.

The SDK's own retries do not know which operations are safe to repeat: after a lost answer they send a CreateSnapshot
again and make a second snapshot. So changes go through clients that never retry, and this module decides.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from botocore import exceptions as sdk
from botocore import xform_name
from botocore.model import OperationNotFoundError

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind
from engine.model.json import Json
from providers.aws.adapter.errors import THROTTLED, failure, names_not_found

ATTEMPTS = 5
WAIT_MOST = 20.0
"""Seconds that one pause between two attempts lasts at most."""

RETRIES = {"mode": "standard", "total_max_attempts": 1}
"""botocore's retry configuration of clients that make changes; it wins over AWS_MAX_ATTEMPTS and AWS_RETRY_MODE."""

# Parameters by which a service deduplicates requests though botocore's model has no idempotencyToken trait for them.
# Source, for each: the operation's page in the service's API reference, which documents the parameter as one.
TOKENS = {
    ("cloudformation", "CancelUpdateStack"): "ClientRequestToken",
    ("cloudformation", "DeleteStack"): "ClientRequestToken",
    ("cloudformation", "RollbackStack"): "ClientRequestToken",
    ("cloudformation", "UpdateStack"): "ClientRequestToken",
    ("codebuild", "RetryBuild"): "idempotencyToken",
    ("codebuild", "RetryBuildBatch"): "idempotencyToken",
    ("codecatalyst", "UpdateDevEnvironment"): "clientToken",
    ("comprehend", "StartFlywheelIteration"): "ClientRequestToken",
    ("connect", "UpdateEmailAddressMetadata"): "ClientToken",
    ("ec2", "CreateFlowLogs"): "ClientToken",
    ("ram", "DeletePermission"): "clientToken",
    ("ram", "AcceptResourceShareInvitation"): "clientToken",
    ("ram", "RejectResourceShareInvitation"): "clientToken",
    ("ram", "DeleteResourceShare"): "clientToken",
    ("ram", "UpdateResourceShare"): "clientToken",
    ("ram", "DisassociateResourceShare"): "clientToken",
    ("sagemaker", "UpdateModelPackage"): "ClientToken",
}

_BUSY = THROTTLED - {"LimitExceededException", "TransactionInProgressException"}
"""Codes after which the same request may succeed; of the two left out, one is mostly a quota, the other says that an
earlier request with this token goes on."""

_NOT_CONNECTED = (sdk.EndpointConnectionError, sdk.ConnectTimeoutError, sdk.ProxyConnectionError)


def send(
    call: Call,
    token: str,
    client: Any,
    read: Callable[[dict[str, Json]], dict[str, Json]],
    count: Callable[[], None],
    pause: Callable[[float], None] = time.sleep,
) -> dict[str, Json]:
    """The answer to a change.

    Args:     token: equal for every sending of this change, different for any other. client: one that never retries.
              read: takes the parsed answer to its body. count: called for each request.
    Raises:   CallFailed; its `sent` is None as soon as one of the requests may have been carried out.
    """
    name, params = xform_name(call.operation), call.params
    try:
        deduplicated = token_name(call, client)
    except OperationNotFoundError as error:
        raise CallFailed(
            call.service,
            call.operation,
            FailureKind.INVALID,
            type(error).__name__,
            "the SDK knows no such operation",
            False,
        ) from error
    if deduplicated and token:
        params = {deduplicated: token, **params}
    lost: CallFailed | None = None
    for attempt in range(1, ATTEMPTS + 1):
        try:
            count()
            return read(getattr(client, name)(**params))
        except Exception as error:
            failed = typed(call, error, client)
            lost = lost or (failed if failed.sent is None else None)
            again = (deduplicated and failed.sent is None) or _not_done(failed, error)
            if attempt == ATTEMPTS or not again:
                raise _with_doubt(failed, lost) from error
        pause(random.uniform(0, min(WAIT_MOST, 0.5 * 2**attempt)))
    raise AssertionError("every attempt returns or raises")


def token_name(call: Call, client: Any) -> str:
    """The parameter by which AWS recognises a request that it has had before, or empty."""
    shape = client.meta.service_model.operation_model(call.operation).input_shape
    members = shape.members if shape is not None else {}
    named = next((n for n, member in members.items() if member.metadata.get("idempotencyToken")), "")
    return named or TOKENS.get((call.service, call.operation), "")


def typed(call: Call, error: Exception, client: Any) -> CallFailed:
    """The failure of a change. A gateway that gave up waiting (408) does not say whether AWS was reached."""
    model = client.meta.service_model.operation_model(call.operation)
    failed = failure(call, error, lambda code: names_not_found(model, code))
    if isinstance(error, sdk.ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status == 408 or (isinstance(status, int) and status >= 500 and failed.code not in THROTTLED):
            failed.sent = None
    return failed


def _not_done(failed: CallFailed, error: Exception) -> bool:
    """Whether the failure proves that nothing was done, and the same request may succeed a little later."""
    return isinstance(error, _NOT_CONNECTED) or (failed.kind is FailureKind.THROTTLED and failed.code in _BUSY)


def _with_doubt(failed: CallFailed, lost: CallFailed | None) -> CallFailed:
    """The last failure; an earlier request that got no answer makes it uncertain."""
    if lost is None or failed is lost or failed.sent is None:
        return failed
    return CallFailed(
        failed.service, failed.operation, failed.kind, failed.code, f"{failed.message}; before that: {lost}", None
    )
