"""What rules of AWS Config say."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from engine.model.listing import Identity
from engine.model.need import RelatedNeed
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from . import views

RECORD = dataclasses.replace(views.MACHINE, cfn="AWS::X::Machine", identity=Identity("id", arn="Arn"))
ASKED = RelatedNeed("", ("ComplianceDetail",), type="config-rule", ids='`["a"]`')
MATCH, NO, UNKNOWN = Kind.MATCH, Kind.NO_MATCH, Kind.UNKNOWN


def said(name: str, kind: str = "AWS::X::Machine", state: str = "NON_COMPLIANT", note: str = "") -> dict[str, Any]:
    about = {"ResourceId": name, "ResourceType": kind, "ConfigRuleName": "a"}
    told = {"EvaluationResultIdentifier": {"EvaluationResultQualifier": about}, "ComplianceType": state}
    return {**told, "Annotation": note}


def rule(*evaluations: dict[str, Any]) -> list[tuple[str, Any]]:
    return [("a", {"ComplianceDetail": list(evaluations)})]


@pytest.mark.parametrize(
    ("options", "found", "expected"),
    [
        ("", rule(said("i-1")), MATCH),
        ("", rule(said("arn:1")), MATCH),
        ("", rule(said("M1")), MATCH),
        ("", rule(said("i-2"), said("Other")), NO),
        ("", rule(said("i-1", kind="AWS::X::Disk")), NO),
        ("", rule(said("i-1", state="COMPLIANT")), NO),
        (", states: [COMPLIANT]", rule(said("i-1", state="COMPLIANT")), MATCH),
        (", eval_filters: [{Annotation: x}]", rule(said("i-1", note="y")), NO),
        (", eval_filters: [{Annotation: x}, {Annotation: y}]", rule(said("i-1", note="y")), MATCH),
        (", op: and, eval_filters: [{Annotation: x}, {Annotation: y}]", rule(said("i-1", note="y")), NO),
        ("", rule(), NO),
        ("", [("a", None)], UNKNOWN),
        ("", None, UNKNOWN),
    ],
)
def test_judge(options: str, found: Any, expected: Kind) -> None:
    told = views.verdict(
        f"{{type: config-compliance, rules: [a]{options}}}",
        {"id": "i-1", "Arn": "arn:1", "MachineId": "M1", "Source": "Other"},
        facts={} if found is None else {ASKED: found},
        record=RECORD,
    )
    assert told.kind is expected


@pytest.mark.parametrize(("name", "expected"), [("D1", MATCH), ("i-1", MATCH), ("M1", NO)])
def test_what_the_rules_judge_is_something_else(name: str, expected: Kind) -> None:
    told = views.verdict(
        "{type: config-compliance, rules: [a]}",
        {"id": "i-1", "MachineId": "M1", "DiskId": "D1"},
        facts={ASKED: rule(said(name, kind="AWS::X::Disk"), said("M1"))},
        presets={"kind": "AWS::X::Disk"},
        record=RECORD,
    )
    assert told.kind is expected


def test_needs_evidence_problems() -> None:
    leaf = views.tree("{type: config-compliance, rules: [a]}", record=RECORD)
    assert isinstance(leaf, Leaf)
    assert leaf.piece.needs(RECORD) == {ASKED}
    shown = views.why(
        "{type: config-compliance, rules: [a]}", {"id": "i-1"}, facts={ASKED: rule(said("i-1"))}, record=RECORD
    )
    assert (shown.expected, shown.observed) == ("said by a", "a: NON_COMPLIANT")
    for text in ("{type: config-compliance, rules: []}", "{type: config-compliance, rules: [a], states: [BAD]}"):
        with pytest.raises(views.Rejected):
            views.tree(text, record=RECORD)
