"""The value filter: needs, evidence, unknowns, and which class reads its options."""

from __future__ import annotations

import pytest

from engine.filters.value import ResourceCount, Value, choose
from engine.model.need import ContentNeed, FacetNeed
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from .views import MACHINE, matched, tree, verdict, why


def test_needs() -> None:
    told = tree("{type: value, key: Policy.x, op: in, value_from: {url: 'file:///l.csv', expr: 0}}")
    assert isinstance(told, Leaf)
    assert told.piece.needs(MACHINE) == {FacetNeed("policy"), ContentNeed("file:///l.csv", expr=0)}


def test_an_unreadable_attribute_is_unknown_also_under_not() -> None:
    for text in ("Policy.x: 1", "Policy: absent", "not: [{Policy.x: 1}]"):
        assert verdict(text, {}, unreadable=("Policy",)).kind is Kind.UNKNOWN
    assert matched("or: [{k: 1}, {Policy.x: 1}]", {"k": 1}, unreadable=("Policy",))


@pytest.mark.parametrize(
    ("text", "attributes", "filter", "observed", "source"),
    [
        ("State.Name: running", {"State": {"Name": "running"}}, "State.Name = running", "running", "listing"),
        ("State.Name: running", {}, "State.Name = running", "key missing", "listing"),
        ("tag:Owner: absent", {"Tags": []}, "tag:Owner is absent", "key missing", "tags"),
        ("{type: value, key: k, op: ne, value: 5}", {}, "k != 5", "key missing", "listing"),
        ("Policy.x: 1", {"Policy": {"x": 1}}, "Policy.x = 1", "1", "ec2:GetPolicy"),
        (
            "{type: value, key: T, op: gt, value: 30, value_type: age}",
            {"T": "2026-10-01"},
            "age of T > 30 days",
            "2026-10-01 (51.0 days ago)",
            "listing",
        ),
        ("{type: value, key: k, value: 2, value_type: size}", {"k": [1, 2]}, "size of k = 2", "[1, 2]", "listing"),
    ],
)
def test_evidence(text: str, attributes: dict[str, object], filter: str, observed: str, source: str) -> None:
    told = why(text, attributes)
    assert (told.filter, told.observed, told.source) == (filter, observed, source)


def test_choose() -> None:
    assert choose({"key": "k"}) is Value
    assert choose({"value_type": "resource_count"}) is ResourceCount


@pytest.mark.parametrize(
    "text",
    [
        "{type: value, key: k, op: regex, value: '(a|aa)+$'}",
        "{type: value, key: k, op: regex-case, value: '(a|aa)+$'}",
        "{type: value, key: k, value: x, value_regex: '((?:a|aa)+)$'}",
        "{type: value, key: k, op: regex, value_path: p}",
        "not: [{type: value, key: k, op: regex, value: '(a|aa)+$'}]",
    ],
)
def test_a_pattern_that_takes_too_long_is_unknown(text: str) -> None:
    """Never a match, under `not` neither; on other texts it still decides."""
    found = verdict(text, {"k": "a" * 60 + "b", "p": "(a|aa)+$"})
    assert found.kind is Kind.UNKNOWN
    assert "took longer than" in found.causes[0]
