"""What a principal may do."""

from __future__ import annotations

import pytest

from engine.model.json import Json
from engine.model.need import AskedNeed
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from . import views

NEED = AskedNeed("simulation", '{"actions": ["a:One", "a:Two"], "boundaries": true}')
MATCH, NO, UNKNOWN = Kind.MATCH, Kind.NO_MATCH, Kind.UNKNOWN


def told(*decisions: str) -> list[Json]:
    return [
        {"EvalActionName": f"a:{name}", "EvalDecision": d} for name, d in zip(("One", "Two"), decisions, strict=True)
    ]


def text(match: str, more: str = "") -> str:
    return f"{{type: check-permissions, actions: ['a:One', 'a:Two'], match: {match}{more}}}"


@pytest.mark.parametrize(
    ("match", "results", "expected"),
    [
        (text("allowed"), told("allowed", "allowed"), MATCH),
        (text("allowed"), told("allowed", "implicitDeny"), NO),
        (text("allowed", ", match-operator: or"), told("allowed", "implicitDeny"), MATCH),
        (text("denied"), told("explicitDeny", "implicitDeny"), MATCH),
        (text("denied"), told("allowed", "implicitDeny"), NO),
        (text("{EvalDecision: explicitDeny}", ", match-operator: or"), told("explicitDeny", "allowed"), MATCH),
        (text("{EvalDecision: explicitDeny}"), told("implicitDeny", "explicitDeny"), NO),
        (text("{type: value, key: EvalDecision, op: ne, value: allowed}"), told("a", "b"), MATCH),
        (text("denied"), [], NO),
        (text("denied", ", match-operator: or"), None, NO),  # it has no principal
    ],
)
def test_judge(match: str, results: Json, expected: Kind) -> None:
    assert views.verdict(match, {}, facts={NEED: results}).kind is expected
    assert views.verdict(match, {}).kind is UNKNOWN


def test_needs_found_and_evidence() -> None:
    leaf = views.tree(text("allowed", ", boundaries: false"))
    assert isinstance(leaf, Leaf)
    assert leaf.piece.needs(views.MACHINE) == {
        AskedNeed("simulation", '{"actions": ["a:One", "a:Two"], "boundaries": false}')
    }
    shown = views.why(text("allowed"), {}, facts={NEED: told("allowed", "implicitDeny")})
    assert (shown.expected, shown.observed) == ("all of them allowed", "a:One allowed; a:Two implicitDeny")
    assert views.why(text("allowed"), {}, facts={NEED: None}).observed == "it has no principal to ask about"


@pytest.mark.parametrize("action", ["", "*", ":", "iam", "s3:", ":GetObject"])
def test_no_action(action: str) -> None:
    with pytest.raises(views.Rejected, match="is no action"):
        views.tree({"type": "check-permissions", "match": "allowed", "actions": [action]})


def test_rejected() -> None:
    with pytest.raises(views.Rejected, match="names no action"):
        views.tree({"type": "check-permissions", "match": "allowed", "actions": []})
    with pytest.raises(views.Rejected, match="cannot be matched"):
        views.tree(text("{type: tag-count, count: 2}"))
