"""The calls that plans make are understood alike by two emulators of AWS that share no code.

Where one of them is known not to be AWS, `GAPS` says so; a gap that has closed fails the test, so the list stays true.
"""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from engine.executor.apply import Application, apply
from engine.executor.changes import intend
from engine.executor.events import Silent
from engine.executor.fresh import read_again
from engine.executor.intent import Planned
from engine.executor.undo import inverse
from engine.lang.syntax import Policy
from engine.model.change import Status
from engine.model.node import node_of
from engine.plugin.discover import catalog
from engine.plugin.journal import RunRecord
from engine.runner import Ran, Settings, run_policies
from engine.store.sqlite import SqliteJournal
from tests.contract.conftest import Emulator

pytestmark = pytest.mark.contract

GAPS: dict[str, list[str]] = json.loads((Path(__file__).parent / "gaps.json").read_text(encoding="utf-8"))
"""Emulator → the types whose listing it cannot answer (it has no such service or call, or fails in it), as last seen."""


def run(emulator: Emulator, policy: dict[str, object]) -> Ran:
    """A policy's results on an emulator."""
    parsed = Policy(str(policy["name"]), str(policy["resource"]), node_of(policy))
    settings = Settings(regions=("us-east-1",), acting="actions" in policy)
    return run_policies([parsed], catalog(), [emulator.connection], settings)


def matched(ran: Ran) -> set[str]:
    ((_, result),) = ran.results
    assert result.error == ""
    assert result.unknown == []
    return {item.resource.ref.id for item in result.matched}


@pytest.mark.parametrize(
    "word", [w for w in catalog().provider.words() if "." not in w and w == catalog().provider.type(w).word]
)
def test_every_type_is_listed(emulator: Emulator, word: str) -> None:
    ((_, result),) = run(emulator, {"name": "all", "resource": word}).results
    if word in GAPS[emulator.name]:
        assert result.error != "", "the gap has closed: take it out of gaps.json"
    else:
        assert result.error == ""


def test_conditions_pushed_to_the_api_lose_nothing(emulator: Emulator) -> None:
    policy = {"name": "p", "resource": "ec2", "filters": [{"State.Name": "running"}, {"tag:AllowStop": "true"}]}
    instances = emulator.estate["instances"]
    assert matched(run(emulator, policy)) == {instances["idle"], instances["busy"]}


def test_metrics_come_in_batches(emulator: Emulator) -> None:
    metrics = {"type": "metrics", "name": "CPUUtilization", "days": 2, "op": "lt", "value": 5}
    policy = {"name": "p", "resource": "ec2", "filters": [{"State.Name": "running"}, metrics]}
    assert matched(run(emulator, policy)) == {emulator.estate["instances"]["idle"]}


def test_unattached_volumes(emulator: Emulator) -> None:
    policy = {"name": "p", "resource": "ebs", "filters": [{"Attachments": []}, {"VolumeType": "gp2"}]}
    assert len(matched(run(emulator, policy))) == 2


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([{"tag:Owner": "absent"}], {"contract-plain"}),
        ([{"tag:Owner": "ana"}], {"contract-tagged"}),
        ([{"Versioning.Status": "absent"}], {"contract-plain", "contract-tagged"}),
        ([{"Lifecycle": "absent"}], {"contract-plain", "contract-tagged"}),
    ],
)
def test_facets_of_buckets(emulator: Emulator, filters: list[object], expected: set[str]) -> None:
    ours = {"type": "value", "key": "Name", "op": "glob", "value": "contract-*"}
    policy = {"name": "p", "resource": "s3", "filters": [*filters, ours]}
    assert matched(run(emulator, policy)) == expected


@pytest.mark.parametrize(
    ("resource", "filters"),
    [
        ("dynamodb-table", [{"TableStatus": "ACTIVE"}, {"TableName": "contract"}]),
        ("sqs", [{"type": "value", "key": "QueueArn", "op": "glob", "value": "*:contract"}]),
        ("log-group", [{"retentionInDays": "absent"}, {"logGroupName": "/contract"}]),
        ("iam-user", [{"UserName": "contract"}, {"type": "value", "key": "AccessKeys", "value": []}]),
    ],
)
def test_details_are_read_when_asked_for(emulator: Emulator, resource: str, filters: list[object]) -> None:
    assert len(matched(run(emulator, {"name": "p", "resource": resource, "filters": filters}))) == 1


def test_tag_and_stop_and_back(emulator: Emulator, tmp_path: Path) -> None:
    """The instance is as before once the inverses are made, read again from the emulator."""
    idle = emulator.estate["instances"]["idle"]
    policy = {
        "name": "p",
        "resource": "ec2",
        "filters": [{"InstanceId": idle}],
        "actions": [{"type": "tag", "key": "Idle", "value": "true"}, "stop"],
    }
    planned = intend(run(emulator, policy).results).planned
    assert [p.change.action for p in planned] == ["tag", "stop"]
    assert made(emulator, planned, tmp_path) == {Status.DONE}
    now = state(emulator, planned)
    assert now["State"]["Name"] in ("stopping", "stopped")
    assert {"Key": "Idle", "Value": "true"} in now["Tags"]
    back = [Planned(p.policy, i, inverse(p.change)) for i, p in enumerate(reversed(planned))]
    assert made(emulator, back, tmp_path) == {Status.DONE}
    then = state(emulator, planned)
    assert then["State"]["Name"] in ("pending", "running")
    assert "Idle" not in {t["Key"] for t in then["Tags"]}


def made(emulator: Emulator, planned: list[Planned], folder: Path) -> set[Status]:
    """How the changes ended."""
    journal = SqliteJournal(folder / "journal.db")
    run_id = f"run-{len(journal.runs())}"
    settings = Settings()
    journal.begin(RunRecord(run_id, "run", settings.now, "test"))
    with_ = Application(lambda _: emulator.connection.door, journal, Silent(), threading.Event())
    outcomes = apply(run_id, planned, with_)
    journal.close()
    return {o.status for o in outcomes}


def state(emulator: Emulator, planned: list[Planned]) -> dict[str, object]:
    """The instance as the emulator describes it now."""
    change = planned[0].change
    types = catalog().provider.type
    items = read_again(emulator.connection, types("ec2"), change.ref.scope, [change], types, Settings().now)
    return dict(items[change.ref.id].attributes)
