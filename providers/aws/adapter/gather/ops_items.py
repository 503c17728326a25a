"""OpsCenter's items about resources: one listing of those that are asked about; few resources narrow it.

Source: AWS Systems Manager API Reference: DescribeOpsItems (at most 50 a page), CreateOpsItem (`/aws/resources`: a
JSON list of `{arn}`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.model.call import Call
from engine.model.errors import CallFailed
from engine.model.fact import Failed, Value
from engine.model.json import Json, parsed
from engine.model.need import OpsItemNeed
from engine.model.scope import Scope
from engine.plugin.identity import arn_of
from engine.plugin.listing import elements
from engine.plugin.protocols import Request, Tell

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection

FEW = 10
"""So many resources are named to AWS; of more, every item is listed."""
RESOURCES = "/aws/resources"


def gather_ops_items(connection: AwsConnection, request: Request, need: OpsItemNeed, tell: Tell) -> None:
    """Tell each resource the list of items that name it."""
    scope = connection.with_account(request.setting.scope)
    ids = sorted(resource.ref.id for resource, _ in request.resources)
    try:
        items = _items(connection, need, scope, ids if len(ids) <= FEW else [])
    except CallFailed as failed:
        for resource, _ in request.resources:
            tell(resource, need, Failed(str(failed)))
        return
    about: dict[str, list[Json]] = {}
    for item in items:
        for arn in _named(item):
            about.setdefault(arn, []).append(item)
    for resource, attributes in request.resources:
        tell(resource, need, Value(about.get(arn_of(request.type, attributes, scope), [])))


def _items(connection: AwsConnection, need: OpsItemNeed, scope: Scope, ids: list[str]) -> list[Json]:
    asked = {
        "Status": ("Equal", need.statuses),
        "Priority": ("Equal", need.priorities),
        "Title": ("Contains", (need.title,) if need.title else ()),
        "Source": ("Equal", (need.source,) if need.source else ()),
        "ResourceId": ("Contains", ids),
    }
    filters = [{"Key": k, "Operator": op, "Values": list(values)} for k, (op, values) in asked.items() if values]
    call = Call("ssm", "DescribeOpsItems", {"OpsItemFilters": filters, "MaxResults": 50}, scope)
    return [each for page in connection.door.pages(call) for each in elements(call, page, "OpsItemSummaries")]


def _named(item: Mapping[str, Json]) -> list[str]:
    """ARNs that an item is about."""
    text = ((item.get("OperationalData") or {}).get(RESOURCES) or {}).get("Value")
    try:
        found = parsed(text) if isinstance(text, str) else ()
    except ValueError:
        return []
    named = (each.get("arn") for each in found if isinstance(each, Mapping)) if isinstance(found, list) else ()
    return list(dict.fromkeys(arn for arn in named if isinstance(arn, str)))
