"""What can a type's resources have? Told by the output shapes of its listing and its facets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.model.json import Json
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
        yield name, (service, _shape_of(service, member))


def _shape_of(service: str, member: Mapping[str, Json]) -> Shape:
    """The shape a member names, or that stands in its place in a structure put together here."""
    found: Shape = member["is"] if "is" in member else shapes(service)[member["shape"]]
    return found


def _element(service: str, shape: Shape | None) -> Shape | None:
    while shape is not None and shape.get("type") == "list":
        shape = _shape_of(service, shape["member"])
    return shape


def _at(service: str, shape: Shape | None, path: str) -> Shape | None:
    """The shape at a path, lists passed through; None where it leads nowhere, or to what only an answer can tell."""
    if path in ("", "@"):
        return shape
    if not _PLAIN.match(path):
        import jmespath

        return _computed(service, shape, jmespath.compile(path).parsed)
    for part in path.replace("[]", "").split("."):
        shape = _member(service, shape, part.removesuffix("[0]"))
        shape = _element(service, shape) if part.endswith("[0]") else shape
    return shape


def _member(service: str, shape: Shape | None, name: str) -> Shape | None:
    member = (_element(service, shape) or {}).get("members", {}).get(name)
    return _shape_of(service, member) if member else None


def _computed(service: str, shape: Shape | None, node: Mapping[str, Any]) -> Shape | None:
    """The shape at a parsed path that puts structures together: `Zones[].merge(@, {Short: split('/', Id)[-1]})`."""
    kind, children = node["type"], node["children"]
    if kind in ("current", "identity"):
        return _element(service, shape)
    if kind == "field":
        return _member(service, shape, node["value"])
    if kind in ("subexpression", "index_expression", "projection", "filter_projection", "and_expression"):
        left, right = children[:2]
        first = shape if kind == "and_expression" else _computed(service, shape, left)
        if right["type"] == "index":
            return _element(service, first)
        return first if right["type"] == "slice" else _computed(service, first, right)
    if kind in ("flatten", "multi_select_list"):
        return _computed(service, shape, children[0])
    if kind == "multi_select_dict":
        told = {pair["value"]: _computed(service, shape, pair["children"][0]) for pair in children}
        return {"type": "structure", "members": {name: {"is": each or {}} for name, each in told.items()}}
    if kind == "function_expression" and node["value"] == "merge":
        parts = [dict(_structure(service, _computed(service, shape, child))) for child in children]
        return {"type": "structure", "members": {n: {"is": each} for part in parts for n, (_, each) in part.items()}}
    return None
