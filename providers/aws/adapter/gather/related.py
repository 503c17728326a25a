"""Resources of other types: those that a resource names, and all there are.

What is shared between scans is complete: every page of a listing, with every detail that is read of it. Where one read
failed, what rests on it has failed too, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.model.call import Call
from engine.model.errors import CallFailed
from engine.model.fact import Fact, Failed, Value, plain
from engine.model.json import Attributes, Json
from engine.model.need import FacetNeed, Need, PopulationNeed, RelatedNeed
from engine.model.record import Join, ResourceType
from engine.model.resource import Resource, ResourceRef
from engine.plugin.attributes import needs_of_key, needs_of_roots
from engine.plugin.listing import Types, elements, existing, listed
from engine.plugin.paths import PathRejected, getter
from engine.plugin.protocols import Request, Tell
from providers.aws.adapter.flights import Known
from providers.aws.adapter.gather.facets import gather_facets
from providers.aws.adapter.gather.location import elsewhere
from providers.aws.adapter.gather.tags import gather_tags

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection


TAGGING = "resourcegroupstaggingapi"
TAGS_A_CALL = 100
"""Source: Resource Groups Tagging API, GetResources: ResourceARNList."""


@dataclass(slots=True)
class _Found:
    """Id → attributes of those that exist, for all ids that were asked about; and why some are not known."""

    there: dict[str, Attributes] = field(default_factory=dict)
    failures: dict[str, Failed] = field(default_factory=dict)


def gather_related(connection: AwsConnection, request: Request, need: RelatedNeed, tell: Tell) -> None:
    """Tell each resource the list of (id, attributes or None) of those it names; None: it is proven not to exist."""
    join = request.type.joins[need.join] if need.join else Join(need.type, need.ids)
    named = {id(resource): ids_in(join, attributes) for resource, attributes in request.resources}
    wanted = sorted({each for ids in named.values() for each in ids})
    try:
        if not wanted:
            found = _Found()
        elif join.type == TAGGING:
            found = _Found(_tags_of(connection, request, wanted))
        else:
            found = _related(connection, request, need, join, wanted, named)
    except CallFailed as failed:
        for resource, _ in request.resources:
            tell(resource, need, Failed(str(failed)) if named[id(resource)] else Value([]))
        return
    except _Incomplete as incomplete:
        for resource, _ in request.resources:
            tell(resource, need, incomplete.failed if named[id(resource)] else Value([]))
        return
    for resource, attributes in request.resources:
        ids = named[id(resource)]
        failure = next((found.failures[each] for each in ids if each in found.failures), None)
        if failure is None and ids and not join.many:
            failure = _unseen(connection, request, join, attributes, ids, found)
        tell(resource, need, failure or Value([(each, found.there.get(each)) for each in ids]))


def _unseen(
    connection: AwsConnection,
    request: Request,
    join: Join,
    attributes: Attributes,
    ids: Sequence[str],
    found: _Found,
) -> Failed | None:
    """Why one of the ids is not known although AWS knows nothing of it here: its ARN places it elsewhere."""
    other = None if join.type == TAGGING else _type(request, join.type)
    try:
        causes = dict(elsewhere(connection, join.ids, attributes, request.setting.scope, found.there, other))
    except CallFailed as failed:
        return Failed(str(failed))
    return next((causes[each] for each in ids if each in causes), None)


def _related(
    connection: AwsConnection,
    request: Request,
    need: RelatedNeed,
    join: Join,
    wanted: Sequence[str],
    named: dict[int, list[str]],
) -> _Found:
    """Those that are named. Where several may bear a name, `named` is changed to what bears it."""
    other = _type(request, join.type)
    bare = bool(need.paths) and not _details(other, [*need.paths, join.attribute or other.identity.id])
    if join.many:
        bearers = _bearers(connection, request, other, join, bare=bare)
        for key, ids in named.items():
            named[key] = [name for each in ids for name in bearers.get(each, ())]
        found = _Found({name: there for each in wanted for name, there in bearers.get(each, {}).items()})
    else:
        found = _by_id(connection, request, other, join, wanted, bare=bare)
    there, failures = _with_facets(connection, request, other, found.there, need.paths)
    return _Found(there, {**failures, **found.failures})


def _tags_of(connection: AwsConnection, request: Request, wanted: Sequence[str]) -> dict[str, Attributes]:
    """The tags of what is named by its ARN, whatever its type."""
    found: dict[str, Attributes] = {}
    for at in range(0, len(wanted), TAGS_A_CALL):
        params = {"ResourceARNList": wanted[at : at + TAGS_A_CALL]}
        call = Call(TAGGING, "GetResources", params, request.setting.scope)
        for page in connection.door.pages(call):
            for each in elements(call, page, "ResourceTagMappingList"):
                found[str(each.get("ResourceARN"))] = {"Tags": each.get("Tags") or []}
    return found


def gather_population(connection: AwsConnection, request: Request, need: PopulationNeed, tell: Tell) -> None:
    """Tell each resource the set of values at a path over all resources of another type."""
    fact: Fact
    try:
        fact = connection.shared.of((need, request.setting.scope), lambda: _everywhere(connection, request, need))
    except CallFailed as failed:
        fact = Failed(str(failed))
    except _Incomplete as incomplete:
        fact = incomplete.failed
    for resource, _ in request.resources:
        tell(resource, need, fact)


class _Incomplete(Exception):
    """A detail of one of many could not be read, so that nothing can be said of all of them."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.cause)
        self.failed = failed


def _everywhere(connection: AwsConnection, request: Request, need: PopulationNeed) -> Value:
    """The values at the path, of every resource that can have one of these in it.

    What is the same in every region (a role) may be used in any of them. Raises CallFailed, _Incomplete.
    """
    if not request.type.global_ or _type(request, need.type).global_:
        return Value(_population(connection, request, need))
    regions = connection.shared.of("regions", lambda: connection.regions(("all",)))
    setting = request.setting
    there = [replace(request, setting=replace(setting, scope=replace(setting.scope, region=r))) for r in regions]
    reached = [each for each in there if connection.reaches(_type(request, need.type), each.setting.scope.region)]
    found = connection.waiting.map(lambda each: _population(connection, each, need), reached)
    return Value(frozenset().union(*found))


def _population(connection: AwsConnection, request: Request, need: PopulationNeed) -> frozenset[str]:
    """The values at the path, of every resource. Raises CallFailed, _Incomplete: one that is not known may have any."""
    other = _type(request, need.type)
    all_of_them = _listed(connection, request, other, bare=not _details(other, (need.path,)))
    # several may share an id (the versions of a template)
    numbered = {f"{n} {a.get(other.identity.id)}": a for n, a in enumerate(all_of_them)}
    everything, failures = _with_facets(connection, request, other, numbered, (need.path,))
    for failure in failures.values():
        raise _Incomplete(failure)
    values = (getter(need.path)(attributes) for attributes in everything.values())
    return frozenset(_flat(values))


def ids_in(join: Join, attributes: Attributes) -> list[str]:
    """The ids a resource names, in its order, each once; an empty text names none."""
    return [each for each in dict.fromkeys(_flat([getter(join.ids)(attributes)])) if each]


def _flat(values: Json) -> list[str]:
    found: list[str] = []
    for value in values:
        if isinstance(value, list | tuple):
            found += _flat(value)
        elif value is not None:
            found.append(str(value))
    return found


def _type(request: Request, word: str) -> ResourceType:
    return _types(request)(word)


def _types(request: Request) -> Types:
    if request.setting.types is None:
        raise LookupError("types are needed to follow a join")
    return request.setting.types


def _by_id(
    connection: AwsConnection, request: Request, other: ResourceType, join: Join, wanted: Sequence[str], *, bare: bool
) -> _Found:
    """Those of the ids that exist; asked by id where the API allows, else the whole type is listed.

    `bare`: what the listing gives is enough.
    """
    scope = request.setting.scope
    found = _Found()

    def ask(missing: list[str]) -> Mapping[str, Attributes | None]:
        look = other.list.by_id
        if look is not None and (not join.attribute or join.attribute in look.also):
            return _looked_up(connection, request, other, missing, found.failures)
        attribute = getter(join.attribute or other.identity.id)
        resources = [r for page in listed(other, scope, connection.door, _types(request)) for r in page]
        details: dict[int, Attributes] = {id(r): r.attributes for r in resources}
        unknown: dict[int, Failed] = {}
        if not bare:
            details, unknown = _detailed(connection, request, other, resources)
        for resource in resources:
            if (failure := unknown.get(id(resource))) is not None:
                name = attribute(resource.attributes)
                if name is None:  # it may be any of those that are asked about
                    raise _Incomplete(failure)
                found.failures[str(name)] = failure
        there = {str(attribute(attributes)): attributes for attributes in details.values()}
        return {each: there.get(each) for each in missing if each not in found.failures}

    key = ("related", other.word, join.attribute, bare, scope)
    known = connection.shared.of(key, Known).of(wanted, ask)
    found.there = {each: attributes for each, attributes in known.items() if attributes is not None}
    return found


def _looked_up(
    connection: AwsConnection,
    request: Request,
    other: ResourceType,
    ids: Sequence[str],
    failures: dict[str, Failed],
) -> dict[str, Attributes | None]:
    """Id → attributes, None for what does not exist; ids that are not known stand in `failures` instead.

    Where one call looks up one id, a refusal is about that id alone.
    """
    scope, types = request.setting.scope, _types(request)
    alone = other.list.by_id is not None and other.list.by_id.most == 1
    there: dict[str, Resource] = {}
    for part in [[each] for each in ids] if alone else [list(ids)]:
        try:
            there |= existing(other, scope, connection.door, types, part)
        except CallFailed as failed:
            if not alone:
                raise
            failures[part[0]] = Failed(str(failed))
    details, unknown = _detailed(connection, request, other, list(there.values()))
    failures |= {each: unknown[id(resource)] for each, resource in there.items() if id(resource) in unknown}
    attributes = {each: details[id(resource)] for each, resource in there.items()}
    return {each: attributes.get(each) for each in ids if each not in failures}


def _bearers(
    connection: AwsConnection, request: Request, other: ResourceType, join: Join, *, bare: bool
) -> dict[str, dict[str, Attributes]]:
    """What the join leads by → id → attributes of each that has it; the whole type is listed, once."""

    def read() -> dict[str, dict[str, Attributes]]:
        bearers: dict[str, dict[str, Attributes]] = {}
        attribute = getter(join.attribute)
        for attributes in _listed(connection, request, other, bare=bare):
            if (value := attribute(attributes)) is not None:
                bearers.setdefault(str(value), {})[str(attributes.get(other.identity.id))] = attributes
        return bearers

    return connection.shared.of(("bearers", other.word, join.attribute, bare, request.setting.scope), read)


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
        values, failed = _facts(connection, request, other, need, joined)
        failures |= {name: failure for name, failure in failed.items() if name not in failures}
        for name in joined.keys() & values.keys():
            joined[name][attribute] = values[name]
    return dict(joined), failures


def _facts(
    connection: AwsConnection,
    request: Request,
    other: ResourceType,
    need: FacetNeed,
    found: Mapping[str, Attributes],
) -> tuple[dict[str, Json], dict[str, Failed]]:
    """(id → the value, None where there is none; id → why it is not known). Values are kept for later requests."""
    scope = request.setting.scope
    failures: dict[str, Failed] = {}

    def ask(lacking: list[str]) -> Mapping[str, Json]:
        values: dict[str, Json] = {}

        def tell(resource: Resource, _: Need, fact: Fact) -> None:
            if isinstance(fact, Failed):
                failures[resource.ref.id] = fact
            else:
                values[resource.ref.id] = plain(fact)

        pairs = [(Resource(ResourceRef(other.word, scope, name), found[name]), found[name]) for name in lacking]
        asked = Request(need, other, pairs, request.setting, len(found))
        if need.facet == "tags":
            gather_tags(connection, asked, tell)
        else:
            gather_facets(connection, [asked], tell)
        return values

    known = connection.shared.of(("related facet", other.word, need, scope), Known)
    return known.of(found, ask), failures


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
    """All of the other type's resources; unless what the listing gives is enough (`bare`), with their details.

    Raises CallFailed, _Incomplete.
    """
    found = [r for page in listed(other, request.setting.scope, connection.door, _types(request)) for r in page]
    if bare:
        return [resource.attributes for resource in found]
    details, unknown = _detailed(connection, request, other, found)
    for failure in unknown.values():
        raise _Incomplete(failure)
    return [details[id(resource)] for resource in found]


def _detailed(
    connection: AwsConnection, request: Request, other: ResourceType, found: Sequence[Resource]
) -> tuple[dict[int, Attributes], dict[int, Failed]]:
    """By the identity of each resource: its attributes with those of the detail facets that the listing did not give;
    why one of these is not known."""
    details = [name for name, facet in other.facets.items() if not facet.attribute] if other.list.gives else []
    joined: dict[int, Attributes] = {id(resource): resource.attributes for resource in found}
    failures: dict[int, Failed] = {}

    def tell(resource: Resource, _: object, fact: Fact) -> None:
        if isinstance(fact, Failed):
            failures[id(resource)] = fact
        elif isinstance(value := plain(fact), Mapping):
            joined[id(resource)] = {**joined[id(resource)], **value}

    bare = [r for r in found if set(r.attributes) <= set(other.list.gives)]
    pairs = [(resource, resource.attributes) for resource in bare]
    asked = [Request(FacetNeed(name), other, pairs, request.setting, len(found)) for name in details if pairs]
    gather_facets(connection, asked, tell)
    return joined, failures
