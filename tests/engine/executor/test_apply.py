"""Changes made: written down first, merged where they may be, and every end told for each resource."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from engine.executor.apply import Application, Settle, apply
from engine.executor.events import Silent
from engine.executor.intent import Planned
from engine.model.call import Call, Mark
from engine.model.change import Batching, Change, Check, Outcome, Status
from engine.model.errors import CallFailed, FailureKind, StoreUnavailable
from engine.model.json import Json
from engine.plugin.journal import Entry, RunRecord, held_by

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


@pytest.mark.parametrize(
    ("writes", "made", "says"),
    [
        (0, 0, "disk full"),
        (1, 0, "disk full; nothing was changed"),
        (2, 1, "disk full; 1 of 2 changes had been made, nothing further was"),
        (3, 1, "disk full; 1 of 2 changes had been made, nothing further was"),
    ],
)
def test_without_a_journal_nothing_is_changed(desk: Sit, writes: int, made: int, says: str) -> None:
    """It fails at the intent (0), at the start (1); after that the call was made and is left STARTED.

    The error says how many changes were made, and which of them the journal does not know to be.
    """
    cloud = herd(1)
    planned = intent(cloud, POLICY).planned
    at = desk(cloud)
    at.journal.begin(RunRecord("r", "run", NOW, "test"))
    with_ = Application(lambda _: cloud, FullDisk(at, writes), Silent(), at.stop)  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailable) as raised:
        apply("r", planned, with_)
    assert len(cloud.writes()) == made == raised.value.made
    assert str(raised.value).splitlines()[0] == says
    assert ("uncertain: tag ec2 i-0" in str(raised.value)) is (writes == 2)
    entries = at.journal.entries("r")
    expected = [[], [Status.PLANNED] * 2, [Status.STARTED, Status.PLANNED], [Status.DONE, Status.PLANNED]]
    assert [e.status for e in entries] == expected[writes]


def test_a_full_disk_lets_what_is_under_way_end_and_nothing_more_begin(desk: Sit) -> None:
    """Eight batches side by side: each that was made is told, as uncertain where the journal could not record it."""
    cloud = herd(20)
    planned = [
        Planned("p", 0, change("reboot", f"i-{n}", Call("ec2", "RebootInstances", {"InstanceIds": [f"i-{n}"]}, SCOPE)))
        for n in range(20)
    ]
    at = desk(cloud)
    at.journal.begin(RunRecord("r", "run", NOW, "test"))
    with_ = Application(lambda _: cloud, FullDisk(at, 12), Silent(), at.stop)  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailable) as raised:
        apply("r", planned, with_)
    made = len(cloud.writes())
    ends = [o.status for o in raised.value.outcomes]
    assert raised.value.made == made == ends.count(Status.DONE) + ends.count(Status.UNCERTAIN)
    assert 0 < made < 20
    assert len(ends) == 20
    begun = [e.status for e in at.journal.entries("r") if e.status is not Status.PLANNED]
    assert len(begun) == made


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


REBOOT = Call("ec2", "RebootInstances", {"InstanceIds": ["i-0"]}, SCOPE)
STOP_IT = Call("ec2", "StopInstances", {"InstanceIds": ["i-0"]}, SCOPE)
HELD_BY_FIRST = held_by("run-1", 1)


def settling(*ends: Status) -> Settle:
    """A reader of AWS that finds these in turn."""
    left = list(ends)

    def settle(entries: Sequence[Entry]) -> list[tuple[Entry, Status, str]]:
        assert all(entry.started is not None for entry in entries)
        return [(entry, left.pop(0), "as AWS shows it") for entry in entries]

    return settle


def applied(at: Desk, planned: Sequence[Planned], **more: Any) -> tuple[list[Entry], list[Outcome]]:
    """As `Desk.make` with more of what applying needs."""
    at.number += 1
    at.journal.begin(RunRecord(f"run-{at.number}", "run", NOW, "test"))
    with_ = Application(lambda _: at.cloud, at.journal, at.observer, at.stop, **more)
    outcomes = apply(f"run-{at.number}", planned, with_)
    at.journal.end(f"run-{at.number}", "done", NOW, {})
    return at.journal.entries(f"run-{at.number}"), outcomes


@pytest.mark.parametrize(
    ("seen", "first", "others"),
    [
        (Status.DONE, Status.DONE, [Status.DONE, Status.DONE]),
        (Status.FAILED, Status.FAILED, [Status.SKIPPED, Status.DONE]),
        (Status.UNCERTAIN, Status.UNCERTAIN, [Status.SKIPPED, Status.SKIPPED]),
        (None, Status.UNCERTAIN, [Status.SKIPPED, Status.SKIPPED]),
    ],
)
def test_a_lost_answer_is_looked_up_before_the_next_action(
    seen: Status | None, first: Status, others: list[Status], desk: Sit
) -> None:
    """Seen: the policy goes on. Seen not: its later actions do not. Not seen: no policy's action is made on it."""
    at = desk(herd(1))
    at.cloud.breaks_after = lambda call: lost(call) if call.operation == "RebootInstances" else None
    planned = [
        Planned("p", 0, change("reboot", "i-0", REBOOT)),
        Planned("p", 1, change("stop", "i-0", STOP_IT)),
        Planned("q", 0, change("stop", "i-0", STOP_IT)),
    ]
    entries, outcomes = applied(at, planned, settle=settling(seen) if seen else None)
    assert [o.status for o in outcomes] == [first, *others] == [e.status for e in entries]
    assert at.cloud.writes().count("RebootInstances") == 1
    if first is Status.UNCERTAIN:
        assert {e.reason for e in entries[1:]} == {HELD_BY_FIRST}


@pytest.mark.parametrize(
    ("seen", "ends", "says"),
    [
        (Status.DONE, Status.FAILED, "as AWS shows it: ec2:RebootInstances had been made; not made: ec2:StopInstances"),
        (
            Status.FAILED,
            Status.FAILED,
            "as AWS shows it; ec2:RebootInstances itself may have been made; not made: ec2:StopInstances",
        ),
        (Status.UNCERTAIN, Status.UNCERTAIN, "as AWS shows it; not made: ec2:StopInstances"),
    ],
)
def test_a_lost_answer_to_the_first_of_two_calls_never_ends_as_done(
    seen: Status, ends: Status, says: str, desk: Sit
) -> None:
    """The second call was not made; what is looked up is the change without it."""
    at = desk(herd(1))
    at.cloud.breaks_after = lambda call: lost(call) if call.operation == "RebootInstances" else None
    asked: list[Entry] = []

    def settle(entries: Sequence[Entry]) -> list[tuple[Entry, Status, str]]:
        asked.extend(entries)
        return settling(seen)(entries)  # type: ignore[return-value]

    both = change("both", "i-0", REBOOT, STOP_IT, unseen=(1, 0))
    (entry,), (outcome,) = applied(at, [Planned("p", 0, both)], settle=settle)
    assert [(e.change.calls, e.change.unseen) for e in asked] == [((REBOOT,), (0, 0))]
    assert (outcome.status, outcome.change) == (ends, both)
    assert outcome.reason.endswith(says)
    assert (entry.status, entry.change) == (ends, both)


def test_what_stays_uncertain_holds_every_later_run(desk: Sit) -> None:
    """Whatever its policy; other resources go on."""
    at = desk(herd(2))
    at.cloud.breaks = lost
    applied(at, [Planned("p", 0, change("reboot", "i-0", REBOOT))])
    at.cloud.breaks = lambda call: None
    other = replace(STOP_IT, params={"InstanceIds": ["i-1"]})
    planned = [Planned("q", 0, change("stop", "i-0", STOP_IT)), Planned("q", 0, change("stop", "i-1", other))]
    _, outcomes = applied(at, planned)
    assert [(o.status, o.reason) for o in outcomes] == [(Status.SKIPPED, HELD_BY_FIRST), (Status.DONE, "")]
    at.journal.settle("run-1", 1, Status.FAILED, "a person")
    _, outcomes = applied(at, planned[:1])
    assert [o.status for o in outcomes] == [Status.DONE]


@pytest.mark.parametrize(("seen", "expected"), [(Status.DONE, Status.DONE), (Status.FAILED, Status.FAILED),
                                                (Status.UNCERTAIN, Status.FAILED)])  # fmt: skip
def test_not_found_after_a_deletion_is_looked_up(seen: Status, expected: Status, desk: Sit) -> None:
    """Gone is what was wanted; where it is not seen to be gone, AWS's refusal stands."""
    at = desk(herd(1))
    at.cloud.breaks = lambda call: refused(call, "InvalidInstanceID.NotFound", FailureKind.GONE)
    gone = change("terminate", "i-0", REBOOT, done=Check(gone=True))
    entries, (outcome,) = applied(at, [Planned("p", 0, gone)], settle=settling(seen))
    assert (outcome.status, entries[0].status) == (expected, expected)


def test_a_resource_of_another_run_is_left_to_it(desk: Sit) -> None:
    """Being changed, or changed since this run read it."""
    at = desk(herd(1))
    since = at.journal.touched()
    planned = [Planned("p", 0, change("reboot", "i-0", REBOOT))]
    at.journal.begin(RunRecord("other", "run", NOW, "test"))
    entries = at.journal.intend("other", [("q", planned[0].change)])
    _, (outcome,) = applied(at, planned, since=since)
    assert (outcome.status, outcome.reason) == (Status.SKIPPED, "being changed by run other")
    at.journal.started(entries)
    at.journal.closed(entries, Status.DONE, {})
    at.journal.end("other", "done", NOW, {})
    _, (outcome,) = applied(at, planned, since=since)
    assert (outcome.status, outcome.reason) == (Status.SKIPPED, "changed by run other after this run read it")
    assert at.cloud.writes() == []
    _, (outcome,) = applied(at, planned, since=at.journal.touched())
    assert outcome.status is Status.DONE


def test_every_change_is_told_once(desk: Sit) -> None:
    """Also one that was uncertain first, and one that another run has."""
    at = desk(herd(3))
    at.cloud.breaks = lambda call: lost(call) if call.operation == "CreateTags" else None
    planned = intent(at.cloud, POLICY).planned
    for ends in ((Status.DONE,) * 3, (Status.UNCERTAIN,) * 3):
        at.observer.outcomes.clear()
        _, outcomes = applied(at, planned, settle=settling(*ends))
        told = at.observer.outcomes
        assert sorted((o.change.ref.id, o.change.action, o.status) for o in told) == sorted(
            (o.change.ref.id, o.change.action, o.status) for o in outcomes
        )


def test_each_batch_has_tokens_of_its_own(desk: Sit) -> None:
    """Equal for the same changes of a run; different when a batch is tried one by one."""
    at = desk(herd(3))
    planned = intent(at.cloud, {"resource": "ec2", "actions": [TAG]}).planned
    del at.cloud.instances["i-1"]
    at.make(planned)
    assert len(at.cloud.tokens) == 4
    assert len(set(at.cloud.tokens)) == 4


def test_a_creation_carries_its_mark(desk: Sit) -> None:
    """The call that is made, not the one in the journal."""
    at = desk(herd(1))
    read = Call("ec2", "DescribeTags", {}, SCOPE)
    call = replace(
        STOP_IT, operation="CreateTags", params={"Resources": ["i-0"], "Tags": []}, mark=Mark(read, "T", to="Text")
    )
    entries, _ = at.make([Planned("p", 0, change("x", "i-0", call))])
    assert [c.params["Text"] for c in at.cloud.calls] == ["(change run-1/1)"]
    assert "Text" not in entries[0].change.calls[0].params
