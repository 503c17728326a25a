"""Which resources are these? What an event calls them (ids, ARNs, names) to the resources that are there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.model.record import ResourceType
from engine.model.resource import Resource
from engine.model.scope import Scope
from engine.plugin.identity import arn_of, name_of
from engine.plugin.listing import Rows, Types, existing, listed
from engine.plugin.protocols import Door

_FIELD = re.compile(r"\{([^{}]+)\}")


def named(
    type: ResourceType, scope: Scope, door: Door, types: Types, references: Iterable[str], rows: Rows | None = None
) -> Iterator[list[Resource]]:
    """Pages of the resources of the type that are meant; ARNs of other types mean none. Raises CallFailed.

    Asked for by id where the reference tells the id; else everything is listed and compared.
    """
    ids, others = told(type, references)
    if type.identity.within:  # what looks like an id may be the child's own: another parent's child may have it too
        ids, others = [], {*others, *ids}
    if ids:
        found = existing(type, scope, door, types, ids, rows)
        yield [found[id] for id in ids if id in found]
    if others:
        for page in listed(type, scope, door, types, rows=rows):
            yield [r for r in page if r.ref.id not in ids and _is_one(r, type, scope, others)]


def told(type: ResourceType, references: Iterable[str]) -> tuple[list[str], set[str]]:
    """(ids, references from which the id cannot be told)."""
    ids: dict[str, None] = {}
    others: set[str] = set()
    by_arn = type.identity.arn == type.identity.id
    template = _template(type)
    for each in references:
        if each.startswith("arn:") is by_arn:
            ids[each] = None
        elif by_arn or template is None:
            others.add(each)
        elif match := template.match(each):
            ids[match["id"]] = None
    return list(ids), others


def _template(type: ResourceType) -> re.Pattern[str] | None:
    """What matches the type's ARNs and finds the id in them; None where the ARN does not hold the plain id."""
    arn = type.identity.arn
    if not arn.startswith("arn:") or f"{{{type.identity.id}}}" not in arn:
        return None
    parts = _FIELD.split(arn)
    return re.compile("".join(_part(part, number, type) for number, part in enumerate(parts)) + r"\Z")


def _part(part: str, number: int, type: ResourceType) -> str:
    """A template's text as it is, its fields as what they match: every second part is a field."""
    if number % 2 == 0:
        return re.escape(part)
    if part == type.identity.id:
        return "(?P<id>.+)"
    return "[^:]*" if part in ("partition", "region", "account") else ".+?"


def _is_one(resource: Resource, type: ResourceType, scope: Scope, references: set[str]) -> bool:
    """Whether a reference is its id, its ARN or, where no other resource can be called the same, what else names it."""
    attributes, identity = resource.attributes, type.identity
    return (
        resource.ref.id in references
        or arn_of(type, attributes, scope) in references
        or any(str(attributes.get(name, "")) in references for name in identity.also)
        or (not identity.within and name_of(type, attributes) in references)
    )
