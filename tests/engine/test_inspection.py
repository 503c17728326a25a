"""Why a policy says what it says of one resource: every filter judged, with all its facts."""

from __future__ import annotations

import pytest

from engine.inspection import Told, inspect
from engine.model.json import Json
from engine.model.verdict import Kind
from engine.plugin.discover import catalog
from engine.runner import Settings
from tests.engine.executor.cloud import NOW, Cloud, parsed, refused

RUNNING: Json = {"State.Name": "running"}


def cloud() -> Cloud:
    return Cloud().instance("i-1", Team="x").instance("i-2", "stopped")


def told(
    id: str, *policies: dict[str, Json], on: Cloud | None = None, regions: tuple[str, ...] = ("us-east-1",)
) -> list[Told]:
    settings = Settings(now=NOW, regions=regions)
    return inspect(parsed(*policies), id, catalog(), [(on or cloud()).connection], settings)


def test_a_filter_that_decided_hides_no_other() -> None:
    """The stopped one: its tag is judged all the same."""
    (found,) = told("i-2", {"resource": "ec2", "filters": [RUNNING, {"tag:Team": "x"}]})
    assert (found.policy, found.type, found.id, found.region, found.whole) == ("p0", "ec2", "i-2", "us-east-1", False)
    assert found.evidence.verdict.kind is Kind.NO_MATCH
    assert [e.verdict.kind for e in found.evidence.children] == [Kind.NO_MATCH, Kind.NO_MATCH]
    assert [e.filter for e in found.evidence.children] == ["State.Name = running", "tag:Team = x"]
    assert found.evidence.children[0].observed == "stopped"


def test_a_fact_that_cannot_be_had_is_told_with_its_cause() -> None:
    on = cloud()
    on.breaks = lambda call: refused(call) if call.operation == "DescribeInstanceAttribute" else None
    (found,) = told("i-1", {"resource": "ec2", "filters": ["termination-protected"]}, on=on)
    assert found.evidence.verdict.kind is Kind.UNKNOWN
    assert "UnauthorizedOperation" in found.evidence.children[0].verdict.causes[0]


def test_one_entry_for_each_policy_of_the_type_and_each_region() -> None:
    policies: list[dict[str, Json]] = [
        {"resource": "ec2"},
        {"resource": "s3"},
        {"resource": "ec2", "filters": [RUNNING]},
    ]
    assert [t.policy for t in told("i-1", *policies)] == ["p0", "p2"]
    regions = ("us-east-1", "eu-west-1")
    assert {(t.policy, t.region) for t in told("i-1", *policies, regions=regions)} == {
        (p, r) for p in ("p0", "p2") for r in regions
    }


def test_what_is_not_there() -> None:
    assert told("i-9", {"resource": "ec2"}) == []


def test_sets_are_said_to_be_sets() -> None:
    (found,) = told("i-1", {"resource": "ec2", "filters": [{"type": "reduce", "sort-by": "InstanceId", "limit": 1}]})
    assert found.whole


@pytest.mark.parametrize(("id", "kind"), [("i-1", Kind.MATCH), ("i-2", Kind.NO_MATCH)])
def test_the_verdict_is_that_of_a_run(id: str, kind: Kind) -> None:
    (found,) = told(id, {"resource": "ec2", "filters": [{"or": [RUNNING, {"tag:Team": "x"}]}]})
    assert found.evidence.verdict.kind is kind
