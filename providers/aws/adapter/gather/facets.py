"""Extra reads by record: one call a resource, or one for many where the API takes a list of ids."""

from __future__ import annotations

import base64
import gzip
import threading
import time
import urllib.parse
import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.model.call import Call
from engine.model.errors import CallFailed
from engine.model.json import Attributes, Json, parsed
from engine.model.need import FacetNeed, Need
from engine.model.record import Facet, FacetBatch, ResourceType
from engine.model.resource import Resource
from engine.model.scope import Scope
from engine.plugin.attributes import prerequisites
from engine.plugin.identity import fillings
from engine.plugin.paths import fill, getter, roots, strings_in
from engine.plugin.protocols import Failed, Request, Tell

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

    def told(resource: Resource, need: Need, fact: Json) -> None:
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
        for resource, _ in request.resources:
            tell(resource, request.need, None)
    _finish(futures)


def _joining(need: Need, fact: Json, type: ResourceType) -> dict[str, Json]:
    """What a fact adds to the attributes."""
    attribute = type.facets[need.facet].attribute if isinstance(need, FacetNeed) else ""
    if isinstance(fact, Failed):
        return {}
    return {attribute: fact} if attribute else dict(fact) if isinstance(fact, Mapping) else {}


def gather_facet(connection: AwsConnection, request: Request, facet: Facet, tell: Tell) -> None:
    """One request's facet for every resource."""
    _finish(_submitted(connection, request, facet, tell))


def _submitted(connection: AwsConnection, request: Request, facet: Facet, tell: Tell) -> list[Future[None]]:
    if facet.when:
        holds = getter(facet.when)
        asked = [pair for pair in request.resources if holds(pair[1])]
        for resource, attributes in request.resources:
            if not holds(attributes):
                tell(resource, request.need, None)
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
) -> Json:
    """One resource's facet, or the Failed that stands for it."""
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
        found += fact if isinstance(fact, list) else [] if fact is None else [fact]
    return found


def _job(connection: AwsConnection, type: ResourceType, facet: Facet, attributes: Attributes, scope: Scope) -> Json:
    """What a job says that is started for the facet."""
    assert facet.made is not None
    start = replace(facet, call=facet.made.call, service=facet.made.service or facet.service, with_=facet.made.with_)
    try:
        started = connection.door.perform(facet_call(connection, type, start, attributes, scope))
        call = facet_call(connection, type, facet, {**attributes, "_made": started}, scope)
        answer = _asked_until(connection, call, facet.made.until, facet.made.seconds)
    except CallFailed as failed:
        return None if failed.code in facet.none else Failed(str(failed))
    return taken(facet, answer) if getter(facet.made.until)(answer) else Failed(f"{facet.call}: its job did not end")


def _asked_until(connection: AwsConnection, call: Call, until: str, seconds: Json) -> dict[str, Json]:
    """The first answer that passes, or the last before so many seconds are over."""
    end = time.monotonic() + (seconds if isinstance(seconds, int | float) else 0)
    while not getter(until)(answer := connection.door.perform(call)) and time.monotonic() < end:
        threading.Event().wait(ASK_AGAIN_AFTER)
    return answer


def _answer(connection: AwsConnection, facet: Facet, call: Call, answers: _Answers, element: Json = None) -> Json:
    """What one call says, or the Failed that stands for it."""

    def ask() -> Json:
        return _all_pages(connection, call) if facet.paged else _performed(connection, facet, call)

    try:
        body = answers.of(call, ask)
    except CallFailed as failed:
        return None if failed.code in facet.none else Failed(str(failed))
    return taken(facet, body if element is None else {**body, "_each": element})


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


def taken(facet: Facet, body: Json) -> Json:
    """What a facet takes of an answer, in its form."""
    value = getter(facet.take)(body) if facet.take else body
    if isinstance(value, str) and facet.form in ("json-text", "url-json-text"):
        text = urllib.parse.unquote(value) if facet.form == "url-json-text" else value
        try:
            return parsed(text)
        except ValueError:
            return Failed(f"{facet.call} gave text that is not JSON")
    if facet.form == "yaml-text" and isinstance(value, str):
        return _yaml_of(facet, value)
    if facet.form == "base64-text" and isinstance(value, str):
        return _unpacked(value)
    if facet.form == "key-values":
        pairs: Sequence[Mapping[str, Json]] = value if isinstance(value, list) else ()
        return {each["Key"]: _read_as_is(each.get("Value")) for each in pairs}
    return value


def _yaml_of(facet: Facet, text: str) -> Json:
    """What a YAML document says; Failed for what is none."""
    import yaml

    from engine.plugin.yaml_bounds import problem_of

    try:
        wrong = problem_of(yaml.compose(text, Loader=yaml.SafeLoader))
        return Failed(f"{facet.call} gave YAML that {wrong[0]}") if wrong else yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return Failed(f"{facet.call} gave text that is not YAML")


def _unpacked(text: str) -> Json:
    """Base64 (and gzip) to text; Failed for what is neither."""
    try:
        raw = base64.b64decode(text)
        return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8", "replace")
    except (ValueError, OSError, EOFError, zlib.error) as error:
        return Failed(f"text that cannot be decoded: {error}")


def _read_as_is(text: Json) -> Json:
    """`true`, `false` and numbers as what they say, other texts as they are."""
    try:
        return parsed(text) if isinstance(text, str) else text
    except ValueError:
        return text


def _one(connection: AwsConnection, request: Request, facet: Facet, pair: Pair, tell: Tell, answers: _Answers) -> None:
    resource, attributes = pair
    try:
        fact = read_facet(connection, request.type, facet, attributes, request.setting.scope, answers)
    except CallFailed as failed:
        fact = Failed(str(failed))
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


def _all_pages(connection: AwsConnection, call: Call) -> dict[str, Json]:
    """All pages as one answer: lists are joined, everything else is the first page's."""
    whole: dict[str, Json] = {}
    for page in connection.door.pages(call):
        for key, value in page.items():
            if isinstance(value, list) and isinstance(whole.get(key), list):
                whole[key] = whole[key] + value
            else:
                whole.setdefault(key, value)
    return whole


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
        fact = None if failed.code in facet.none else Failed(str(failed))
        for resource, _ in pairs:
            tell(resource, request.need, fact)
        return
    # A report may be older than what it says nothing of.
    silent = (
        None if (batch.filter or not batch.param) and facet.made is None else Failed(f"{facet.call} said nothing of it")
    )
    for (resource, _), wanted in zip(pairs, ids, strict=True):
        names = wanted if isinstance(wanted, list) else [wanted]
        answers: list[Json] = next((found[name] for name in names if name in found), [])
        if batch.many:
            tell(resource, request.need, taken(facet, answers))
        else:
            tell(resource, request.need, taken(facet, answers[0]) if answers else silent)


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
    body = _all_pages(connection, call) if facet.paged else _performed(connection, facet, call)
    found: dict[Json, list[Json]] = {}
    for each in getter(batch.items)(body) or ():
        keys = getter(batch.key)(each)
        for key in keys if isinstance(keys, list) else [keys]:
            if isinstance(key, str):
                found.setdefault(key, []).append(each)
    return found
