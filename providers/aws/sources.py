"""The same types, listed by somebody else: AWS Config's records, or Cloud Control.

Gives a record whose listing asks that source; policies, plans, permissions and `explain` need to know nothing more.

Source: AWS Config API, SelectResourceConfig (a subset of SQL; `configuration` and `supplementaryConfiguration` are
JSON); Cloud Control API, ListResources (`Properties` is the resource model as JSON, often only its identifier).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.model.json import Json
from engine.model.listing import Identity, Listing, Parent
from engine.model.record import Facet, Operation, ResourceType, Tags

CONFIG_QUERY = "select resourceId, configuration, supplementaryConfiguration where resourceType = '{type}'"


def sourced(type: ResourceType, source: str, query: Sequence[Mapping[str, Json]] = ()) -> ResourceType | None:
    """The type as `config` or `cloudcontrol` lists it; None where it is not known there.

    Raises:   ValueError for a query that the source cannot take.
    """
    if source == "config" and (type.config or type.cfn) in recorded():
        return _by_config(type, query)
    return _by_cloud_control(type, query) if source == "cloudcontrol" and type.cfn else None


@functools.cache
def recorded() -> frozenset[str]:
    """The types that AWS Config records, as the SDK's model of it lists them."""
    from providers.aws.adapter.models import shapes

    return frozenset(shapes("config")["ResourceType"]["enum"])


def _by_config(type: ResourceType, query: Sequence[Mapping[str, Json]]) -> ResourceType:
    """Config's records are shaped like the describe answers, so identity, dates, joins and operations stay."""
    listing = Listing(
        call="SelectResourceConfig",
        service="config",
        items="Results",
        with_={"Expression": _literal(_expression(type, query))},
        page={"Limit": 100},
        form="config",
        like=type.list,
        otherwise=None if query else _one_by_one(type),
    )
    tags = replace(type.tags or Tags(), attribute="Tags", form="pairs")
    return replace(type, list=listing, tags=tags)


def _one_by_one(type: ResourceType) -> Listing:
    """What Config has discovered, and the newest record of each: its query answers nothing for types it does not know.

    Source: AWS Config Developer Guide, "Querying the current configuration state"; AWS Config API,
    ListDiscoveredResources, GetResourceConfigHistory (newest first; BatchGetResourceConfig leaves tags out).
    """
    kind: dict[str, Json] = {"resourceType": _literal(type.config or type.cfn)}
    return Listing(
        call="GetResourceConfigHistory",
        service="config",
        items="configurationItems",
        with_=kind,
        page={"limit": 1},
        form="config",
        like=type.list,
        once=True,
        parent=Parent(
            type="",
            with_={"resourceId": "resourceId"},
            list=Listing(
                call="ListDiscoveredResources", service="config", items="resourceIdentifiers", with_=kind,
                page={"limit": 100},
            ),
        ),
    )  # fmt: skip


def _expression(type: ResourceType, query: Sequence[Mapping[str, Json]]) -> str:
    """The question: c7n's own, with the policy's clauses joined to it as c7n does, or the policy's `expr` alone."""
    asked = CONFIG_QUERY.format(type=type.config or type.cfn)
    for block in query:
        for key, value in block.items():
            if key not in ("clause", "expr") or not isinstance(value, str):
                raise ValueError(f"it takes 'clause' or 'expr' with a text, not '{key}'")
            if key == "expr":
                return value
            asked += f"AND {value}"
    return asked


def _by_cloud_control(type: ResourceType, query: Sequence[Mapping[str, Json]]) -> ResourceType:
    """Attributes are the CloudFormation properties, and what can be done is what Cloud Control does to every type."""
    model = {key: value for block in query for key, value in block.items()}
    asked: dict[str, Json] = {"TypeName": _literal(type.cfn)}
    if model:
        asked["ResourceModel"] = _literal(json.dumps(model))
    named = {"TypeName": _literal(type.cfn), "Identifier": "Identifier"}
    return ResourceType(
        word=type.word,
        service=type.service,
        summary=type.summary,
        identity=Identity(id="Identifier"),
        list=Listing(
            call="ListResources", service="cloudcontrol", items="ResourceDescriptions", with_=asked,
            form="cloudcontrol", like=type.list, gives=("Identifier",),
        ),
        facets={
            "properties": Facet(
                call="GetResource", service="cloudcontrol", with_=named, take="ResourceDescription.Properties",
                form="json-text",
            ),
        },
        cfn=type.cfn,
        global_=type.global_,
        tags=Tags(attribute="Tags"),
        metrics=type.metrics,
        operations={
            "delete": Operation(
                call="DeleteResource", service="cloudcontrol", with_=named, gone=True, destructive=True,
                says="Delete the resource through Cloud Control.", undo="none: the resource is gone",
            ),
        },
    )  # fmt: skip


def _literal(text: str) -> str:
    """A text as a JMESPath literal, which is how records write what is no path."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
