"""Facts of every type, all their calls broken: each need is told as Failed of each resource, and nothing raises."""

from __future__ import annotations

import pytest

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import FacetNeed, MetricNeed, Need, PopulationNeed, RelatedNeed
from engine.model.record import ResourceType
from engine.plugin.attributes import prerequisites
from engine.plugin.paths import getter
from providers.aws import PROVIDER

from ..doubles import at, gathered, refused

TYPES = [w for w in PROVIDER.curated() if PROVIDER.type(w).word == w]


def thing(type: ResourceType, number: int) -> dict[str, Json]:
    """A resource whose every text is there: paths of joins and dimensions find something where they are plain."""
    found: dict[str, Json] = {}
    paths = [*(j.ids for j in type.joins.values()), *(type.metrics.dimensions.values() if type.metrics else ())]
    regions = {f.region: "eu-west-1" for f in type.facets.values() if f.region.isalnum()}
    for path in paths:
        if path.replace("_", "").isalnum():
            found[path] = f"other-{number}"
    return {
        **found,
        **regions,
        type.identity.id: f"id-{number}",
        type.identity.arn: f"arn:aws:x:us-east-1:1:y/id-{number}",
    }


def needs(type: ResourceType) -> list[Need]:
    """Everything that can be asked about the type."""
    asked = {name for name, facet in type.facets.items() if "_options" in repr(facet)}  # with a policy's options
    found: list[Need] = [FacetNeed(name) for name in type.facets if name != "tags" and name not in asked]
    if type.tags is not None and not type.tags.attribute:
        found.append(FacetNeed("tags"))
    if type.metrics is not None:
        found.append(MetricNeed(type.metrics.namespace, "M", "Sum", 7, 604800))
    found += [RelatedNeed(name) for name, join in type.joins.items() if join.ids.replace("_", "").isalnum()]
    return [*found, PopulationNeed("eni", "Groups[].GroupId")]


@pytest.mark.parametrize("word", TYPES)
@pytest.mark.parametrize(
    ("code", "kind", "sent"),
    [("AccessDenied", FailureKind.DENIED, True), ("ReadTimeoutError", FailureKind.FAULT, None)],
)
def test_every_need_is_told(word: str, code: str, kind: FailureKind, sent: bool | None) -> None:
    """Of every resource, once, with the call that failed in its cause."""
    type = PROVIDER.type(word)

    def answer(call: Call) -> Json:
        raise CallFailed(call.service, call.operation, kind, code, "no", sent)

    connection, _ = at(answer)
    things = [thing(type, n) for n in range(3)]
    for one, facts in zip(things, gathered(connection, word, things, *needs(type)), strict=True):
        for need, fact in facts.items():
            when = type.facets[need.facet].when if isinstance(need, FacetNeed) and need.facet in type.facets else ""
            if when and not getter(when)(one) and not prerequisites(need, type):
                assert fact in (None, [])  # it is not asked about: what it depends on is not there
                continue
            assert isinstance(fact, Failed), need
            assert code in fact.cause or "dimensions" in fact.cause, fact.cause


@pytest.mark.parametrize("word", [w for w in TYPES if any(f.none for f in PROVIDER.type(w).facets.values())])
def test_codes_that_mean_none(word: str) -> None:
    """The record's codes, and only those."""
    type = PROVIDER.type(word)
    for name, facet in type.facets.items():
        for code in facet.none:

            def answer(call: Call, code: str = code) -> Json:
                raise refused(call, code, FailureKind.GONE)

            connection, _ = at(answer)
            (told,) = gathered(connection, word, [thing(type, 0)], FacetNeed(name))
            fact = told[FacetNeed(name)]
            assert fact is None or (name == "tags" and fact == []), (name, code)
