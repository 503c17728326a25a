"""Tags of resources whose listing carries none: by the hundred from the tagging API, or one by one.

Source: Resource Groups Tagging API, GetResources: returns all tagged or previously tagged resources among at most 100
ARNs, in one page, of the region that is asked. A resource of that region which it does not name has never had a tag.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.model.call import Call
from engine.model.errors import CallFailed
from engine.model.fact import Fact, Failed, Value, plain
from engine.model.json import Attributes, Json
from engine.model.need import FacetNeed, Need
from engine.model.record import ResourceType
from engine.model.resource import Resource
from engine.model.scope import Scope
from engine.plugin.identity import arn_of
from engine.plugin.listing import elements
from engine.plugin.protocols import Request, Tell
from engine.plugin.tagging import pairs_of
from providers.aws.adapter.gather.facets import Pair, gather_facet
from providers.aws.adapter.gather.location import region_of, unplaced

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection

PAGE = 100


def gather_tags(connection: AwsConnection, request: Request, tell: Tell) -> None:
    """Every resource's tags as `[{Key, Value}]`."""
    scheme = request.type.tags
    if scheme is None:
        return
    left = [(pair, Failed("nothing reads its tags")) for pair in request.resources]
    if scheme.tagging_type:
        left = _from_tagging_api(connection, request, tell)
    if not left:
        return
    if not scheme.facet:
        for (resource, _), cause in left:
            tell(resource, request.need, cause)
        return
    facet = replace(request.type.facets[scheme.facet], paged=True)  # a tag that is missed may be the one that protects

    def shaped(resource: Resource, need: Need, fact: Fact) -> None:
        tell(resource, request.need, fact if isinstance(fact, Failed) else Value(pairs_of(plain(fact), scheme.form)))

    one_by_one = replace(request, need=FacetNeed(scheme.facet), resources=[pair for pair, _ in left])
    gather_facet(connection, one_by_one, facet, shaped)


def _from_tagging_api(connection: AwsConnection, request: Request, tell: Tell) -> list[tuple[Pair, Failed]]:
    """Tell what the tagging API knows, region by region.

    Returns:    those whose region is not known or gave no answer, and why.
    """
    regions: dict[str, list[Pair]] = {}
    for resource, attributes in request.resources:
        region = region_of(connection, request.type, attributes, request.setting.scope)
        regions.setdefault(region, []).append((resource, attributes))
    left: list[tuple[Pair, Failed]] = []
    futures = {
        region: connection.waiting.submit(_read, connection, request, region or request.setting.scope.region, pairs)
        for region, pairs in regions.items()
    }
    for region, pairs in regions.items():
        try:
            found = futures[region].result()
        except CallFailed as failed:
            left += [(pair, Failed(str(failed))) for pair in pairs]
            continue
        for resource, attributes in pairs:
            arn = _arn(connection, request.type, attributes, request.setting.scope)
            if not region and not found.get(arn):  # tags are where the resource is; that there are none is not shown
                left.append(((resource, attributes), unplaced(request.type, "tags")))
            else:
                tell(resource, request.need, Value(found.get(arn, [])))
    return left


def _read(
    connection: AwsConnection,
    request: Request,
    region: str,
    pairs: Sequence[Pair],
) -> Mapping[str, Json]:
    """ARN → tags, asked for by the hundred."""
    scope = replace(request.setting.scope, region=region)
    arns = [_arn(connection, request.type, a, request.setting.scope) for _, a in pairs]
    calls = [
        Call("resourcegroupstaggingapi", "GetResources", {"ResourceARNList": arns[at : at + PAGE]}, scope)
        for at in range(0, len(arns), PAGE)
    ]
    answers = connection.pool.map(lambda call: list(connection.door.pages(call)), calls)
    found: dict[str, Json] = {}
    for call, pages in zip(calls, answers, strict=True):
        for each in (each for page in pages for each in elements(call, page, "ResourceTagMappingList")):
            found[each.get("ResourceARN")] = each.get("Tags") or []
    return found


def _arn(connection: AwsConnection, type: ResourceType, attributes: Attributes, scope: Scope) -> str:
    if "{account}" in type.identity.arn:
        scope = connection.with_account(scope)
    return arn_of(type, attributes, scope)
