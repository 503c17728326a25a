"""Parsed text: its kinds, its data, and the way through it."""

from __future__ import annotations

from datetime import date

import pytest

from engine.model.json import Json
from engine.model.node import Node, kind_of, node_of
from engine.model.span import NOWHERE, Span

DATA: Json = {"a": [1, {"b": None}], "c": "x", "d": {}}


@pytest.mark.parametrize(
    ("value", "kind"),
    [(None, "null"), (True, "true/false"), (1, "number"), (1.5, "number"), ("x", "string"), (date(2026, 1, 1), "date")],
)
def test_kinds_of_scalars(value: Json, kind: str) -> None:
    assert kind_of(value) == kind
    assert node_of(value).kind == kind


@pytest.mark.parametrize(("value", "kind"), [({}, "mapping"), ([], "list"), ((1, 2), "list"), (b"x", "date")])
def test_kinds_of_the_rest(value: Json, kind: str) -> None:
    assert node_of(value).kind == kind


def test_data_comes_back_new() -> None:
    node = node_of(DATA)
    assert node.data() == DATA
    node.data()["a"].append(2)
    assert node.data() == DATA


def test_every_part_has_the_span() -> None:
    at = Span("p.yml", 3, 1)
    assert {n.span for n in node_of(DATA, at).walk()} == {at}
    assert node_of(DATA).span == NOWHERE


def test_a_member_by_its_key() -> None:
    node = node_of(DATA)
    assert node.get("c") == node_of("x")
    assert node.get("nope") is None
    assert node_of([1]).get("c") is None
    assert node_of("x").get("c") is None


def test_a_walk_is_in_the_order_of_the_text() -> None:
    seen = [n.value if n.kind not in ("mapping", "list") else n.kind for n in node_of(DATA).walk()]
    assert seen == ["mapping", "list", 1, "mapping", None, "x", "mapping"]


def test_a_deep_text_does_not_exhaust_the_stack() -> None:
    node = Node(NOWHERE, value=1)
    for _ in range(5_000):
        node = Node(NOWHERE, items=(node,))
    assert sum(1 for _ in node.walk()) == 5_001


def test_keys_become_texts() -> None:
    assert node_of({1: 2}).data() == {"1": 2}
