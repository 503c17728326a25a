"""A run as JSON: findings with their evidence, changes, and resources as c7n writes them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from engine.executor.item import Item
from engine.model.change import Outcome, Skip, Status
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import MetricNeed
from engine.model.verdict import MATCH, unknown
from engine.report.document import (
    change_line,
    default,
    evidence_json,
    finding_json,
    outcome_json,
    resource_json,
    result_json,
    skip_json,
    why,
)
from tests.facts import fact as as_fact

from .runs_of import RUNNING, TAG, denied, intent_of, results


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 11, 21, 9, tzinfo=UTC), "2026-11-21T09:00:00+00:00"),
        (date(2026, 11, 21), "2026-11-21"),
        ({"b", "a"}, ["a", "b"]),
        (frozenset({2, 1}), [1, 2]),
        (MATCH.kind, "match"),
    ],
)
def test_what_json_lacks(value: object, expected: Json) -> None:
    assert default(value) == expected


def test_evidence_of_a_block_is_its_members() -> None:
    leaf = Evidence("a", unknown("denied"), "1", "2", "listing")
    assert evidence_json(Evidence("and", unknown("denied"), children=(leaf,))) == {
        "filter": "and",
        "verdict": "unknown",
        "causes": ["denied"],
        "members": [
            {"filter": "a", "verdict": "unknown", "causes": ["denied"], "expected": "1", "observed": "2", "source": "listing"}
        ],
    }  # fmt: skip


def test_a_finding() -> None:
    ((_, result),) = results({"resource": "ec2", "filters": [RUNNING]})
    found = finding_json(result, result.matched[0])
    assert found.pop("evidence")["members"][0]["observed"] == "running"
    assert found == {
        "policy": "p0", "type": "ec2", "id": "i-1", "name": "web", "account": "123456789012", "region": "us-east-1",
        "arn": "arn:aws:ec2:us-east-1:123456789012:instance/i-1", "verdict": "match",
    }  # fmt: skip


def test_a_result_with_what_is_unknown_and_why() -> None:
    ((_, result),) = results(
        {"resource": "ec2", "filters": ["termination-protected"]}, on=denied("DescribeInstanceAttribute")
    )
    told = result_json(result)
    assert (told["population"], told["matched"], len(told["unknown"])) == (3, [], 3)
    assert told["unknown"][0]["verdict"] == "unknown"
    assert "UnauthorizedOperation" in told["unknown"][0]["causes"][0]
    assert (told["error"], told["limited"], told["skipped"]) == (None, None, None)
    assert json.loads(json.dumps(told, default=default)) == told


def test_a_change_its_end_and_a_skip() -> None:
    (planned, _) = intent_of({"resource": "ec2", "filters": [RUNNING], "actions": [TAG]}).planned
    line = change_line(planned.change)
    assert (line["id"], line["action"], line["before"], line["after"]) == (
        "i-1",
        "tag",
        {"tag:Idle": "no"},
        {"tag:Idle": "true"},
    )
    assert (line["reversible"], line["irreversible"], line["destructive"]) == (True, None, False)
    assert [c["call"] for c in line["calls"]] == ["ec2:CreateTags"]
    assert outcome_json(Outcome(planned.change, Status.FAILED, "no")) == {**line, "status": "failed", "reason": "no"}
    assert outcome_json(Outcome(planned.change, Status.DONE))["reason"] is None
    told = skip_json("p", Skip(planned.change.ref, "tag", "so already"))
    assert told == {"policy": "p", "type": "ec2", "id": "i-1", "action": "tag", "reason": "so already"}


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        ([RUNNING], ["State.Name"]),
        ([RUNNING, {"tag:Idle": "no"}], ["State.Name", "tag:Idle"]),
        ([{"or": [RUNNING, {"tag:Idle": "nope"}]}], ["State.Name"]),
        ([{"or": [{"tag:Idle": "nope"}, {"and": [RUNNING, {"tag:Idle": "no"}]}]}], ["State.Name", "tag:Idle"]),
        ([{"not": [{"State.Name": "stopped"}]}], None),
        ([RUNNING, RUNNING], ["State.Name"]),
        ([], None),
    ],
)
def test_keys_that_matched_as_c7n_writes_them(filters: Json, keys: list[str] | None) -> None:
    ((_, result),) = results({"resource": "ec2", "filters": filters})
    item = next(i for i in result.matched if i.resource.ref.id == "i-1")
    assert resource_json(result, item).get("c7n:MatchedFilters") == keys


def test_a_resource_with_its_metrics() -> None:
    ((_, result),) = results({"resource": "ec2", "filters": [RUNNING]})
    item: Item = result.matched[0]
    item.tell(MetricNeed("AWS/EC2", "CPUUtilization", "Average", 7.0, 86400), as_fact([1.5]))
    told = resource_json(result, item)
    assert told["c7n.metrics"] == {"AWS/EC2.CPUUtilization.Average.7": [1.5]}
    assert told["InstanceId"] == "i-1"
    assert "c7n.metrics" not in item.resource.attributes


def test_why() -> None:
    ((_, result),) = results({"resource": "ec2", "filters": [RUNNING]})
    assert why(result, result.matched[0]).sentence() == "State.Name = running: running"
