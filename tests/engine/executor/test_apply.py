"""Changes made: written down first, merged where they may be, and every end told for each resource."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.executor.apply import Application, apply
from engine.executor.events import Silent
from engine.executor.intent import Planned
from engine.model.call import Call
from engine.model.change import Batching, Change, Outcome, Status
from engine.model.errors import CallFailed, FailureKind, StoreUnavailable
from engine.model.json import Json
from engine.plugin.journal import RunRecord

from .cloud import NOW, SCOPE, Cloud, Desk, change, intent, lost, refused

TAG: Json = {"type": "tag", "key": "Idle", "value": "true"}
POLICY: dict[str, Json] = {"resource": "ec2", "actions": [TAG, "stop"]}
Sit = Callable[[Cloud], Desk]


def herd(count: int) -> Cloud:
    """So many running instances."""
    cloud = Cloud()
    for number in range(count):
        cloud.instance(f"i-{number}")
    return cloud


def statuses(outcomes: list[Outcome]) -> dict[tuple[str, str], Status]:
    """(id, action) → end."""
    return {(o.change.ref.id, o.change.action): o.status for o in outcomes}


def test_equal_calls_merge_up_to_the_records_most(desk: Sit) -> None:
    """60 instances: three CreateTags of at most 25, then StopInstances."""
    cloud = herd(60)
    entries, outcomes = desk(cloud).make(intent(cloud, POLICY).planned)
    tagged = [len(c.params["Resources"]) for c in cloud.calls if c.operation == "CreateTags"]
    assert sorted(tagged) == [10, 25, 25]
    assert cloud.writes()[: len(tagged)] == ["CreateTags"] * 3
    assert {o.status for o in outcomes} == {Status.DONE}
    assert [e.status for e in entries] == [Status.DONE] * 120
    assert all(i["tags"] == {"Idle": "true"} and i["State"]["Name"] == "stopping" for i in cloud.instances.values())


def test_different_calls_do_not_merge(desk: Sit) -> None:
    """Tags with other values, calls in other regions."""
    cloud = herd(4)
    planned = []
    for number, value in enumerate(("a", "a", "b", "a")):
        scope = SCOPE if number < 3 else SCOPE.__class__("123456789012", "eu-west-1")
        call = Call("ec2", "CreateTags", {"Resources": [f"i-{number}"], "Tags": [{"Key": "K", "Value": value}]}, scope)
        planned.append(Planned("p", 0, change("tag", f"i-{number}", call, batching=Batching("Resources", 25))))
    desk(cloud).make(planned)
    assert sorted(c.params["Resources"] for c in cloud.calls) == [["i-0", "i-1"], ["i-2"], ["i-3"]]


def test_nothing_is_called_before_it_stands_in_the_journal(desk: Sit) -> None:
    """Every write finds its entry STARTED."""
    cloud = herd(3)
    planned = intent(cloud, POLICY).planned
    at = desk(cloud)
    seen: list[set[Status]] = []

    def look(call: Call) -> CallFailed | None:
        ids = set(call.params.get("Resources") or call.params["InstanceIds"])
        entries = [e for e in at.journal.entries("run-1") if e.change.calls[0].operation == call.operation]
        seen.append({e.status for e in entries if e.change.ref.id in ids})
        return None

    cloud.breaks = look
    at.make(planned)
    assert seen == [{Status.STARTED}] * len(seen)
    assert len(seen) == 2


def test_a_refused_batch_is_tried_one_by_one(desk: Sit) -> None:
    """One instance that is gone does not keep the others from their change; later actions leave it alone."""
    cloud = herd(5)
    planned = intent(cloud, POLICY).planned
    del cloud.instances["i-2"]
    _, outcomes = desk(cloud).make(planned)
    told = statuses(outcomes)
    assert told.pop(("i-2", "tag")) is Status.FAILED
    assert told.pop(("i-2", "stop")) is Status.SKIPPED
    assert set(told.values()) == {Status.DONE}
    skipped = next(o for o in outcomes if o.status is Status.SKIPPED)
    assert skipped.reason == "an earlier action of the policy failed on it"
    assert ["i-2"] not in [c.params.get("InstanceIds") for c in cloud.calls if c.operation == "StopInstances"]


@pytest.mark.parametrize("kind", [FailureKind.THROTTLED, FailureKind.CREDENTIALS])
def test_a_batch_that_nobody_would_get_through_is_not_tried_again(desk: Sit, kind: FailureKind) -> None:
    """One request, all failed."""
    cloud = herd(5)
    planned = intent(cloud, POLICY).planned
    cloud.breaks = lambda call: refused(call, "No", kind) if call.operation == "CreateTags" else None
    _, outcomes = desk(cloud).make(planned)
    assert cloud.writes() == ["CreateTags"]
    assert set(statuses(outcomes).values()) == {Status.FAILED, Status.SKIPPED}


def test_a_lost_answer_is_uncertain_and_never_repeated(desk: Sit) -> None:
    """It may have been carried out: the call is not made again, later actions keep away."""
    cloud = herd(3)
    planned = intent(cloud, POLICY).planned
    cloud.breaks_after = lambda call: lost(call) if call.operation == "CreateTags" else None
    entries, outcomes = desk(cloud).make(planned)
    assert cloud.writes() == ["CreateTags"]
    told = statuses(outcomes)
    assert {told[f"i-{n}", "tag"] for n in range(3)} == {Status.UNCERTAIN}
    assert {told[f"i-{n}", "stop"] for n in range(3)} == {Status.SKIPPED}
    assert all("no answer came" in e.reason for e in entries if e.status is Status.UNCERTAIN)


def test_what_the_answer_calls_failed_has_failed(desk: Sit) -> None:
    """FailedResourcesMap names two of three functions' ARNs."""
    cloud = Cloud(functions={"f0": {}, "f1": {}, "f2": {}}, failing={"arn:f1": "not found"})
    planned = intent(cloud, {"resource": "lambda", "actions": [TAG]}).planned
    entries, outcomes = desk(cloud).make(planned)
    assert cloud.writes() == ["TagResources"]
    assert statuses(outcomes) == {("f0", "tag"): Status.DONE, ("f1", "tag"): Status.FAILED, ("f2", "tag"): Status.DONE}
    assert [e.reason for e in entries] == ["", "not found", ""]
    assert cloud.functions == {"f0": {"Idle": "true"}, "f1": {}, "f2": {"Idle": "true"}}


def test_a_single_answer_that_names_its_failure(desk: Sit) -> None:
    """The same when there is only one."""
    cloud = Cloud(functions={"f1": {}}, failing={"arn:f1": "not found"})
    _, outcomes = desk(cloud).make(intent(cloud, {"resource": "lambda", "actions": [TAG]}).planned)
    assert [o.status for o in outcomes] == [Status.FAILED]


def test_a_change_of_two_calls_that_breaks_off_says_what_was_made(desk: Sit) -> None:
    """The new tag stands, the old one was not removed."""
    cloud = Cloud().instance("i-0", owner="ana")
    rename = {"type": "rename-tag", "old_key": "owner", "new_key": "Owner"}
    planned = intent(cloud, {"resource": "ec2", "actions": [rename]}).planned
    cloud.breaks = lambda call: refused(call) if call.operation == "DeleteTags" else None
    _, (outcome,) = desk(cloud).make(planned)
    assert outcome.status is Status.FAILED
    assert outcome.reason.startswith("after ec2:CreateTags had been made: ec2:DeleteTags denied")
    assert cloud.instances["i-0"]["tags"] == {"owner": "ana", "Owner": "ana"}


def test_a_change_without_calls_is_done(desk: Sit) -> None:
    """There is nothing that could fail."""
    _, (outcome,) = desk(herd(1)).make([Planned("p", 0, change("nothing", "i-0"))])
    assert outcome.status is Status.DONE


def test_another_policys_failure_is_its_own(desk: Sit) -> None:
    """The second policy's stop goes on."""
    cloud = herd(1)
    planned = intent(cloud, {"resource": "ec2", "actions": [TAG]}, {"resource": "ec2", "actions": ["stop"]}).planned
    cloud.breaks = lambda call: refused(call) if call.operation == "CreateTags" else None
    _, outcomes = desk(cloud).make(planned)
    assert statuses(outcomes) == {("i-0", "tag"): Status.FAILED, ("i-0", "stop"): Status.DONE}


def test_a_stopped_run_begins_nothing_more(desk: Sit) -> None:
    """What was not begun stays PLANNED, in the journal too."""
    cloud = herd(2)
    planned = intent(cloud, POLICY).planned
    at = desk(cloud)

    def stop(call: Call) -> None:
        at.stop.set()

    cloud.breaks = stop  # type: ignore[assignment]
    entries, outcomes = at.make(planned)
    assert cloud.writes() == ["CreateTags"]
    assert {o.status for o in outcomes if o.change.action == "stop"} == {Status.PLANNED}
    assert {e.status for e in entries if e.change.action == "stop"} == {Status.PLANNED}


class FullDisk:
    """A journal whose disk is full after some writes."""

    def __init__(self, desk: Desk, writes: int) -> None:
        self._inner, self._left = desk.journal, writes

    def __getattr__(self, name: str) -> object:
        method = getattr(self._inner, name)

        def write(*given: object, **named: object) -> object:
            self._left -= 1
            if self._left < 0:
                raise StoreUnavailable("disk full")
            return method(*given, **named)

        return write


@pytest.mark.parametrize(("writes", "made"), [(0, 0), (1, 0), (2, 1), (3, 1)])
def test_without_a_journal_nothing_is_changed(desk: Sit, writes: int, made: int) -> None:
    """It fails at the intent (0), at the start (1); after that the call was made and is left STARTED."""
    cloud = herd(1)
    planned = intent(cloud, POLICY).planned
    at = desk(cloud)
    at.journal.begin(RunRecord("r", "run", NOW, "test"))
    with_ = Application(lambda _: cloud, FullDisk(at, writes), Silent(), at.stop)  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailable):
        apply("r", planned, with_)
    assert len(cloud.writes()) == made
    entries = at.journal.entries("r")
    expected = [[], [Status.PLANNED] * 2, [Status.STARTED, Status.PLANNED], [Status.DONE, Status.PLANNED]]
    assert [e.status for e in entries] == expected[writes]


@pytest.mark.parametrize("sent", [True, False, None])
@pytest.mark.parametrize("kind", list(FailureKind))
def test_every_failure_of_every_operation_closes_its_entry(desk: Sit, kind: FailureKind, sent: bool | None) -> None:
    """FAILED where AWS certainly did nothing, else UNCERTAIN; never DONE, never left open."""
    cloud = herd(2)
    planned = intent(cloud, POLICY).planned
    cloud.breaks = lambda call: CallFailed(call.service, call.operation, kind, "Code", "no", sent)
    entries, outcomes = desk(cloud).make(planned)
    expected = Status.UNCERTAIN if sent is None else Status.FAILED
    assert {e.status for e in entries if e.change.action == "tag"} == {expected}
    assert {e.status for e in entries if e.change.action == "stop"} == {Status.SKIPPED}
    assert [o.status for o in outcomes] == [e.status for e in entries]


def test_outcomes_keep_the_order_of_the_changes(desk: Sit) -> None:
    """Whatever order batches end in."""
    cloud = herd(30)
    planned = intent(cloud, POLICY).planned
    _, outcomes = desk(cloud).make(planned)
    assert [o.change for o in outcomes] == [p.change for p in planned]
    assert all(isinstance(o.change, Change) for o in outcomes)


def test_what_is_made_always_is_made_after_a_failure_too(desk: Sit) -> None:
    """An instance that was stopped to be resized is started again, whatever came between."""
    cloud = herd(1)
    cloud.breaks = lambda call: refused(call) if call.operation == "TerminateInstances" else None
    ids: dict[str, Json] = {"InstanceIds": ["i-0"]}
    calls = (
        Call("ec2", "StopInstances", ids, SCOPE),
        Call("ec2", "TerminateInstances", ids, SCOPE),
        Call("ec2", "CreateTags", {"Resources": ["i-0"], "Tags": []}, SCOPE),
        Call("ec2", "StartInstances", ids, SCOPE, always=True),
    )
    _, (outcome,) = desk(cloud).make([Planned("p", 0, replace(change("resize", "i-0", calls[0]), calls=calls))])
    assert outcome.status is Status.FAILED
    assert outcome.reason.startswith("after ec2:StopInstances had been made: ec2:TerminateInstances denied")
    assert outcome.reason.endswith("; ec2:StartInstances was made all the same")
    assert cloud.writes() == ["StopInstances", "TerminateInstances", "StartInstances"]
