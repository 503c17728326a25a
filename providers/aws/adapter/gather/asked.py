"""Facets asked for with a policy's options: each distinct call once, whatever the number of resources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import wait
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.model.errors import CallFailed
from engine.model.fact import Absent, Failed, Inapplicable
from engine.model.json import Json
from engine.model.need import AskedNeed
from engine.model.record import Facet
from engine.plugin.paths import bound, getter, roots
from engine.plugin.protocols import Request, Tell
from providers.aws.adapter.gather.facets import Pair, facet_call, gather_facet, read_facet

if TYPE_CHECKING:
    from providers.aws.adapter.connection import AwsConnection


def gather_asked(connection: AwsConnection, request: Request, need: AskedNeed, tell: Tell) -> None:
    """Tell each resource what its call says; None where the facet's `when` does not hold for it."""
    facet = with_options(request.type.facets[need.facet], json.loads(need.options))
    if facet.batch is not None:
        gather_facet(connection, request, facet, tell)
        return
    scope = request.setting.scope
    holds = getter(facet.when) if facet.when else bool
    alike: dict[str, list[Pair]] = {}
    for pair in request.resources:
        if not holds(pair[1]):
            tell(pair[0], need, Absent(Inapplicable(facet.when)))
            continue
        try:
            call = facet_call(connection, request.type, facet, pair[1], scope)
        except CallFailed as failed:
            tell(pair[0], need, Failed(str(failed)))
            continue
        alike.setdefault(f"{call.scope} {json.dumps(call.params, sort_keys=True, default=str)}", []).append(pair)

    def ask(pairs: list[Pair]) -> None:
        fact = read_facet(connection, request.type, facet, pairs[0][1], scope)
        for resource, _ in pairs:
            tell(resource, need, fact)

    futures = [connection.pool.submit(ask, pairs) for pairs in alike.values()]
    wait(futures)
    for future in futures:
        future.result()


def with_options(facet: Facet, options: Mapping[str, Json]) -> Facet:
    """The facet with the options' values in its paths; parameters that options alone decide to be null are not sent."""

    def filled(template: Json) -> Json:
        if isinstance(template, str):
            return bound(template, options)
        if isinstance(template, Mapping):
            return {key: filled(value) for key, value in template.items()}
        return [filled(each) for each in template] if isinstance(template, list | tuple) else template

    sent = {name: template for name, each in facet.with_.items() if not _null(template := filled(each))}
    return replace(facet, with_=sent, take=bound(facet.take, options))


def _null(template: Json) -> bool:
    return isinstance(template, str) and not roots(template) - {"@"} and getter(template)({}) is None
