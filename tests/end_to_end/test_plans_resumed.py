"""An apply that was cut short: the next one makes what is left, and nothing twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.app.plan_reading import read
from engine.cli.applying import History, looked
from engine.executor.intent import Planned
from engine.executor.marks import mark_of, marked
from engine.model.change import Status
from engine.plugin.journal import RunRecord
from engine.plugin.protocols import Connection
from engine.store.process import here
from engine.store.sqlite import SqliteJournal
from tests.end_to_end.plans import JOURNAL, Plans, plans, wire

__all__ = ["plans", "wire"]

TAG = {"type": "tag", "key": "A", "value": "b"}
ONCE = {  # its own tag keeps it from matching again
    "name": "once",
    "resource": "ec2",
    "filters": [{"tag:Name": "idle"}, {"tag:A": "absent"}, {"State.Name": "running"}],
    "guard": [{"tag:AllowStop": "true"}],
    "actions": [TAG, "stop"],
}
RETIRE = {
    "name": "retire",
    "resource": "ebs",
    "filters": [{"tag:Name": "loose"}],
    "actions": ["snapshot", "delete"],
}
DONE, STARTED, PLANNED, FAILED = Status.DONE, Status.STARTED, Status.PLANNED, Status.FAILED


def planned(plans: Plans, policy: dict[str, Any]) -> tuple[str, list[Planned], Connection]:
    """(id of the plan, its changes, a connection)."""
    plans.plan(json.dumps({"policies": [policy]}))
    now = datetime.now(UTC)
    plan = read(Path("x.plan"), now)
    look = looked(plan, History({}, (), {}), threading.Event())
    return plan.id, look.comparison.planned, look.by_account["123456789012"]


def cut_short(
    plans: Plans,
    policy: dict[str, Any],
    statuses: Sequence[Status],
    made: Sequence[bool],
    *,
    ended: str = "",
    lives: bool = False,
) -> None:
    """An apply of the policy's plan that ended with these changes in the journal, and those that were made made.

    Args:
        statuses: what the journal says of each change.
        made: whether it took effect.
        ended: how the run was closed; empty: it never was.
        lives: whether its process is still there.
    """
    plan, changes, connection = planned(plans, policy)
    journal = SqliteJournal(plans.folder / "home" / JOURNAL)
    record = RunRecord("earlier", "apply", datetime.now(UTC), "engine apply", (policy["name"],), plan=plan)
    gone = RunRecord(**{**_fields(record), "host": here().host, "pid": 2**22 + 1, "born": "1", "target": _target()})
    journal.begin(record if lives else gone)
    entries = journal.intend("earlier", [(each.policy, each.change) for each in changes])
    for entry, status, took in zip(entries, statuses, made, strict=True):
        if took:
            for at, call in enumerate(entry.change.calls):
                connection.door.perform(marked(call, mark_of("earlier", entry.number, at)))
        if status is not PLANNED:
            journal.started([entry])
        if status not in (PLANNED, STARTED):
            journal.closed([entry], status, {entry.number: "denied"} if status is FAILED else {})
    if ended:
        journal.end("earlier", ended, datetime.now(UTC), {})
    journal.close()


def _fields(record: RunRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in RunRecord.__dataclass_fields__}


def _target() -> dict[str, Any]:
    return {"profile": "", "assume": [], "external_id": "", "sandbox": True}


def test_what_is_left_is_made(plans: Plans) -> None:
    cut_short(plans, ONCE, (DONE, PLANNED), (True, False))
    found = plans.told(code=0)
    assert [each["reason"] for each in found["already"]] == ["made by run earlier"]
    assert plans.server.writes == {"ec2:StopInstances": 1}
    assert plans.apply().code == 8


@pytest.mark.parametrize("ended", ["interrupted", "failed"])
def test_so_is_what_an_interrupted_apply_left(ended: str, plans: Plans) -> None:
    cut_short(plans, ONCE, (DONE, PLANNED), (True, False), ended=ended)
    plans.told(code=0)
    assert plans.server.writes == {"ec2:StopInstances": 1}


def test_what_was_made_before_the_journal_knew_is_not_made_again(plans: Plans) -> None:
    cut_short(plans, ONCE, (DONE, STARTED), (True, True))
    found = plans.told(code=0)
    assert len(found["already"]) == 2
    assert plans.server.writes == {}


def test_what_was_begun_and_not_made_is_made(plans: Plans) -> None:
    cut_short(plans, ONCE, (DONE, STARTED), (True, False))
    plans.told(code=0)
    assert plans.server.writes == {"ec2:StopInstances": 1}


def test_a_guard_holds_what_is_left(plans: Plans) -> None:
    cut_short(plans, ONCE, (DONE, PLANNED), (True, False))
    plans.tag(plans.ids()["idle"], AllowStop="false")
    (drift,) = plans.told(code=8)["drifted"]
    assert drift["reason"].startswith("blocked by guard: tag:AllowStop = true")
    assert plans.server.writes == {}


def test_what_another_has_made_meanwhile_is_so_already(plans: Plans) -> None:
    cut_short(plans, ONCE, (DONE, PLANNED), (True, False))
    plans.client("ec2").stop_instances(InstanceIds=[plans.ids()["idle"]])
    reasons = [each["reason"] for each in plans.told(code=0)["already"]]
    assert reasons == ["made by run earlier", "already in the desired state"]
    assert plans.server.writes == {}


def test_what_has_gone_meanwhile(plans: Plans) -> None:
    cut_short(plans, RETIRE, (DONE, PLANNED), (True, False))
    plans.client("ec2").delete_volume(VolumeId=plans.ids()["loose"])
    (drift,) = plans.told(code=8)["drifted"]
    assert drift["reason"] == "it is gone"
    assert plans.server.writes == {}


def test_a_snapshot_is_not_taken_twice(plans: Plans) -> None:
    cut_short(plans, RETIRE, (DONE, PLANNED), (True, False))
    plans.told(code=0)
    assert plans.server.writes == {"ec2:DeleteVolume": 1}


def test_a_snapshot_that_is_gone_again_is_taken_anew(plans: Plans) -> None:
    """What the journal says was made saves nothing once somebody has deleted it."""
    cut_short(plans, RETIRE, (DONE, PLANNED), (True, False))
    ec2 = plans.client("ec2")
    mine = ec2.describe_snapshots(Filters=[{"Name": "tag-key", "Values": ["policy-engine:change"]}])["Snapshots"]
    for each in mine:
        ec2.delete_snapshot(SnapshotId=each["SnapshotId"])
    assert len(mine) == 1
    plans.told(code=0)
    assert plans.server.writes == {"ec2:CreateSnapshot": 1, "ec2:DeleteVolume": 1}


def test_nothing_is_deleted_while_its_snapshot_is_uncertain(plans: Plans) -> None:
    cut_short(plans, RETIRE, (STARTED, PLANNED), (False, False))
    found = plans.told(code=6)
    assert "it is not known whether run earlier has made it" in found["drifted"][0]["reason"]
    assert found["drifted"][1]["reason"] == "the policy's earlier action 'snapshot' on it is not as planned"
    assert plans.server.writes == {}


def test_what_failed_is_tried_again(plans: Plans) -> None:
    cut_short(plans, RETIRE, (FAILED, PLANNED), (False, False))
    plans.told(code=0)
    assert plans.server.writes == {"ec2:CreateSnapshot": 1, "ec2:DeleteVolume": 1}


def test_an_apply_under_way_is_left_alone(plans: Plans) -> None:
    cut_short(plans, ONCE, (STARTED, PLANNED), (False, False), lives=True)
    done = plans.apply()
    assert done.code == 8
    assert "is being applied by run earlier" in done.err
    assert plans.server.writes == {}


def test_a_plan_that_another_run_begins_to_apply_meanwhile_is_refused(
    plans: Plans, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have read the journal before either wrote in it."""
    cut_short(plans, ONCE, (PLANNED, PLANNED), (False, False))
    monkeypatch.setattr("engine.cli.applying.history_of", lambda plan: History({}, (), {}))
    done = plans.apply()
    assert done.code == 8
    assert "is being applied by run earlier" in done.err
    assert plans.server.writes == {}
