"""Subnets, and whether a route leads from them to the internet."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from engine.model.need import RelatedNeed
from engine.model.record import Join
from engine.plugin.tree import Leaf

from . import views

RECORD = dataclasses.replace(views.MACHINE, joins={"subnet": Join("subnet", "SubnetId")})
PRESETS = {"join": "subnet"}
ROUTES: dict[str, list[dict[str, str]]] = {
    "public": [{"GatewayId": "local"}, {"GatewayId": "igw-1"}],
    "private": [{"GatewayId": "local"}, {"NatGatewayId": "nat-1"}],
    "closed": [{"GatewayId": "local"}],
}


def subnet(name: str) -> dict[str, Any]:
    """A subnet with its route table; `bare` has none that can be found."""
    return {"SubnetId": name, **({"RouteTable": {"Routes": ROUTES[name]}} if name in ROUTES else {})}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", ["public", "private", "closed", "bare"]),
        (", igw: true", ["public"]),
        (", igw: false", ["private", "closed", "bare"]),
        (", nat: true", ["private"]),
        (", nat: false", ["public", "closed", "bare"]),
        (", igw: false, nat: false", ["closed", "bare"]),
        (", igw: true, nat: true", []),
    ],
)
def test_judge(options: str, expected: list[str]) -> None:
    text = f"{{type: subnet, key: SubnetId, value: present{options}}}"
    told = views.tree(text, PRESETS, RECORD)
    assert isinstance(told, Leaf)
    (need,) = told.piece.needs(RECORD)
    names = ("public", "private", "closed", "bare")
    facts = {name: {need: [(name, subnet(name))]} for name in names}
    assert [n for n in names if views.matched(text, {}, facts=facts[n], presets=PRESETS, record=RECORD)] == expected


def test_the_route_table_is_read_only_where_it_is_asked_about() -> None:
    for options, read in (("", False), (", igw: true", True), (", nat: false", True)):
        told = views.tree(f"{{type: subnet, key: SubnetId, value: present{options}}}", PRESETS, RECORD)
        assert isinstance(told, Leaf)
        (need,) = told.piece.needs(RECORD)
        assert isinstance(need, RelatedNeed)
        assert any("RouteTable" in path for path in need.paths) is read
