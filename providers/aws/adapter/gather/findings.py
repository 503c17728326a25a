"""Security Hub's findings on resources, asked about ten at a time.

Source: AWS Security Hub API Reference: GetFindings (at most 20 values of a filter, 100 findings a page).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.model.call import Call
from engine.model.errors import CallFailed
from engine.model.fact import Failed, Value
from engine.model.json import Attributes, Json
from engine.model.need import FindingNeed
from engine.model.resource import Resource
from engine.model.scope import Scope
from engine.plugin.identity import arn_of
from engine.plugin.listing import elements
from engine.plugin.protocols import Request, Tell

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection

AT_ONCE = 10
"""Resources a call: each has up to two names."""
PAGE = 100
MADE_ID = re.compile(r"[a-z]+-[0-9a-f]{8,}")
"""An id that AWS made, and that is never given twice (`i-0f1c2ffaea36228b0`)."""


def gather_findings(connection: AwsConnection, request: Request, need: FindingNeed, tell: Tell) -> None:
    """Tell each resource the list of findings that name it."""
    scope = connection.with_account(request.setting.scope)
    for at in range(0, len(request.resources), AT_ONCE):
        part = request.resources[at : at + AT_ONCE]
        names = [_names(request, resource, attributes, scope) for resource, attributes in part]
        try:
            found = _found(connection, need, scope, [name for each in names for name in each])
        except CallFailed as failed:
            for resource, _ in part:
                tell(resource, need, Failed(str(failed)))
            continue
        for (resource, _), own in zip(part, names, strict=True):
            tell(resource, need, Value([each for each in found if _named(each) & set(own)]))


def _names(request: Request, resource: Resource, attributes: Attributes, scope: Scope) -> list[str]:
    arn = arn_of(request.type, attributes, scope)
    made = [resource.ref.id] if MADE_ID.fullmatch(resource.ref.id) else []
    return [name for name in (arn, *made) if name]


def _found(connection: AwsConnection, need: FindingNeed, scope: Scope, names: Sequence[str]) -> list[Json]:
    if not names:
        return []
    filters = {**json.loads(need.query), "ResourceId": [{"Value": n, "Comparison": "EQUALS"} for n in names]}
    there = replace(scope, region=need.region) if need.region else scope
    call = Call("securityhub", "GetFindings", {"Filters": filters, "MaxResults": PAGE}, there)
    return [each for page in connection.door.pages(call) for each in elements(call, page, "Findings")]


def _named(finding: Json) -> set[Json]:
    return {each.get("Id") for each in finding.get("Resources") or ()}
