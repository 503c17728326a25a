"""Open to other accounts: by a policy, or by a list of accounts."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.need import ContentNeed, FacetNeed
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from .views import Rejected, matched, setting, tree, verdict, why

BY_POLICY, BY_LIST = {"of": "Policy"}, {"shared": "Shared"}
OWN, OTHER = setting().scope.account, "222222222222"


def policy(*principals: str, **more: Any) -> dict[str, Any]:
    """One statement for each principal, named a, b …"""
    named = [
        {"Sid": sid, "Effect": "Allow", "Action": "sqs:*", "Principal": {"AWS": each}, **more}
        for sid, each in zip("abc", principals, strict=False)
    ]
    return {"Policy": {"Statement": named}}


@pytest.mark.parametrize(
    ("options", "principals", "expected"),
    [
        ("", (OTHER,), True),
        ("", (OWN,), False),
        ("", (), False),
        (f", whitelist: ['{OTHER}']", (OTHER, OWN), False),
        (f", whitelist: ['{OTHER}']", (OTHER, "333333333333"), True),
        (", everyone_only: true", (OTHER,), False),
        (", everyone_only: true", ("*",), True),
        (", whitelist_patterns: ['arn:aws:iam::222222222222:role/x']", ("arn:aws:iam::222222222222:role/x1",), False),
        (", whitelist_patterns: ['role/x']", ("arn:aws:iam::222222222222:role/x1",), True),
        (", return_allowed: true", (OTHER,), False),
        (", return_allowed: true", (OTHER, OWN), True),
        (", actions: ['sqs:SendMessage']", (OTHER,), True),
        (", actions: ['sns:Publish']", (OTHER,), False),
    ],
)
def test_policy(options: str, principals: tuple[str, ...], expected: bool) -> None:
    assert matched(f"{{type: cross-account{options}}}", policy(*principals), presets=BY_POLICY) is expected


@pytest.mark.parametrize(
    ("options", "shared", "expected"),
    [
        ("", [OTHER], True),
        ("", [OWN], False),
        ("", [], False),
        ("", None, False),
        ("", ["all"], True),
        (", everyone_only: true", [OTHER], False),
        (", everyone_only: true", ["all"], True),
        (f", whitelist: ['{OTHER}']", [OTHER, OWN], False),
    ],
)
def test_list(options: str, shared: Any, expected: bool) -> None:
    assert matched(f"{{type: cross-account{options}}}", {"Shared": shared}, presets=BY_LIST) is expected


def test_a_list_from_a_document() -> None:
    text = "{type: cross-account, whitelist_from: {url: 'file:///a.json'}}"
    need = ContentNeed("file:///a.json")
    told = tree(text, BY_POLICY)
    assert isinstance(told, Leaf)
    assert need in told.piece.needs(setting().type)
    assert not matched(text, policy(OTHER), facts={need: [OTHER]}, presets=BY_POLICY)
    assert matched(text, policy(OTHER), facts={need: ["9"]}, presets=BY_POLICY)
    assert verdict(text, policy(OTHER), presets=BY_POLICY).kind is Kind.UNKNOWN


def test_needs_evidence_and_problems() -> None:
    told = tree("cross-account", BY_POLICY)
    assert isinstance(told, Leaf)
    assert told.piece.needs(setting().type) == {FacetNeed("policy")}
    shown = why("cross-account", policy(OWN, OTHER), presets=BY_POLICY)
    assert (shown.filter, shown.observed) == ("open to somebody of another account", "b")
    for text, presets in (("cross-account", {}), ("{type: cross-account, whitelist_patterns: ['(']}", BY_POLICY)):
        with pytest.raises(Rejected):
            tree(text, presets)
