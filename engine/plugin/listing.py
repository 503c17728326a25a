"""Which resources are there? A type's record to list calls, and their answers to pages of resources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind
from engine.model.json import Json
from engine.model.listing import Listing, Parent
from engine.model.record import ResourceType
from engine.model.resource import Resource, ResourceRef
from engine.model.scope import Scope
from engine.plugin.identity import fillings, id_of
from engine.plugin.paths import bound, fill, getter, roots
from engine.plugin.protocols import Door
from engine.plugin.tagging import pairs_of

Types = Callable[[str], ResourceType]
Rows = Callable[[ResourceType, Json], list[dict[str, Json]]]


def listed(
    type: ResourceType,
    scope: Scope,
    door: Door,
    types: Types,
    params: Mapping[str, Json] | None = None,
    ids: Sequence[str] = (),
    rows: Rows | None = None,
) -> Iterator[list[Resource]]:
    """Pages of resources. With `ids`, only those, by id where the list call takes ids. Raises CallFailed.

    `rows` reads answers of listings that have a `form`.
    """
    any_there = False
    for page in _listed(type, scope, door, types, params or {}, ids, rows):
        any_there = any_there or bool(page)
        yield [r for r in page if r.ref.id in ids] if ids else page
    if type.list.otherwise is not None and not any_there:
        yield from listed(replace(type, list=type.list.otherwise), scope, door, types, params, ids, rows)


def _listed(
    type: ResourceType,
    scope: Scope,
    door: Door,
    types: Types,
    params: Mapping[str, Json],
    ids: Sequence[str],
    rows: Rows | None,
) -> Iterator[list[Resource]]:
    if type.list.parent is not None:
        yield from _under_parents(type, scope, door, types, params, rows)
        return
    look = type.list.by_id if ids else None
    items = look.items if look is not None and look.items else type.list.items
    for call in list_calls(type, scope, params, ids):
        for body in _pages(type, door, call):
            yield resources_in(type, scope, whole(type, call, body, items), items=items, rows=rows)


def _pages(type: ResourceType, door: Door, call: Call) -> Iterator[Json]:
    """The pages of a list call; none where it fails with a code that means "there are none"."""
    try:
        for page in door.pages(call):
            yield page
            if type.list.once:
                return
    except CallFailed as failed:
        if failed.code not in type.list.none:
            raise


def existing(
    type: ResourceType, scope: Scope, door: Door, types: Types, ids: Sequence[str], rows: Rows | None = None
) -> dict[str, Resource]:
    """Asked id → resource, for those of the ids that exist; the others are proven not to. Raises CallFailed.

    An id does not exist where the operation's model or the record names the error code as "not found", or where a
    complete answer does not hold it. AWS refuses a whole request for one id that is gone: where its answer names the
    id, the others are asked for again; where it names none, or all as if it repeated the request, everything is listed,
    or each half asked for.
    """
    look = type.list.by_id
    if look is not None and look.most == 1:
        return {id: found for id in ids if (found := _one(type, scope, door, types, id)) is not None}
    left = list(ids)
    while left:
        try:
            return {r.ref.id: r for page in listed(type, scope, door, types, ids=left, rows=rows) for r in page}
        except CallFailed as failed:
            if not _is_gone(type, failed):
                raise
            if len(left) == 1:
                return {}
            named = {id for id in left if _says(failed.message, id)}
            if not named or len(named) == len(left):
                return _by_listing(type, scope, door, types, left, rows)
            left = [id for id in left if id not in named]
    return {}


def _is_gone(type: ResourceType, failed: CallFailed) -> bool:
    """Whether a failure says that what was asked for does not exist: a code that the model or the record names."""
    look = type.list.by_id
    return failed.kind is FailureKind.GONE or (look is not None and failed.code in look.gone)


def _by_listing(
    type: ResourceType, scope: Scope, door: Door, types: Types, ids: Sequence[str], rows: Rows | None
) -> dict[str, Resource]:
    """Those that exist, where AWS says that one does not, and not which.

    A listing that is narrowed (own images only) does not hold all that a lookup finds: it proves nothing about the
    others, and each half of the ids is asked for instead.
    """
    if type.list.with_:
        half = len(ids) // 2
        first = existing(type, scope, door, types, ids[:half], rows)
        return first | existing(type, scope, door, types, ids[half:], rows)
    wanted = set(ids)
    every = (r for page in listed(type, scope, door, types, rows=rows) for r in page)
    return {r.ref.id: r for r in every if r.ref.id in wanted}


def _says(message: str, id: str) -> bool:
    """Whether a message names an id: not as a part of another id or word."""
    return re.search(rf"(?<![\w-]){re.escape(id)}(?![\w-])", message) is not None


def _one(type: ResourceType, scope: Scope, door: Door, types: Types, id: str) -> Resource | None:
    look = type.list.by_id
    items = look.items if look is not None and look.items else type.list.items
    try:
        answers = [(call, door.perform(call)) for call in list_calls(type, scope, ids=(id,))]
    except CallFailed as failed:
        if not _is_gone(type, failed):
            raise
        return None
    bodies = (whole(type, call, body, items) for call, body in answers)
    return next((r for body in bodies for r in resources_in(type, scope, body, items=items)), None)


def list_calls(
    type: ResourceType, scope: Scope, params: Mapping[str, Json] | None = None, ids: Sequence[str] = ()
) -> list[Call]:
    """The list call (several when ids go in batches); `params` come on top of the record's own."""
    listing = type.list
    service = listing.service or type.service
    base: dict[str, Json] = {**fill(listing.with_, fillings(type, {}, scope)), **(params or {})}
    if ids and listing.by_id is not None:
        look, most = listing.by_id, listing.by_id.most
        batches = [list(ids[i : i + most]) for i in range(0, len(ids), most)]
        return [
            Call(service, look.call or listing.call, {look.param: batch if most > 1 else batch[0]}, scope)
            for batch in batches
        ]
    named = listing.by_id is not None and listing.by_id.param in base
    return [Call(service, listing.call, base if named else {**listing.page, **base}, scope)]


def resources_in(
    type: ResourceType,
    scope: Scope,
    body: Json,
    extra: Mapping[str, Json] | None = None,
    *,
    items: str | None = None,
    rows: Rows | None = None,
) -> list[Resource]:
    """The resources of one answer; `extra` are attributes that go on each, `items` where they stand."""
    found = rows(type, body) if rows is not None and type.list.form else items_in(type.list, body, items)
    tags = type.tags
    renames = tags is not None and tags.attribute != "" and (tags.attribute, tags.form) != ("Tags", "pairs")
    made = []
    for attributes in found:
        if type.list.owner and scope.account and attributes.get(type.list.owner, scope.account) != scope.account:
            continue
        if extra or renames:
            attributes = {**attributes, **(extra or {})}  # noqa: PLW2901 - seen by policies under these names
            if renames and type.tags is not None:
                attributes["Tags"] = pairs_of(attributes.get(type.tags.attribute), type.tags.form)
        made.append(Resource(ResourceRef(type.word, scope, id_of(type, attributes, scope)), attributes))
    return made


def items_in(listing: Listing, body: Json, items: str | None = None) -> list[dict[str, Json]]:
    """The items of one answer as mappings; plain strings are put under the listing's `item` attribute."""
    path = listing.items if items is None else items
    found = getter(path)(body) if path else [body]
    if found is None:
        return []
    if isinstance(found, Mapping):
        found = [found]
    if listing.inner:
        return [
            {**each, **{name: outer[name] for name in listing.copy if name in outer}}
            for outer in found
            for each in outer.get(listing.inner) or ()
        ]
    return [{listing.item: each} if listing.item and not isinstance(each, Mapping) else each for each in found]


def elements(call: Call, body: Json, member: str) -> Sequence[Json]:
    """The list that an answer to `call` holds under a member.

    Raises CallFailed where it holds none: AWS sends an empty list, so nothing is known then.
    """
    found = body.get(member)
    if not isinstance(found, list | tuple):
        raise incomplete(call, member)
    return found


def incomplete(call: Call, member: str) -> CallFailed:
    """The failure of a call whose answer lacks a member that it must have."""
    return CallFailed(
        call.service, call.operation, FailureKind.FAULT, "IncompleteAnswer", f"the answer has no '{member}'", None
    )


def whole(type: ResourceType, call: Call, body: Json, items: str) -> Json:
    """The answer to a list call, if it holds the member in which the resources stand (`items`, JMESPath).

    AWS sends an empty list where there are none; an answer without it proves nothing. Settings are members that are
    left out while nobody has made them, and a record can say that an API leaves empty lists out (`optional`).
    Raises CallFailed.
    """
    listing = type.list
    if not items or listing.optional or listing.form or type.kind == "setting" or not isinstance(body, Mapping):
        return body
    names = {name for name in roots(items) if name != "@" and not name.startswith("_")}
    if names and not names & set(body):
        raise incomplete(call, ", ".join(sorted(names)))
    return body


def _under_parents(
    type: ResourceType, scope: Scope, door: Door, types: Types, params: Mapping[str, Json], rows: Rows | None
) -> Iterator[list[Resource]]:
    parent = type.list.parent
    if parent is None:
        return
    above = types(parent.type) if parent.list is None else replace(type, list=parent.list)
    asked = {key: params[key] for key in (*parent.narrow, *parent.choose) if key in params}
    holds = [getter(bound(path, asked)) for key, path in parent.narrow.items() if key in asked]
    chosen = [getter(bound(path, asked)) for key, path in parent.choose.items() if key in asked]
    rest = {key: value for key, value in params.items() if key not in asked}
    for page in listed(above, scope, door, types):
        for resource in page:
            if all(hold(resource.attributes) for hold in holds):
                data = fillings(above, resource.attributes, scope)
                for found in _under(type, scope, door, data, parent, rest, rows):
                    yield [child for child in found if all(hold(child.attributes) for hold in chosen)]


def _under(
    type: ResourceType,
    scope: Scope,
    door: Door,
    data: Mapping[str, Json],
    parent: Parent,
    params: Mapping[str, Json],
    rows: Rows | None,
    above: frozenset[str] = frozenset(),
) -> Iterator[list[Resource]]:
    """The children of one parent (as its fillings) and, where they nest, of each of these that is not `above` them."""
    asked = {**type.list.page, **fill(type.list.with_, data), **fill(parent.with_, data), **params}
    copied = {name: getter(path)(data) for name, path in parent.copy.items()}
    call = Call(type.list.service or type.service, type.list.call, asked, scope)
    had: set[str] = set()
    for body in _pages(type, door, call):
        found = resources_in(type, scope, whole(type, call, body, type.list.items), copied, rows=rows)
        had |= {resource.ref.id for resource in found} if type.list.besides else set()
        yield found
        for child in found if parent.nested else ():
            if child.ref.id not in above:
                inner = fillings(type, child.attributes, scope)
                yield from _under(type, scope, door, inner, parent, params, rows, above | {child.ref.id})
    if type.list.besides:
        other = replace(call, operation=type.list.besides)
        for body in _pages(type, door, other):
            more = resources_in(type, scope, whole(type, other, body, type.list.items), copied, rows=rows)
            yield [r for r in more if r.ref.id not in had]
