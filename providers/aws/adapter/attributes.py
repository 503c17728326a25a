"""What can a type's resources have? Told by the output shapes of its listing and its facets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.model.listing import Listing
from engine.model.record import Facet, ResourceType
from providers.aws.adapter.models import Shape, shape_of, shapes

OTHERS = "*"
"""Stands among the attributes of a type that may have more than its models tell."""

_PLAIN = re.compile(r"[\w.\[\]-]*\Z")
_KINDS = {
    "integer": "integer", "long": "integer", "float": "number", "double": "number", "boolean": "boolean",
    "timestamp": "date", "structure": "mapping", "map": "mapping", "list": "list",
}  # fmt: skip


def attributes(type: ResourceType) -> dict[str, str]:
    """Path → JSON type (`string`, `integer`, `date`, `list`, `mapping`), to the second level, `*` where there are more.

    A list's members stand under `Name[].Member`. Empty where the models tell nothing.
    """
    listing = type.list.like or type.list
    found = _members_of(type, listing)
    if not found or type.list.form == "cloudcontrol":
        return {}
    told: dict[str, str] = {}
    for name, (service, shape) in found.items():
        told |= _told(name, service, shape)
    if type.tags is not None:
        told |= {"Tags": "list", "Tags[].Key": "string", "Tags[].Value": "string"}
    return told


def _members_of(type: ResourceType, listing: Listing) -> dict[str, tuple[str, Shape]]:
    service = listing.service or type.service
    found = dict(_of_listing(service, listing))
    if not found:
        return {}
    for name in listing.parent.copy if listing.parent is not None else ():
        found.setdefault(name, (service, {}))
    for facet in type.facets.values():
        found = {
            **found,
            **{k: v for k, v in _of_facet(facet.service or type.service, facet).items() if k not in found},
        }
    return found


def _of_listing(service: str, listing: Listing) -> Iterator[tuple[str, tuple[str, Shape]]]:
    element = _element(service, _at(service, shape_of(service, listing.call, "output"), listing.items))
    if listing.item and element is not None:
        yield listing.item, (service, element)
    elif listing.inner and element is not None:
        inner = _element(service, _at(service, element, listing.inner))
        yield from _structure(service, inner)
        yield from ((name, each) for name, each in _structure(service, element) if name in listing.copy)
    else:
        yield from _structure(service, element)


def _of_facet(service: str, facet: Facet) -> dict[str, tuple[str, Shape]]:
    path = facet.batch.items if facet.batch is not None else facet.take
    shape = _at(service, shape_of(service, facet.call, "output"), path)
    if facet.batch is not None:
        shape = _at(service, _element(service, shape), facet.take)
    unknown = shape is None or facet.form != ""
    if facet.attribute:
        return {facet.attribute: (service, {} if unknown or shape is None else shape)}
    if unknown or shape is None or shape.get("type") != "structure":
        return {OTHERS: (service, {})}
    return dict(_structure(service, shape))


def _told(name: str, service: str, shape: Shape) -> dict[str, str]:
    told = {name: _KINDS.get(str(shape.get("type", "")), "string" if shape else "any")}
    inner, mark = (shape, "") if shape.get("type") == "structure" else (_element(service, shape), "[]")
    if inner is not None and shape.get("type") in ("structure", "list"):
        for member, (_, each) in _structure(service, inner):
            told[f"{name}{mark}.{member}"] = _KINDS.get(str(each.get("type", "")), "string")
    return told


def _structure(service: str, shape: Shape | None) -> Iterator[tuple[str, tuple[str, Shape]]]:
    members = shape.get("members", {}) if shape is not None and shape.get("type") == "structure" else {}
    for name, member in members.items():
        yield name, (service, shapes(service)[member["shape"]])


def _element(service: str, shape: Shape | None) -> Shape | None:
    while shape is not None and shape.get("type") == "list":
        shape = shapes(service)[shape["member"]["shape"]]
    return shape


def _at(service: str, shape: Shape | None, path: str) -> Shape | None:
    """The shape at a plain path; None for one that is not plain or leads nowhere."""
    if path in ("", "@"):
        return shape
    if not _PLAIN.match(path):
        return None
    for part in path.replace("[]", "").replace("[0]", "").split("."):
        inner = _element(service, shape)
        member = (inner or {}).get("members", {}).get(part)
        shape = shapes(service)[member["shape"]] if member else None
    return shape
