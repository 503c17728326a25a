"""What a record's paths read: the types of what the listing gives and its facets add."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.model import OperationModel

from engine.model.record import Facet, Option, ResourceType
from engine.plugin.catalog import Shelf
from providers.aws.adapter.sdk_model import SdkModel

from .path_types import ANY, TEXT, TRUTH, Many, Scalar, Table, Type, Walk, element_of, scalar_of, table_of

_NAME = re.compile(r"\w+\Z")
JSON_TYPES = {"string": "text", "integer": "number", "number": "number", "boolean": "truth"}
TAG_LIST = Many(Table({"Key": TEXT, "Value": TEXT}))
TAG_FILTERS = re.compile(r"<code>tag(</code>)?:\s*(&lt;|<)key(&gt;|>)|<code>tag:Owner</code>|based on specific tags")
DOCUMENTED_NAME = re.compile(r"<code>([A-Z]\w+)</code>")
"""How documentation names the keys of a map that the model leaves open (SNS's topic attributes)."""


@dataclass
class Known:
    """What records are held against: the SDK, the other records, the generic filters."""

    sdk: SdkModel
    types: Callable[[str], ResourceType]
    filters: Shelf = field(default_factory=lambda: Shelf("filters", ("engine.filters",)))


def item_of(walk: Walk, path: str, shape: Any) -> Type:
    """The type of one item; a single table is its own item."""
    kind = walk.of(path, shape)
    inner = element_of(kind)
    return kind if inner is None else inner


def items_of(walk: Walk, record: ResourceType, model: OperationModel) -> Table | None:
    """What one listed resource is, before anything joins it."""
    listing = record.list
    item = item_of(walk, listing.items, model.output_shape)
    if listing.item:
        return Table({listing.item: item}) if scalar_of(item) == "text" else None
    outer = table_of(item)
    if listing.form == "cloudcontrol":  # what it tells is CloudFormation's to name
        return Table({"Identifier": TEXT}, open=True)
    if not listing.inner or outer is None:
        return outer
    inner = table_of(item_of(walk, listing.inner, item))
    copied = {name: walk.of(name, item) for name in listing.copy}
    return Table({**inner.members, **copied}, inner.open) if inner is not None else None


def listed_of(by: Known, record: ResourceType) -> Table:
    """What the listing gives."""
    listing = record.list
    model = by.sdk.operation(listing.service or record.service, listing.call)
    if model is None:
        return Table({}, open=True)
    table = items_of(Walk(), record, model) or Table({}, open=True)
    if listing.parent is not None:
        copied: Mapping[str, Type] = {k: TEXT if _NAME.match(p) else ANY for k, p in listing.parent.copy.items()}
        table = Table({**table.members, **copied}, table.open)
    return table


def facet_type(by: Known, record: ResourceType, facet: Facet) -> Type:
    """What a facet gives."""
    model = by.sdk.operation(facet.service or record.service, facet.call)
    if model is None or model.output_shape is None:
        return ANY
    kind: Type = with_element(model.output_shape) if facet.each else model.output_shape
    if facet.batch is not None:
        kind = item_of(Walk(), facet.batch.items, kind)
        kind = Many(kind) if facet.batch.many else kind
    kind = Walk().of(facet.take, kind) if facet.take else kind
    if facet.each and element_of(kind) is None:
        kind = Many(kind)
    if facet.form in ("json-text", "url-json-text", "yaml-text"):
        return ANY
    return Table({}, open=True) if facet.form == "key-values" else kind


def with_element(output: Type) -> Type:
    """An answer, and the element that it was asked for."""
    table = table_of(output)
    return output if table is None else Table({**table.members, "_each": ANY})


def joined(by: Known, record: ResourceType, facet: Facet) -> Iterable[str]:
    """Names that a facet without an attribute adds to the resource."""
    table = table_of(facet_type(by, record, facet))
    return table.members if table is not None else ()


def root_of(by: Known, record: ResourceType) -> Table:
    """Everything that paths over a resource may read."""
    listed = listed_of(by, record)
    members: dict[str, Type] = {}
    is_open = listed.open
    for facet in record.facets.values():
        kind = facet_type(by, record, facet)
        if facet.attribute:
            members[facet.attribute] = kind
        elif table := table_of(kind):
            named = table.members or dict.fromkeys(DOCUMENTED_NAME.findall(getattr(kind, "documentation", "")), TEXT)
            members |= named
            is_open = is_open or (table.open and not named)
    members |= listed.members
    if record.tags is not None and not (record.tags.attribute == "Tags" and record.tags.form == "pairs"):
        members["Tags"] = TAG_LIST
    return Table(members, is_open)


def asked_options(record: ResourceType, facet: str) -> Table:
    """What a facet's paths see as `_options`: the options of the words that ask for it."""
    found: dict[str, Type] = {}
    for word in record.filters.values():
        if word.with_.get("ask") == facet:
            found |= options_table(word.options).members
        elif word.is_ == "check-permissions" and word.with_.get("facet", "simulation") == facet:
            found |= {"actions": Many(TEXT), "boundaries": TRUTH}
    return Table(found)


def options_table(options: Mapping[str, Option]) -> Table:
    """What `_options` holds."""
    return Table({k: Scalar(JSON_TYPES[o.type]) if o.type in JSON_TYPES else ANY for k, o in options.items()})


def strings_in(template: Any) -> list[str]:
    """Every path of a template."""
    if isinstance(template, str):
        return [template]
    values = template.values() if isinstance(template, Mapping) else template if isinstance(template, list) else ()
    return [path for value in values for path in strings_in(value)]


def documented(shape: Any, name: str) -> bool:
    """Whether the parameter's documentation lists a filter by that name."""
    if name == "tag:*":
        return TAG_FILTERS.search(shape.documentation) is not None
    return f"<code>{name}</code>" in shape.documentation


def calls_of(record: ResourceType) -> list[tuple[str, str]]:
    """(service, operation) of everything that a record names."""
    own, listing, tags = record.service, record.list, record.tags
    found = [(listing.service or own, listing.call)]
    found += [(each.service or own, each.call) for each in (*record.facets.values(), *record.operations.values())]
    if listing.by_id is not None and listing.by_id.call:
        found.append((listing.service or own, listing.by_id.call))
    writes = (tags.write, tags.remove) if tags is not None else ()
    return found + [(each.service or own, each.call) for each in writes if each is not None]
