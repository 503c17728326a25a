"""Where a resource is read, and whether what it names lies in an account or a region that a run does not see.

An empty answer proves an absence only where the resource would be: the tags of a hosted zone are not in `eu-west-1`,
and the own account knows nothing of another account's keys.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.model.fact import Fact, Failed, plain
from engine.model.json import Attributes, Json
from engine.model.need import FacetNeed, Need
from engine.model.record import ResourceType
from engine.model.resource import Resource
from engine.model.scope import Scope
from engine.plugin.identity import arn_of
from engine.plugin.paths import getter, roots
from engine.plugin.protocols import Request
from providers.aws.adapter.gather.facets import Pair, gather_facet

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection

LOCATION = "location"

_ARN = re.compile(r"arn:[\w-]+:[\w-]*:([\w-]*):(\d{12}|):([^\s\"',;]+)")
"""Region, account, and the resource's part. What AWS owns has the account `aws`: every account sees it.

Source: IAM User Guide, "Identify AWS resources with Amazon Resource Names (ARNs)".
"""


def region_of(connection: AwsConnection, type: ResourceType, attributes: Attributes, scope: Scope) -> str:
    """The region in which a resource's tags and metrics are kept; empty where its attributes should say it and do not.

    Source: AWS General Reference, "Resource Groups Tagging API": global resources are in us-east-1; CloudWatch User
    Guide: Route 53, CloudFront and other global services publish their metrics there.
    """
    if path := _region_path(type):
        return str(getter(path)(attributes) or "")
    return connection.home(scope.region) if type.global_ else scope.region


def placed(connection: AwsConnection, request: Request) -> list[Pair]:
    """The request's resources, with their region where their listing left it out and the facet `location` reads it.

    Source: Amazon S3 API Reference, GetBucketLocation: null stands for us-east-1, `EU` for eu-west-1.
    """
    path = _region_path(request.type)
    lacking = [pair for pair in request.resources if path and not getter(path)(pair[1])]
    if not lacking or LOCATION not in request.type.facets:
        return list(request.resources)
    regions: dict[int, str] = {}

    def tell(resource: Resource, _: Need, fact: Fact) -> None:
        value = None if isinstance(fact, Failed) else plain(fact)
        if isinstance(value, Mapping) and "LocationConstraint" in value:
            constraint = value["LocationConstraint"] or connection.home(request.setting.scope.region)
            regions[id(resource)] = "eu-west-1" if constraint == "EU" else str(constraint)

    need = FacetNeed(LOCATION)
    gather_facet(connection, replace(request, need=need, resources=lacking), request.type.facets[LOCATION], tell)
    return [
        (resource, {**attributes, path: regions[id(resource)]} if id(resource) in regions else attributes)
        for resource, attributes in request.resources
    ]


def unplaced(type: ResourceType, what: str) -> Failed:
    """Why tags or metrics of a resource without a known region are not known."""
    return Failed(f"its {what} are kept in its own region, and it has no '{_region_path(type)}'")


def _region_path(type: ResourceType) -> str:
    """The path to the region of a resource that has one of its own; empty where the type has none."""
    if type.tags is not None and type.tags.facet:
        return type.facets[type.tags.facet].region
    paths = {facet.region for facet in type.facets.values() if facet.region and not facet.each}
    own = {path for path in paths if all(not name.startswith("_") for name in roots(path)) and roots(path)}
    return own.pop() if len(own) == 1 else ""


def elsewhere(
    connection: AwsConnection,
    path: str,
    attributes: Attributes,
    scope: Scope,
    there: Mapping[str, Attributes],
    other: ResourceType | None,
) -> Iterator[tuple[str, Failed]]:
    """(id, why it is not known) of the ids that an ARN under the path's attributes places where the run does not look.

    Args:
        path:   To the ids, which may be cut out of ARNs.
        there:  Id → attributes of those that were found in the scope.
        other:  Their type; None: any.

    Raises:     CallFailed when the own account has to be asked, and cannot be.
    """
    names = roots(path)
    read = attributes if "@" in names else {name: attributes.get(name) for name in names}
    for arn, place, account, segments in _arns(read):
        region = "" if other is not None and other.global_ else place
        for id in segments:
            if (found := there.get(id)) is not None and (other is None or _same(found, other, arn, region, account)):
                continue
            if region and region != scope.region:
                yield id, Failed(f"{arn} is of region {region}, and this run looks for it in {scope.region}")
            elif account and account != (own := connection.with_account(scope).account):
                yield id, Failed(f"{arn} is of account {account}, which this run does not see (it is in {own})")


def _same(found: Attributes, other: ResourceType, arn: str, region: str, account: str) -> bool:
    """Whether what was found is what the ARN names, and not another of that name; it is, unless its own ARN differs."""
    if other.identity.arn.startswith("arn:"):  # AWS does not say whose it is: it may be shared with the account
        return True
    own = _ARN.fullmatch(arn_of(other, found, Scope("", "")))
    return own is None or own[0] == arn or ((region or own[1]), (account or own[2])) == (own[1], own[2])


def _arns(value: Json) -> Iterator[tuple[str, str, str, list[str]]]:
    """(ARN, region, account, every name that may be cut out of it) of each in a value; texts may hold JSON."""
    for arn in dict.fromkeys(_texts(value)):
        for match in _ARN.finditer(arn):
            yield match[0], match[1], match[2], _names(match[0], match[3])


@functools.lru_cache(maxsize=4096)
def _names(arn: str, resource: str) -> list[str]:
    starts = [0, *(mark.end() for mark in re.finditer("[:/]", resource))]
    ends = [*(mark.start() for mark in re.finditer("[:/]", resource)), len(resource)]
    return [arn, *dict.fromkeys(resource[start:end] for start in starts for end in ends if start < end)]


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        if "arn:" in value:
            yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
