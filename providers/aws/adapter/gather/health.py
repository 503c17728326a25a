"""AWS Health's events about resources: the events once, then whom they affect, ten events at a time.

Source: AWS Health API Reference: DescribeEvents (entityValues: at most 100), DescribeAffectedEntities (eventArns: at
most 10).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.model.call import Call
from engine.model.errors import CallFailed
from engine.model.fact import Failed, Value
from engine.model.json import Json
from engine.model.need import HealthNeed
from engine.model.scope import Scope
from engine.plugin.identity import arn_of
from engine.plugin.listing import elements
from engine.plugin.protocols import Request, Tell

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection

NAMES = 100
EVENTS = 10


def gather_health(connection: AwsConnection, request: Request, need: HealthNeed, tell: Tell) -> None:
    """Tell each resource the list of events that affect it."""
    scope = connection.with_account(request.setting.scope)
    names = [
        {name for name in (resource.ref.id, arn_of(request.type, attributes, scope)) if name}
        for resource, attributes in request.resources
    ]
    try:
        affected = _affected(connection, need, scope, sorted(set().union(*names)))
    except CallFailed as failed:
        for resource, _ in request.resources:
            tell(resource, need, Failed(str(failed)))
        return
    for (resource, _), own in zip(request.resources, names, strict=True):
        found = {event["arn"]: event for name in own for event in affected.get(name, ())}
        tell(resource, need, Value([found[arn] for arn in sorted(found)]))


def _affected(connection: AwsConnection, need: HealthNeed, scope: Scope, names: list[str]) -> Mapping[str, list[Json]]:
    """Name → the events that affect what is called so. Few names narrow what is asked for."""
    narrow: dict[str, Json] = {
        "regions": [scope.region, "global"],
        "eventStatusCodes": list(need.statuses),
        "eventTypeCodes": list(need.types),
        "eventTypeCategories": list(need.categories),
        "entityValues": names if len(names) <= NAMES else [],
    }
    asked = {"filter": {key: value for key, value in narrow.items() if value}}
    call = Call("health", "DescribeEvents", asked, scope)
    pages = connection.door.pages(call)
    events = {event["arn"]: event for page in pages for event in elements(call, page, "events")}
    found: dict[str, list[Json]] = {}
    for at in range(0, len(events), EVENTS):
        arns = list(events)[at : at + EVENTS]
        of = {"eventArns": arns, **({"entityValues": names} if len(names) <= NAMES else {})}
        call = Call("health", "DescribeAffectedEntities", {"filter": of}, scope)
        for page in connection.door.pages(call):
            for entity in elements(call, page, "entities"):
                for name in {entity.get("entityValue"), entity.get("entityArn")} - {None}:
                    found.setdefault(name, []).append(events[entity["eventArn"]])
    return found
