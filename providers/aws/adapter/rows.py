"""Resources as other sources write them, read as if their own service had described them.

AWS Config keeps a service's answers, but spells their keys as its Java SDK does (`dBInstanceIdentifier`), makes every
number a float and wraps some texts in `{"value": …}`. The service's own output shape tells how each is really written.
Source: recorded answers of SelectResourceConfig; AWS Config Developer Guide, "Supported resource types".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from botocore.model import ListShape, MapShape, Shape, StructureShape

from engine.model.json import Json, parsed
from engine.model.listing import Listing
from engine.model.record import Facet, ResourceType
from providers.aws.adapter.sdk_model import SdkModel
from providers.aws.adapter.sessions import parse_timestamp


def rows(sdk: SdkModel, type: ResourceType, body: Json) -> list[dict[str, Json]]:
    """The resources of one answer of a listing with a `form`, as attributes."""
    if type.list.form == "cloudcontrol":
        return [_described(each) for each in body.get("ResourceDescriptions") or ()]
    members = _members(sdk, type)
    items = [json.loads(text) for text in body.get("Results") or ()]
    items += [each for each in body.get("configurationItems") or () if each.get("configurationItemStatus") not in _GONE]
    return [_configured(each, type, members) for each in items]


_GONE = ("ResourceDeleted", "ResourceDeletedNotRecorded", "ResourceNotRecorded")
"""Statuses of what is no more, or no longer looked at. Source: AWS Config API, ConfigurationItem."""


def _described(item: Mapping[str, Json]) -> dict[str, Json]:
    properties = json.loads(item.get("Properties") or "{}")
    return {**(properties if isinstance(properties, dict) else {}), "Identifier": item.get("Identifier")}


def _configured(item: Mapping[str, Json], type: ResourceType, members: Mapping[str, Shape]) -> dict[str, Json]:
    found = item.get("configuration")
    if isinstance(found, str):
        found = _json_of(found)
    attributes = _structure(_unwrapped(found, type), members) if isinstance(found, dict) else {}
    for key, value in (item.get("supplementaryConfiguration") or {}).items():
        name, shape = _named(key, members)
        told = _json_of(value) if isinstance(value, str) and shape is None else value
        attributes.setdefault(name, _as(told, shape))
    tags = next((attributes[k] for k in ("Tags", "tags", "TagList", "tagList", "TagSet") if k in attributes), None)
    attributes["Tags"] = _tags(tags if tags is not None else item.get("tags"))
    attributes.setdefault(type.identity.id, item.get("resourceId"))
    return attributes


def _unwrapped(found: dict[str, Json], type: ResourceType) -> dict[str, Json]:
    """Where Config has kept a whole answer, what the detail facet takes of it, beside the rest."""
    takes = {path for facet in type.facets.values() if not facet.attribute for path in _merged(facet.take)}
    taken = {path.lower() for path in takes}
    inner = [key for key, value in found.items() if key.lower() in taken and isinstance(value, dict)]
    rest = {key: value for key, value in found.items() if key not in inner}
    return rest | {key: value for each in inner for key, value in found[each].items()}


def _json_of(text: str) -> Json:
    """JSON where the text is JSON, else the text."""
    try:
        return parsed(text)
    except ValueError:
        return text


def _tags(value: Json) -> list[dict[str, str]]:
    """Tags as `[{Key, Value}]`, from a mapping or a list in any spelling."""
    if isinstance(value, Mapping):
        return [{"Key": str(key), "Value": str(text)} for key, text in value.items()]
    found = []
    for each in value or () if isinstance(value, list) else ():
        pair = {str(key).lower().removeprefix("tag"): text for key, text in each.items()}
        found.append({"Key": str(pair.get("key", "")), "Value": str(pair.get("value") or "")})
    return found


def _members(sdk: SdkModel, type: ResourceType) -> dict[str, Shape]:
    """Every attribute that the listing or a facet that joins it can have, with its shape."""
    found: dict[str, Shape] = {}
    for facet in type.facets.values():
        if not facet.attribute:
            found |= _facet_members(sdk, type, facet)
    listing = type.list.like
    return found | _listing_members(sdk, type, listing) if listing is not None else found


def _listing_members(sdk: SdkModel, type: ResourceType, listing: Listing) -> dict[str, Shape]:
    model = sdk.operation(listing.service or type.service, listing.call)
    shape = at(model.output_shape, listing.items) if model is not None else None
    return _of_items(at(shape, listing.inner) if listing.inner else shape)


def _facet_members(sdk: SdkModel, type: ResourceType, facet: Facet) -> dict[str, Shape]:
    model = sdk.operation(facet.service or type.service, facet.call)
    path = facet.batch.items if facet.batch is not None else facet.take
    output = model.output_shape if model is not None else None
    return {name: shape for each in _merged(path) for name, shape in _of_items(at(output, each)).items()}


def _merged(path: str) -> tuple[str, ...]:
    """The plain paths whose members a path puts together: `merge(@, Firewall)` the answer's and the firewall's."""
    inner = path.removeprefix("merge(").removesuffix(")")
    return (path,) if inner == path else tuple("" if part == "@" else part for part in inner.split(", "))


def _of_items(shape: Shape | None) -> dict[str, Shape]:
    while isinstance(shape, ListShape):
        shape = shape.member
    return dict(shape.members) if isinstance(shape, StructureShape) else {}


def at(shape: Shape | None, path: str) -> Shape | None:
    """The shape that a plain path (`Reservations[].Instances`) leads to; None where it leads nowhere."""
    for part in path.replace("[]", "").replace("[0]", "").split(".") if path else ():
        while isinstance(shape, ListShape):
            shape = shape.member
        shape = shape.members.get(part) if isinstance(shape, StructureShape) else None
    return shape


_ELSEWHERE = {"ipv4Ranges": "IpRanges"}
"""Where Config has a member under another name than the service. Under the service's own name it then has texts."""


def _structure(value: Mapping[str, Json], members: Mapping[str, Shape]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key, each in value.items():
        name, shape = _named(_ELSEWHERE.get(key, key), members)
        if key in _ELSEWHERE or name not in found:
            found[name] = _as(each, shape)
    return found


def _named(key: str, members: Mapping[str, Shape]) -> tuple[str, Shape | None]:
    """The member that a key means, whatever its capitals; an unknown key stays as it is."""
    if key in members:
        return key, members[key]
    wanted = key.lower()
    name = next((m for m in members if m.lower() == wanted), "")
    return (name, members[name]) if name else (key, None)


def _as(value: Json, shape: Shape | None) -> Json:
    """A value as its shape writes it; one that does not fit stays as it is."""
    if shape is None or value is None:
        return value
    if isinstance(shape, StructureShape):
        return _structure(value, shape.members) if isinstance(value, Mapping) else value
    if isinstance(shape, ListShape):
        return [_as(each, shape.member) for each in value] if isinstance(value, list) else value
    if isinstance(shape, MapShape):
        return {key: _as(each, shape.value) for key, each in value.items()} if isinstance(value, Mapping) else value
    return _scalar(value, shape.type_name)


def _scalar(value: Json, kind: str) -> Json:
    if isinstance(value, Mapping) and set(value) == {"value"}:
        value = value["value"]
    if kind in ("integer", "long") and isinstance(value, float) and value.is_integer():
        return int(value)
    if kind == "timestamp":
        return _date(value)
    return value


def _date(value: Json) -> Json:
    """Config writes dates as ISO text, or as milliseconds."""
    if isinstance(value, int | float):
        return parse_timestamp(value / 1000 if value > 1e11 else value)
    try:
        found: datetime = parse_timestamp(value)
    except (ValueError, OverflowError):
        return value
    return found
