"""When services were last used."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.json import Json
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from . import views

PRESETS = {"of": "Services"}
NEVER = {"ServiceNamespace": "s3", "TotalAuthenticatedEntities": 0}
LATELY = {"ServiceNamespace": "ec2", "LastAuthenticated": "2026-11-11T00:00:00Z", "TotalAuthenticatedEntities": 1}
ALL, ANY = "match-operator: all", "match-operator: any"


@pytest.mark.parametrize(
    ("asked", "records", "expected"),
    [
        (f"{ALL}, LastAuthenticated: null", [NEVER, NEVER], True),
        (f"{ALL}, LastAuthenticated: null", [NEVER, LATELY], False),
        (f"{ANY}, LastAuthenticated: null", [NEVER, LATELY], True),
        (f"{ALL}, LastAuthenticated: null", [], True),  # its policies allow nothing
        (f"{ANY}, LastAuthenticated: null", [], False),
        (f"{ALL}, LastAuthenticated: null", None, False),  # it is no more
        (f"{ANY}, ServiceNamespace: ec2, TotalAuthenticatedEntities: 1", [NEVER, LATELY], True),
        (f"{ANY}, ServiceNamespace: s3, TotalAuthenticatedEntities: 1", [NEVER, LATELY], False),
        (f"{ANY}, LastAuthenticated: {{value_type: age, op: lt, value: 30}}", [NEVER, LATELY], True),
        (f"{ANY}, LastAuthenticated: {{type: value, value_type: age, op: lt, value: 5}}", [NEVER, LATELY], False),
    ],
)
def test_judge(asked: str, records: Json, expected: bool) -> None:
    assert views.matched(f"{{type: usage, {asked}}}", {"Services": records}, presets=PRESETS) is expected


def test_unknown_needs_and_evidence() -> None:
    text = f"{{type: usage, {ANY}, ServiceNamespace: s3}}"
    leaf = views.tree(text, {"of": "Policy.Services"})
    assert isinstance(leaf, Leaf)
    assert {need.facet for need in leaf.piece.needs(views.MACHINE)} == {"policy"}  # type: ignore[union-attr]
    assert views.verdict(text, {}, unreadable=("Services",), presets=PRESETS).kind is Kind.UNKNOWN
    shown = views.why(text, {"Services": [NEVER, LATELY]}, presets=PRESETS)
    assert (shown.expected, shown.observed) == ("at least 1", "1 of 2: s3")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"ServiceName": ["a"]},
        {"ServiceName": {"op": "like", "value": "a"}},
        {"ServiceName": {"value": "a", "colour": 1}},
        {"LastAuthenticated": {"value_type": "age", "op": "lt", "value": "x"}},
    ],
)
def test_rejected(asked: dict[str, Any]) -> None:
    with pytest.raises(views.Rejected):
        views.tree({"type": "usage", "match-operator": "any", **asked}, PRESETS)
