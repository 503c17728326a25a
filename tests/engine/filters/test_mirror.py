"""A tag of a resource and of what it names."""

from __future__ import annotations

import dataclasses

import pytest

from engine.model.json import Json
from engine.model.need import FacetNeed, RelatedNeed
from engine.model.record import Join
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from . import views

RECORD = dataclasses.replace(views.MACHINE, joins={"role": Join("iam-role", "Policy.Role")})
PRESETS = {"join": "role"}


def tags(value: str | None) -> Json:
    return {"Tags": [] if value is None else [{"Key": "N", "Value": value}]}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", "xy x- -y xz-"),
        (", match: equal", "xx"),
        (", missing-ok: true", "xy xz-"),
        (", match: equal, missing-ok: true", "xx x- -y"),
        (", match: in, value: [x, z]", "xx"),
        (", match: in, value: [x, y], missing-ok: true", "xx xy x- -y"),
        (", ignore: [{'tag:N': y}]", "x- xz-"),
    ],
)
def test_judge(options: str, expected: str) -> None:
    """Its own value first, then those of its roles; `-` is one without the tag."""
    need = RelatedNeed("role", ("tag:N",))
    found = []
    for case in ("xx", "xy", "x-", "-y", "xz-", "x"):
        own, *others = [None if each == "-" else each for each in case]
        roles = [(str(n), tags(value)) for n, value in enumerate(others)]
        text = f"{{type: mirror, key: 'tag:N'{options}}}"
        if views.matched(text, tags(own), facts={need: [*roles, ("gone", None)]}, presets=PRESETS, record=RECORD):
            found.append(case)
    assert " ".join(found) == expected


def test_needs_evidence_problems() -> None:
    text = "{type: mirror, key: 'tag:N', ignore: [{Path: /x/}]}"
    told = views.tree(text, PRESETS, RECORD)
    need = RelatedNeed("role", ("tag:N", "Path"))
    assert isinstance(told, Leaf)
    assert told.piece.needs(RECORD) == {need, FacetNeed("policy")}
    assert views.verdict(text, tags("x"), presets=PRESETS, record=RECORD).kind is Kind.UNKNOWN
    shown = views.why(text, tags("x"), facts={need: [("r", tags("y"))]}, presets=PRESETS, record=RECORD)
    assert (shown.filter, shown.observed) == ("tag:N of it and its role not-equal", "its own x, r: y")
    for options, presets in (("key: 'a['", PRESETS), ("key: a, match: in", PRESETS), ("key: a", {"join": "nowhere"})):
        with pytest.raises(views.Rejected):
            views.tree(f"{{type: mirror, {options}}}", presets, RECORD)
