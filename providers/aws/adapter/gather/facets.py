"""Extra reads by record: one call a resource, or one for many where the API takes a list of ids."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.model.call import Call
from engine.model.errors import CallFailed
from engine.model.fact import Absent, Fact, Failed, Inapplicable, Listed, NotFound, Value, defect, fact_of, plain
from engine.model.json import Attributes, Json
from engine.model.need import FacetNeed, Need
from engine.model.record import Facet, FacetBatch, ResourceType
from engine.model.resource import Resource
from engine.model.scope import Scope
from engine.plugin.attributes import prerequisites
from engine.plugin.identity import fillings
from engine.plugin.listing import incomplete
from engine.plugin.paths import fill, getter, roots, strings_in
from engine.plugin.protocols import Request, Tell
from providers.aws.adapter.gather.forms import taken
from providers.aws.adapter.gather.pages import all_pages, whole

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection

Pair = tuple[Resource, Attributes]

ASK_AGAIN_AFTER = 2.0
"""Seconds between two questions whether AWS has made an answer."""

ANSWERS_KEPT = 1_000
"""So many answers of a facet are kept, so that a long listing is not held twice."""


def gather_facets(connection: AwsConnection, requests: Sequence[Request], tell: Tell) -> None:
    """Every request's facet for every resource, all calls side by side; those that read others' answers afterwards."""
    left = list(requests)
    answered: dict[int, dict[str, Json]] = {}
    failed: dict[int, dict[Need, Failed]] = {}

    def told(resource: Resource, need: Need, fact: Fact) -> None:
        if isinstance(fact, Failed):
            failed.setdefault(id(resource), {})[need] = fact
        answered.setdefault(id(resource), {}).update(_joining(need, fact, requests[0].type))
        tell(resource, need, fact)

    while left:
        waiting = {request.need for request in left}
        ready = [not prerequisites(request.need, request.type) & waiting for request in left]
        now = [request for request, can in zip(left, ready, strict=True) if can] or left
        left = [request for request, can in zip(left, ready, strict=True) if not can] if any(ready) else []
        _gather_at_once(connection, [_informed(each, answered, failed, told) for each in now], told if left else tell)


def _informed(
    request: Request,
    answered: Mapping[int, Mapping[str, Json]],
    failed: Mapping[int, Mapping[Need, Failed]],
    tell: Tell,
) -> Request:
    """The request with what others were answered; what one of them failed for is told so, and not asked about."""
    before = prerequisites(request.need, request.type)
    known: list[Pair] = []
    for resource, attributes in request.resources:
        causes = failed.get(id(resource), {})
        cause = next((causes[need] for need in sorted(before, key=str) if need in causes), None)
        if cause is not None:
            tell(resource, request.need, cause)
        else:
            known.append((resource, {**attributes, **answered.get(id(resource), {})}))
    return replace(request, resources=known) if answered or failed else request


def _gather_at_once(connection: AwsConnection, requests: Sequence[Request], tell: Tell) -> None:
    futures: list[Future[None]] = []
    for request in requests:
        name = request.need.facet if isinstance(request.need, FacetNeed) else ""
        facet = request.type.facets[name]
        if not is_asked(facet):
            futures += _submitted(connection, request, facet, tell)
            continue
        for resource, _ in request.resources:  # it answers to what a policy asks, and only where one asks
            tell(resource, request.need, Absent(Inapplicable("a policy gives its options")))
    _finish(futures)


def _joining(need: Need, fact: Fact, type: ResourceType) -> dict[str, Json]:
    """What a fact adds to the attributes."""
    attribute = type.facets[need.facet].attribute if isinstance(need, FacetNeed) else ""
    if isinstance(fact, Failed):
        return {}
    value = plain(fact)
    return {attribute: value} if attribute else dict(value) if isinstance(value, Mapping) else {}


def gather_facet(connection: AwsConnection, request: Request, facet: Facet, tell: Tell) -> None:
    """One request's facet for every resource."""
    _finish(_submitted(connection, request, facet, tell))


def _submitted(connection: AwsConnection, request: Request, facet: Facet, tell: Tell) -> list[Future[None]]:
    if facet.when:
        holds = getter(facet.when)
        asked = [pair for pair in request.resources if holds(pair[1])]
        for resource, attributes in request.resources:
            if not holds(attributes):
                tell(resource, request.need, Absent(Inapplicable(facet.when)))
        request = replace(request, resources=asked)
    if facet.batch is not None:
        return _batched(connection, request, facet, facet.batch, tell)
    answers = _Answers()
    return [connection.pool.submit(_one, connection, request, facet, pair, tell, answers) for pair in request.resources]


class _Answers:
    """What the last calls of one facet said: equal calls are made once, for all resources that ask so."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Future[Json]] = {}

    def of(self, call: Call, ask: Callable[[], Json]) -> Json:
        """The answer; whoever comes first asks, the others wait for it."""
        mine: Future[Json] = Future()
        with self._lock:
            future = self._known.setdefault(repr(call), mine)
            if len(self._known) > ANSWERS_KEPT:
                del self._known[next(iter(self._known))]
        if future is mine:
            try:
                future.set_result(ask())
            except BaseException as error:
                future.set_exception(error)
                raise
        return future.result()


def _finish(futures: Sequence[Future[None]]) -> None:
    wait(futures)
    for future in futures:
        future.result()


def is_asked(facet: Facet) -> bool:
    """Whether it is asked for with a policy's options, and not without."""
    return any("_options" in path for path in strings_in([dict(facet.with_), facet.take, facet.when]))


def read_facet(
    connection: AwsConnection,
    type: ResourceType,
    facet: Facet,
    attributes: Attributes,
    scope: Scope,
    answers: _Answers | None = None,
) -> Fact:
    """One resource's facet, or why it is not known."""
    if facet.made is not None and not facet.unmade:
        return _job(connection, type, facet, attributes, scope)
    answers = answers or _Answers()
    if not facet.each:
        return _answer(connection, facet, facet_call(connection, type, facet, attributes, scope), answers)
    found: list[Json] = []
    for element in getter(facet.each)(attributes) or ():
        call = facet_call(connection, type, facet, attributes, scope, element)
        fact = _answer(connection, facet, call, answers, element)
        if isinstance(fact, Failed):
            return fact
        value = plain(fact)
        found += value if isinstance(value, list) else [] if value is None else [value]
    return Value(found)


def _job(connection: AwsConnection, type: ResourceType, facet: Facet, attributes: Attributes, scope: Scope) -> Fact:
    """What a job says that is started for the facet."""
    assert facet.made is not None
    start = replace(facet, call=facet.made.call, service=facet.made.service or facet.service, with_=facet.made.with_)
    try:
        started = connection.door.perform(facet_call(connection, type, start, attributes, scope))
        call = facet_call(connection, type, facet, {**attributes, "_made": started}, scope)
        first = _asked_until(connection, call, facet.made.until, facet.made.seconds)
        answer = whole(connection, facet, call, first)
    except CallFailed as failed:
        return none_or_failed(facet, failed)
    if not getter(facet.made.until)(answer):
        return Failed(f"{facet.call}: its job did not end")
    return _taken(connection, facet, call, answer)


def _asked_until(connection: AwsConnection, call: Call, until: str, seconds: Json) -> dict[str, Json]:
    """The first answer that passes, or the last before so many seconds are over."""
    end = time.monotonic() + (seconds if isinstance(seconds, int | float) else 0)
    while not getter(until)(answer := connection.door.perform(call)) and time.monotonic() < end:
        threading.Event().wait(ASK_AGAIN_AFTER)
    return answer


def none_or_failed(facet: Facet, failed: CallFailed) -> Fact:
    """What a refused call says: the record names the error codes that mean "has none"; any other says nothing."""
    if failed.code in facet.none:
        return Absent(NotFound(f"{failed.service}:{failed.operation}", failed.code))
    return Failed(str(failed))


def _answer(connection: AwsConnection, facet: Facet, call: Call, answers: _Answers, element: Json = None) -> Fact:
    """What one call says, or why it is not known."""

    def ask() -> Json:
        if facet.paged:
            return all_pages(connection, call)
        return whole(connection, facet, call, _performed(connection, facet, call))

    try:
        body = answers.of(call, ask)
    except CallFailed as failed:
        return none_or_failed(facet, failed)
    return _taken(connection, facet, call, body, element)


def _taken(connection: AwsConnection, facet: Facet, call: Call, body: Json, element: Json = None) -> Fact:
    """What a facet takes of an answer, held against what the API's model says such an answer has.

    Lists stand in an answer even when they are empty: one without its list is not believed. Nor is a description that
    holds nothing (a facet whose members join the resource's own): the resource is there, or it would not be asked
    about. Other members are left out where there is nothing to say. An empty page that others follow says nothing.
    """
    value = taken(facet, body if element is None else {**body, "_each": element})
    if isinstance(value, Failed):
        return value
    if value in (None, [], {}) and not facet.paged and connection.door.follows(call, body):
        return Failed(f"{call}: the answer is an empty page, and others follow")
    if value is None:
        lists = connection.door.lists(call)
        missing = sorted(name for name in roots(facet.take) if name in lists and name not in body) if facet.take else []
        if missing or not facet.attribute:
            return Failed(f"{call}: the answer has no '{', '.join(missing) or facet.take or 'members'}'")
    return fact_of(value, str(call))


def facet_call(
    connection: AwsConnection,
    type: ResourceType,
    facet: Facet,
    attributes: Attributes,
    scope: Scope,
    element: Json = None,
) -> Call:
    """The call that reads a facet of one resource (or of an `element` of it), in its own region where it has one."""
    more = {} if element is None else {"_each": element}
    region = getter(facet.region)({**attributes, **more}) if facet.region else None
    own = connection.with_account(scope) if needs_account(type, facet.with_) else scope
    there = replace(own, region=region) if region else own
    data = {**fillings(type, attributes, own), **more}
    return Call(facet.service or type.service, facet.call, fill(facet.with_, data), there)


def needs_account(type: ResourceType, template: Json) -> bool:
    """Whether filling a template needs the account's id."""
    text = repr(template)
    return "_account" in text or ("_arn" in text and "{account}" in type.identity.arn)


def _one(connection: AwsConnection, request: Request, facet: Facet, pair: Pair, tell: Tell, answers: _Answers) -> None:
    resource, attributes = pair
    fact: Fact
    try:
        fact = read_facet(connection, request.type, facet, attributes, request.setting.scope, answers)
    except CallFailed as failed:
        fact = Failed(str(failed))
    except Exception as error:  # this resource is unknown; the others go on
        fact = Failed(defect(f"reading {facet.call}", error))
    tell(resource, request.need, fact)


def _performed(connection: AwsConnection, facet: Facet, call: Call) -> Mapping[str, Json]:
    """The answer; where AWS has to make it first, what comes after that."""
    try:
        return connection.door.perform(call)
    except CallFailed as failed:
        if facet.made is None or failed.code not in facet.unmade:
            raise
    made = facet.made
    ask = Call(made.service or call.service, made.call, dict(made.with_), call.scope)
    _asked_until(connection, ask, made.until, made.seconds)
    return connection.door.perform(call)


def _batched(
    connection: AwsConnection, request: Request, facet: Facet, batch: FacetBatch, tell: Tell
) -> list[Future[None]]:
    """Calls for `batch.most` resources each; resources whose other parameters differ go in different calls."""
    groups: dict[str, list[Pair]] = {}
    for pair in request.resources:
        call = facet_call(connection, request.type, facet, pair[1], request.setting.scope)
        rest = {k: v for k, v in call.params.items() if k != batch.param}
        groups.setdefault(f"{call.scope} {sorted(rest.items())!r}", []).append(pair)
    futures = []
    for pairs in groups.values():
        most = batch.most if batch.param else len(pairs)
        for at in range(0, len(pairs), most):
            part = pairs[at : at + most]
            futures.append(connection.pool.submit(_batch, connection, request, facet, batch, part, tell))
    return futures


def _batch(
    connection: AwsConnection, request: Request, facet: Facet, batch: FacetBatch, pairs: Sequence[Pair], tell: Tell
) -> None:
    try:
        call = facet_call(connection, request.type, facet, pairs[0][1], request.setting.scope)
        ids = _ids(connection, request, batch, [attributes for _, attributes in pairs])
        found = _answers(connection, facet, batch, call, ids)
    except CallFailed as failed:
        if failed.code in facet.none and batch.param and len(pairs) > 1:  # one of them has none: which?
            for pair in pairs:
                _batch(connection, request, facet, batch, [pair], tell)
            return
        fact = none_or_failed(facet, failed)
        for resource, _ in pairs:
            tell(resource, request.need, fact)
        return
    # A report may be older than what it says nothing of.
    silent: Fact = Failed(f"{call} said nothing of it")
    if (batch.filter or not batch.param) and facet.made is None:
        silent = Absent(Listed(str(call), len(found)))
    for (resource, _), wanted in zip(pairs, ids, strict=True):
        names = wanted if isinstance(wanted, list) else [wanted]
        answers: list[Json] = next((found[name] for name in names if name in found), [])
        if batch.many:
            tell(resource, request.need, _of_answer(facet, call, answers))
        else:
            tell(resource, request.need, _of_answer(facet, call, answers[0]) if answers else silent)


def _of_answer(facet: Facet, call: Call, answer: Json) -> Fact:
    value = taken(facet, answer)
    return value if isinstance(value, Failed) else fact_of(value, str(call))


def _ids(connection: AwsConnection, request: Request, batch: FacetBatch, resources: Sequence[Attributes]) -> list[Json]:
    """What the answers name each resource by."""
    identify: Callable[[Json], Json] = getter(batch.id)
    if not any(name.startswith("_") for name in roots(batch.id)):
        return [identify(attributes) for attributes in resources]
    scope = request.setting.scope
    if needs_account(request.type, batch.id):
        scope = connection.with_account(scope)
    return [identify(fillings(request.type, attributes, scope)) for attributes in resources]


def _answers(
    connection: AwsConnection, facet: Facet, batch: FacetBatch, call: Call, ids: Sequence[Json]
) -> dict[Json, list[Json]]:
    """Id → what the call says of it, in order."""
    if batch.filter:
        given = [each for each in call.params.get(batch.param, ()) if each["Name"] != batch.filter]
        call = replace(call, params={**call.params, batch.param: [{"Name": batch.filter, "Values": list(ids)}, *given]})
    elif batch.param:
        call = replace(call, params={**call.params, batch.param: list(ids)})
    everything = facet.paged or (facet.made is None and (bool(batch.filter) or not batch.param))
    if everything:
        body: Mapping[str, Json] = all_pages(connection, call)
    else:
        body = whole(connection, facet, call, _performed(connection, facet, call))
    found: dict[Json, list[Json]] = {}
    elements = getter(batch.items)(body)
    if elements is None and not set(roots(batch.items)) & set(body):
        raise incomplete(call, batch.items)
    for each in elements or ():
        keys = getter(batch.key)(each)
        for key in keys if isinstance(keys, list) else [keys]:
            if isinstance(key, str):
                found.setdefault(key, []).append(each)
    return found
