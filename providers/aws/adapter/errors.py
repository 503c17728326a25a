"""How did a call fail? botocore's exceptions and AWS's error codes to one typed failure, decided here once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from botocore import exceptions as sdk
from botocore.model import OperationModel

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
NOT_FOUND_NAMES = ("NotFound", "NoSuch", "DoesNotExist", "NonExistent", "Nonexistent", "NotExist")
"""Parts of the names of error shapes that say that what was asked about does not exist."""

# Models of these services name no errors. Source: "Error codes for the Amazon EC2 API" (client error codes for
# resources) and "Error responses" of the Amazon S3 API reference.
_UNMODELLED: Mapping[str, frozenset[str]] = {
    "ec2": frozenset(
        {
            "InvalidAddress.NotFound", "InvalidAddressID.NotFound", "InvalidAllocationID.NotFound",
            "InvalidAMIID.NotFound", "InvalidAMIID.Unavailable", "InvalidAssociationID.NotFound",
            "InvalidAttachment.NotFound", "InvalidAttachmentID.NotFound", "InvalidCapacityReservationId.NotFound",
            "InvalidCarrierGatewayID.NotFound", "InvalidClientVpnEndpointId.NotFound", "InvalidConnectionID.NotFound",
            "InvalidCustomerGatewayID.NotFound", "InvalidDhcpOptionID.NotFound", "InvalidDhcpOptionsID.NotFound",
            "InvalidEgressOnlyInternetGatewayId.NotFound", "InvalidExportTaskID.NotFound", "InvalidFleetId.NotFound",
            "InvalidFlowLogId.NotFound", "InvalidFpgaImageID.NotFound", "InvalidGatewayID.NotFound",
            "InvalidGroup.NotFound", "InvalidGroupId.NotFound", "InvalidHostID.NotFound", "InvalidHostId.NotFound",
            "InvalidHostReservationId.NotFound", "InvalidInstanceID.NotFound",
            "InvalidInstanceConnectEndpointId.NotFound", "InvalidInternetGatewayID.NotFound",
            "InvalidInternetGatewayId.NotFound", "InvalidIpamId.NotFound", "InvalidIpamPoolId.NotFound",
            "InvalidIpamScopeId.NotFound", "InvalidKeyPair.NotFound", "InvalidLaunchTemplateId.NotFound",
            "InvalidLaunchTemplateId.VersionNotFound", "InvalidLaunchTemplateName.NotFoundException",
            "InvalidLocalGatewayID.NotFound", "InvalidLocalGatewayRouteTableID.NotFound",
            "InvalidNatGatewayID.NotFound", "InvalidNetworkAclEntry.NotFound", "InvalidNetworkAclID.NotFound",
            "InvalidNetworkInsightsAnalysisId.NotFound", "InvalidNetworkInsightsPathId.NotFound",
            "InvalidNetworkInterface.NotFound", "InvalidNetworkInterfaceID.NotFound",
            "InvalidNetworkInterfaceId.NotFound", "InvalidPlacementGroup.NotFound",
            "InvalidPermission.NotFound", "InvalidPlacementGroup.Unknown", "InvalidPrefixListID.NotFound",
            "InvalidPrefixListId.NotFound", "InvalidPublicIpv4PoolID.NotFound", "InvalidReservationID.NotFound",
            "InvalidReservedInstancesId", "InvalidRoute.NotFound", "InvalidRouteTableID.NotFound",
            "InvalidRouteTableId.NotFound", "InvalidSecurityGroupID.NotFound", "InvalidSecurityGroupRuleId.NotFound",
            "InvalidServiceName", "InvalidSnapshot.NotFound", "InvalidSnapshotID.NotFound",
            "InvalidSpotDatafeed.NotFound", "InvalidSpotFleetRequestId.NotFound",
            "InvalidSpotInstanceRequestID.NotFound", "InvalidSubnetCidrBlockAssociationID.NotFound",
            "InvalidSubnetID.NotFound", "InvalidSubnetId.NotFound", "InvalidTrafficMirrorFilterId.NotFound",
            "InvalidTrafficMirrorFilterRuleId.NotFound", "InvalidTrafficMirrorSessionId.NotFound",
            "InvalidTrafficMirrorTargetId.NotFound", "InvalidTransitGatewayAttachmentID.NotFound",
            "InvalidTransitGatewayID.NotFound", "InvalidTransitGatewayMulticastDomainId.NotFound",
            "InvalidRouteTableAssociationID.NotFound", "InvalidVerifiedAccessEndpointId.NotFound",
            "InvalidVerifiedAccessGroupId.NotFound", "InvalidVerifiedAccessInstanceId.NotFound",
            "InvalidVerifiedAccessTrustProviderId.NotFound", "InvalidVolume.NotFound", "InvalidVolumeID.NotFound",
            "InvalidVpcCidrBlockAssociationID.NotFound", "InvalidVpcEndpointId.NotFound",
            "InvalidVpcEndpointService.NotFound", "InvalidVpcEndpointServiceId.NotFound", "InvalidVpcID.NotFound",
            "InvalidVpcPeeringConnectionID.NotFound", "InvalidVpnConnectionID.NotFound",
            "InvalidVpnGatewayAttachment.NotFound", "InvalidVpnGatewayID.NotFound", "NatGatewayNotFound",
            "InvalidCoipPoolId.NotFound", "InvalidCapacityBlockId.NotFound",
        }
    ),
    "s3": frozenset(
        {
            "NoSuchAccessPoint", "NoSuchAccessPointPolicy", "NoSuchBucket", "NoSuchBucketPolicy",
            "NoSuchCORSConfiguration", "NoSuchConfiguration", "NoSuchKey", "NoSuchLifecycleConfiguration",
            "NoSuchPublicAccessBlockConfiguration", "NoSuchTagSet", "NoSuchUpload", "NoSuchVersion",
            "NoSuchWebsiteConfiguration", "ObjectLockConfigurationNotFoundError", "OwnershipControlsNotFoundError",
            "ReplicationConfigurationNotFoundError", "ServerSideEncryptionConfigurationNotFoundError",
        }
    ),
}  # fmt: skip


def names_not_found(model: OperationModel, code: str) -> bool:
    """Whether the operation's model names an error code as "what you asked about does not exist".

    Named are error shapes with HTTP status 404, or called so (`NoSuchEntityException`, `DBInstanceNotFound`); of the
    services whose models name no errors, the codes that their documentation lists. A HEAD request's answer has no
    body, and botocore gives its status for a code.
    """
    if code == "404":
        return bool(model.http.get("method") == "HEAD")
    for shape in model.error_shapes:
        told = shape.metadata.get("error", {})
        if code in (shape.name, told.get("code")):
            found = told.get("httpStatusCode") == 404
            return found or any(part in name for part in NOT_FOUND_NAMES for name in (code, shape.name))
    return code in _UNMODELLED.get(model.service_model.service_name, frozenset())


def kind_of_code(code: str, status: int, *, not_found: bool = False) -> FailureKind:
    """The kind of an AWS error code.

    Args:     status: the HTTP status, which decides for codes not in the tables; it never makes one GONE.
              not_found: the operation's model names the code as "does not exist" (`names_not_found`).
    """
    for kind, codes in (
        (FailureKind.CREDENTIALS, CREDENTIALS),
        (FailureKind.DENIED, DENIED),
        (FailureKind.THROTTLED, THROTTLED),
        (FailureKind.FAULT, FAULTS),
    ):
        if code in codes:
            return kind
    if not_found:
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


def failure(call: Call, error: Exception, not_found: Callable[[str], bool] = lambda code: False) -> CallFailed:
    """The typed failure of a call, whatever the SDK raised.

    Args:     not_found: whether the call's operation names a code as "does not exist"; nothing else makes a failure
              GONE, so that a code nobody has heard of is never taken for an absence.
    """
    if isinstance(error, CallFailed):
        return error
    if isinstance(error, sdk.ClientError):
        told = error.response.get("Error", {})
        code = str(told.get("Code") or "Unknown")
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) or 0)
        # A service that left the query protocol answers the code it had there, and its model's beside it.
        named = not_found(code) or not_found(str(told.get("QueryErrorCode") or code))
        kind = kind_of_code(code, status, not_found=named)
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
