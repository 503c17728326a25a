"""Which error codes of a record mean "has none" or "does not exist", and who says so.

A code counts where the operation's model has an error of that name that is called not-found or has HTTP status 404;
others stand here with their source. What says "denied" is never an absence: whoever may not look has seen nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from botocore.model import OperationModel

from providers.aws.adapter.errors import CREDENTIALS, DENIED, FAULTS, THROTTLED, names_not_found

from .check import Check

NAMED: dict[tuple[str, str], str] = {
    # (service, code): what AWS's documentation of the operation says of it.
    ("ec2", "InvalidInstanceID.Malformed"): "EC2, Error codes: no instance has an ID of that form",
    ("ec2", "InvalidGroupId.Malformed"): "EC2, Error codes: no security group has an ID of that form",
    ("kms", "UnsupportedOperationException"): "KMS, GetKeyRotationStatus: the key's type cannot be rotated",
    ("organizations", "AWSOrganizationsNotInUseException"): "Organizations: the account is not in an organization",
    ("ram", "UnknownResourceException"): "RAM: a specified resource was not found",
    ("route53resolver", "UnknownResourceException"): "Route 53 Resolver: the specified resource doesn't exist",
    ("s3", "MetadataConfigurationNotFound"): "S3, GetBucketMetadataConfiguration: the bucket has none",
    ("securityhub", "InvalidAccessException"): "Security Hub: the account is not subscribed to Security Hub",
    ("swf", "UnknownResourceFault"): "SWF: the named resource cannot be found within the scope of the operation",
}

NEVER = DENIED | CREDENTIALS | THROTTLED | FAULTS
"""Codes that say that nothing was seen."""


def check_absences(check: Check) -> None:
    """Every code that the record takes for an absence, held against the model of the call that answers it."""
    record, listing = check.record, check.record.list
    if listing.by_id is not None:
        look = check.by.sdk.operation(listing.service or record.service, listing.by_id.call or listing.call)
        _check(check, "list.by_id.gone", look, listing.by_id.gone)
    _check(check, "list.none", check.by.sdk.operation(listing.service or record.service, listing.call), listing.none)
    for name, facet in record.facets.items():
        model = check.by.sdk.operation(facet.service or record.service, facet.call)
        _check(check, f"facets.{name}.none", model, facet.none)
        if facet.none and not facet.attribute:
            check.say(f"facets.{name}.none", "what describes a resource that is listed cannot be absent")


def _check(check: Check, where: str, model: OperationModel | None, codes: Iterable[str]) -> None:
    for code in codes:
        if code in NEVER or "Denied" in code or "Unauthorized" in code:
            check.say(where, f"'{code}' says that nothing was seen, not that there is nothing")
        elif model is None or names_not_found(model, code):
            continue
        elif (model.service_model.service_name, code) not in NAMED:
            check.say(where, f"nothing names '{code}' of {model.name} as not found: give its source in NAMED")
