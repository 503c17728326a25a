"""Which facets a path into a resource needs, from the type's record."""

from __future__ import annotations

from engine.model.need import FacetNeed, Need
from engine.model.record import ResourceType
from engine.plugin.paths import roots, strings_in

TAGS = FacetNeed("tags")
"""The reserved facet of a type whose listing carries no tags."""


def needs_of_key(key: str, type: ResourceType) -> frozenset[Need]:
    """Needs of a value filter's key: `tag:NAME`, or JMESPath. Raises PathRejected."""
    if key.startswith("tag:"):
        return needs_of_roots(frozenset({"Tags"}), type)
    return needs_of_roots(roots(key), type)


def needs_of_roots(names: frozenset[str], type: ResourceType) -> frozenset[Need]:
    """Needs of top-level attributes. `@` (the whole resource) needs what joins the resource itself."""
    return _with_prerequisites({need for name in names for need in _needs_of_root(name, type)}, type)


def needs_to_ask(facet: str, type: ResourceType) -> frozenset[Need]:
    """What must be known before a facet is asked for with a policy's options."""
    return _with_prerequisites(set(prerequisites(FacetNeed(facet), type)), type)


def _with_prerequisites(found: set[Need], type: ResourceType) -> frozenset[Need]:
    left = list(found)
    while left:
        more = prerequisites(left.pop(), type) - found
        found |= more
        left += more
    return frozenset(found)


def prerequisites(need: Need, type: ResourceType) -> frozenset[Need]:
    """Facets that must be known before a facet can be asked for: its parameters read what they give."""
    if not isinstance(need, FacetNeed) or need.facet not in type.facets:
        return frozenset()
    facet = type.facets[need.facet]
    own = {facet.attribute} if facet.attribute else set()
    read = {name for path in strings_in([dict(facet.with_), facet.each or "''"]) for name in roots(path)} - own
    found = {each for name in read if not name.startswith("_") for each in _needs_of_root(name, type)}
    return frozenset(found - {need})


def _needs_of_root(name: str, type: ResourceType) -> set[Need]:
    if name.startswith("_"):  # no attribute: _region, _options
        return set()
    if name == "Tags" and type.tags is not None:
        return set() if type.tags.attribute else {TAGS}
    named = {FacetNeed(facet) for facet, record in type.facets.items() if record.attribute == name}
    if named:
        return set(named)
    if type.list.gives and name not in type.list.gives:
        return {FacetNeed(facet) for facet, record in type.facets.items() if not record.attribute}
    return set()
