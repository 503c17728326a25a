"""Resources of other types: those that a resource names, and all there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from engine.model.call import Call
from engine.model.errors import CallFailed
from engine.model.json import Attributes, Json
from engine.model.need import FacetNeed, Need, PopulationNeed, RelatedNeed
from engine.model.record import Join, ResourceType
from engine.model.resource import Resource, ResourceRef
from engine.plugin.attributes import needs_of_key, needs_of_roots
from engine.plugin.listing import existing, listed
from engine.plugin.paths import PathRejected, getter
from engine.plugin.protocols import Failed, Request, Tell
from providers.aws.adapter.gather.facets import gather_facets
from providers.aws.adapter.gather.tags import gather_tags

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection


TAGGING = "resourcegroupstaggingapi"
TAGS_A_CALL = 100
"""Source: Resource Groups Tagging API, GetResources: ResourceARNList."""


def gather_related(connection: AwsConnection, request: Request, need: RelatedNeed, tell: Tell) -> None:
    """Tell each resource the list of (id, attributes or None) of those it names."""
    join = request.type.joins[need.join] if need.join else Join(need.type, need.ids)
    if join.type == TAGGING:
        _tell_tags(connection, request, need, join, tell)
        return
    other = _type(request, join.type)
    named = {id(resource): ids_in(join, attributes) for resource, attributes in request.resources}
    wanted = sorted({each for ids in named.values() for each in ids})
    try:
        if join.many:
            bearers = _bearers(connection, request, other, join) if wanted else {}
            named = {key: [name for each in ids for name in bearers.get(each, ())] for key, ids in named.items()}
            found = {name: there for each in wanted for name, there in bearers.get(each, {}).items()}
        else:
            bare = bool(need.paths) and not _details(other, [*need.paths, join.attribute or other.identity.id])
            found = _by_id(connection, request, other, join, wanted, bare=bare) if wanted else {}
    except CallFailed as failed:
        for resource, _ in request.resources:
            tell(resource, need, Failed(str(failed)) if named[id(resource)] else [])
        return
    found, failures = _with_facets(connection, request, other, found, need.paths)
    for resource, _ in request.resources:
        ids = named[id(resource)]
        failure = next((failures[each] for each in ids if each in failures), None)
        tell(resource, need, failure or [(each, found.get(each)) for each in ids])


def _tell_tags(connection: AwsConnection, request: Request, need: RelatedNeed, join: Join, tell: Tell) -> None:
    """The tags of what is named by its ARN, whatever its type."""
    named = {id(resource): ids_in(join, attributes) for resource, attributes in request.resources}
    wanted = sorted({each for ids in named.values() for each in ids})
    found: dict[str, Attributes] = {}
    try:
        for at in range(0, len(wanted), TAGS_A_CALL):
            params = {"ResourceARNList": wanted[at : at + TAGS_A_CALL]}
            body = connection.door.perform(Call(TAGGING, "GetResources", params, request.setting.scope))
            found.update({each["ResourceARN"]: {"Tags": each["Tags"]} for each in body["ResourceTagMappingList"]})
    except CallFailed as failed:
        for resource, _ in request.resources:
            tell(resource, need, Failed(str(failed)) if named[id(resource)] else [])
        return
    for resource, _ in request.resources:
        tell(resource, need, [(each, found.get(each)) for each in named[id(resource)]])


def gather_population(connection: AwsConnection, request: Request, need: PopulationNeed, tell: Tell) -> None:
    """Tell each resource the set of values at a path over all resources of another type."""
    scope = request.setting.scope
    key = (need, scope)
    if key not in connection.shared:
        try:
            other = _type(request, need.type)
            # several may share an id (the versions of a template)
            listed = {
                f"{n} {a.get(other.identity.id)}": a
                for n, a in enumerate(_listed(connection, request, other, bare=not _details(other, (need.path,))))
            }
            everything, failures = _with_facets(connection, request, other, listed, (need.path,))
            values = (getter(need.path)(attributes) for attributes in everything.values())
            connection.shared[key] = next(iter(failures.values()), None) or frozenset(_flat(values))
        except CallFailed as failed:
            connection.shared[key] = Failed(str(failed))
    for resource, _ in request.resources:
        tell(resource, need, connection.shared[key])


def ids_in(join: Join, attributes: Attributes) -> list[str]:
    """The ids a resource names, in its order, each once."""
    return list(dict.fromkeys(_flat([getter(join.ids)(attributes)])))


def _flat(values: Json) -> list[str]:
    found: list[str] = []
    for value in values:
        if isinstance(value, list | tuple):
            found += _flat(value)
        elif value is not None:
            found.append(str(value))
    return found


def _type(request: Request, word: str) -> ResourceType:
    if request.setting.types is None:
        raise LookupError("types are needed to follow a join")
    return request.setting.types(word)


def _by_id(
    connection: AwsConnection, request: Request, other: ResourceType, join: Join, wanted: Sequence[str], *, bare: bool
) -> dict[str, Attributes]:
    """Id → attributes of those that exist; asked by id where the API allows, else the whole type is listed.

    `bare`: what the listing gives is enough.
    """
    key = ("related", other.word, join.attribute, bare, request.setting.scope)
    known: dict[str, Attributes | None] = connection.shared.setdefault(key, {})
    missing = [each for each in wanted if each not in known]
    look = other.list.by_id
    if missing and look is not None and (not join.attribute or join.attribute in look.also) and request.setting.types:
        found = existing(other, request.setting.scope, connection.door, request.setting.types, missing)
        details = _detailed(connection, request, other, list(found.values()))
        known.update(dict.fromkeys(missing))
        known.update(dict(zip(found, details, strict=True)))
    elif missing:
        attribute = getter(join.attribute or other.identity.id)
        known.update(dict.fromkeys(missing))
        there = _listed(connection, request, other, bare=bare)
        known.update({str(attribute(attributes)): attributes for attributes in there})
    return {each: has for each in wanted if (has := known.get(each)) is not None}


def _bearers(
    connection: AwsConnection, request: Request, other: ResourceType, join: Join
) -> dict[str, dict[str, Attributes]]:
    """What the join leads by → id → attributes of each that has it; the whole type is listed, once."""
    key = ("bearers", other.word, join.attribute, request.setting.scope)
    if key not in connection.shared:
        bearers: dict[str, dict[str, Attributes]] = {}
        attribute = getter(join.attribute)
        for attributes in _listed(connection, request, other):
            if (value := attribute(attributes)) is not None:
                bearers.setdefault(str(value), {})[str(attributes.get(other.identity.id))] = attributes
        connection.shared[key] = bearers
    known: dict[str, dict[str, Attributes]] = connection.shared[key]
    return known


def _with_facets(
    connection: AwsConnection,
    request: Request,
    other: ResourceType,
    found: dict[str, Attributes],
    paths: Sequence[str],
) -> tuple[dict[str, Attributes], dict[str, Failed]]:
    """(attributes with the facets and tags that the paths read, each asked for once; why some could not be had)."""
    needs = {need for path in paths for need in _needs_of(path, other) if isinstance(need, FacetNeed)}
    joined: dict[str, dict[str, Json]] = {name: dict(attributes) for name, attributes in found.items()}
    failures: dict[str, Failed] = {}
    for need in sorted(needs, key=lambda each: each.facet):
        attribute = "Tags" if need.facet == "tags" else other.facets[need.facet].attribute
        if not attribute:
            continue
        facts = _facts(connection, request, other, need, joined)
        for name, attributes in joined.items():
            fact = facts.get(name)
            if isinstance(fact, Failed):
                failures.setdefault(name, fact)
            else:
                attributes[attribute] = fact
    return dict(joined), failures


def _facts(
    connection: AwsConnection,
    request: Request,
    other: ResourceType,
    need: FacetNeed,
    found: Mapping[str, Attributes],
) -> Mapping[str, Json]:
    """Id → the fact; those of earlier requests are kept."""
    scope = request.setting.scope
    known: dict[str, Json] = connection.shared.setdefault(("related facet", other.word, need, scope), {})
    lacking = {name: attributes for name, attributes in found.items() if name not in known}

    def tell(resource: Resource, _: Need, fact: Json) -> None:
        known[resource.ref.id] = fact

    if lacking:
        pairs = [(Resource(ResourceRef(other.word, scope, name), each), each) for name, each in lacking.items()]
        asked = Request(need, other, pairs, request.setting, len(found))
        if need.facet == "tags":
            gather_tags(connection, asked, tell)
        else:
            gather_facets(connection, [asked], tell)
    return known


def _needs_of(path: str, other: ResourceType) -> Iterable[Need]:
    try:
        return needs_of_key(path, other)
    except PathRejected:
        return needs_of_roots(frozenset({path}), other)


def _details(other: ResourceType, paths: Sequence[str]) -> set[Need]:
    """The detail facets that the paths read."""
    details = {FacetNeed(name) for name, facet in other.facets.items() if not facet.attribute}
    return {need for path in paths for need in _needs_of(path, other) if need in details}


def _listed(
    connection: AwsConnection, request: Request, other: ResourceType, *, bare: bool = False
) -> list[Attributes]:
    """All of the other type's resources; unless what the listing gives is enough (`bare`), with their details."""
    scope = request.setting.scope
    if request.setting.types is None:
        return []
    found = [r for page in listed(other, scope, connection.door, request.setting.types) for r in page]
    return [resource.attributes for resource in found] if bare else _detailed(connection, request, other, found)


def _detailed(
    connection: AwsConnection, request: Request, other: ResourceType, found: Sequence[Resource]
) -> list[Attributes]:
    """Attributes with those of the detail facets that the listing did not give."""
    details = [name for name, facet in other.facets.items() if not facet.attribute] if other.list.gives else []
    joined: dict[int, Attributes] = {id(resource): resource.attributes for resource in found}

    def tell(resource: Resource, _: object, fact: Json) -> None:
        if isinstance(fact, dict):
            joined[id(resource)] = {**joined[id(resource)], **fact}

    bare = [r for r in found if set(r.attributes) <= set(other.list.gives)]
    pairs = [(resource, resource.attributes) for resource in bare]
    asked = [Request(FacetNeed(name), other, pairs, request.setting, len(found)) for name in details if pairs]
    gather_facets(connection, asked, tell)
    return [joined[id(resource)] for resource in found]
