"""Descriptions of resources of another type."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from engine.model.need import FacetNeed, RelatedNeed
from engine.model.record import Facet
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from . import views

PRESETS = {
    "other": "trail",
    "ids": "Trails[?Big == _options.big].Id",
    "where": "Logs && (!(_options.here) || Region == _options._region)",
    "called": "trails",
}


def need(big: str = "null") -> RelatedNeed:
    where = "Logs && (!(`null`) || Region == _region)"
    return RelatedNeed("", (where,), type="trail", ids=f"Trails[?Big == `{big}`].Id")


def fact(**regions: str) -> list[tuple[str, Any]]:
    """Trails that log, by name; `none` leads to nothing."""
    return [(name, {"Logs": True, "Region": where} if where else None) for name, where in regions.items()]


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("linked", fact(a="us-east-1"), Kind.MATCH),
        ("linked", fact(a=""), Kind.NO_MATCH),
        ("linked", [], Kind.NO_MATCH),
        ("linked", [("a", {"Logs": False})], Kind.NO_MATCH),
        ("{type: linked, state: false}", [], Kind.MATCH),
        ("{type: linked, state: false}", fact(a="", b="x"), Kind.NO_MATCH),
        ("linked", None, Kind.UNKNOWN),
    ],
)
def test_judge(text: str, found: Any, expected: Kind) -> None:
    facts = {} if found is None else {need(): found}
    assert views.verdict(text, {"Trails": []}, facts=facts, presets=PRESETS).kind is expected


def test_region_and_options_are_written_into_the_paths() -> None:
    presets = {**PRESETS, "options": {"here": True, "big": 1}}
    asked = RelatedNeed("", ("Logs && (!(`true`) || Region == _region)",), type="trail", ids="Trails[?Big == `1`].Id")
    for region, expected in ((views.SCOPE.region, Kind.MATCH), ("mars-1", Kind.NO_MATCH)):
        told = views.verdict("linked", {}, facts={asked: fact(a=region)}, presets=presets)
        assert told.kind is expected


def test_needs_and_evidence() -> None:
    record = dataclasses.replace(views.MACHINE, facets={"trails": Facet("ListTrails", {}, attribute="Trails")})
    told = views.tree("linked", PRESETS, record=record)
    assert isinstance(told, Leaf)
    assert told.piece.needs(record) == {FacetNeed("trails"), need()}
    shown = views.why("linked", {}, facts={need(): fact(a="x")}, presets=PRESETS)
    assert (shown.expected, shown.observed, shown.source) == ("one that is so", '["a"]', "trail")


@pytest.mark.parametrize("presets", [{}, {**PRESETS, "where": "a["}, {**PRESETS, "ids": "a["}])
def test_problems(presets: dict[str, object]) -> None:
    with pytest.raises(views.Rejected):
        views.tree("linked", presets)
