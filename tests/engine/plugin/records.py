"""A type made up for the tests of the pieces that read records."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.model.listing import Identity, Listing
from engine.model.record import Facet, FacetBatch, ResourceType, Tags
from engine.model.scope import Scope

SCOPE = Scope("123456789012", "eu-west-1")
THING = ResourceType(
    word="thing",
    service="things",
    summary="A thing.",
    identity=Identity(id="Id", arn="arn:{partition}:things:{region}:{account}:thing/{Group.Name}/{Id}", name="Title"),
    list=Listing(call="ListThings", items="Things", gives=("Id", "Title", "Group")),
    tags=Tags(attribute="TagSet", form="lower"),
    facets={
        "detail": Facet("DescribeThing", {"Id": "Id"}),
        "policy": Facet("GetPolicy", {"Id": "Id"}, attribute="Policy"),
        "batched": Facet("DescribeMany", {}, attribute="Many", batch=FacetBatch("Ids", 10, "Id", "Things", "Id")),
    },
)


def thing(**changes: Any) -> ResourceType:
    """The same with other fields."""
    return replace(THING, **changes)


def listing(**changes: Any) -> ResourceType:
    """The same with another listing."""
    return replace(THING, list=replace(THING.list, **changes))
