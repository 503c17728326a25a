"""Changes whose answer was lost: told from the resource as it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from engine.executor.fresh import read_again
from engine.executor.intent import Intent, Planned
from engine.executor.item import Item
from engine.executor.reconcile import ended, leave_out, reconcile
from engine.model.call import Call, Mark
from engine.model.change import Check, Status
from engine.model.errors import CallFailed
from engine.model.json import Json
from engine.model.resource import Resource
from engine.plugin.discover import catalog
from engine.plugin.journal import Entry

from .cloud import NOW, SCOPE, Cloud, Desk, change, intent, lost, refused

TAG: Json = {"type": "tag", "key": "Idle", "value": "true"}
Sit = Callable[[Cloud], Desk]
TYPES = catalog().provider.type


def settled(desk: Desk, entries: Sequence[Entry], accounts: bool = True) -> list[tuple[Status, str]]:
    """How they are closed."""
    connections = {"123456789012": desk.cloud.connection} if accounts else {}
    reconcile(desk.journal, entries, connections, catalog().provider.type, NOW)
    return [(e.status, e.reason) for e in desk.journal.entries(entries[0].run)]


def uncertain(desk: Desk, *written: dict[str, Json], carried_out: bool) -> list[Entry]:
    """Entries of a run whose every answer was lost."""
    planned = intent(desk.cloud, *written).planned
    if carried_out:
        desk.cloud.breaks_after = lost
    else:
        desk.cloud.breaks = lost
    entries, _ = desk.make(planned)
    desk.cloud.breaks = desk.cloud.breaks_after = lambda call: None
    assert {e.status for e in entries} == {Status.UNCERTAIN}
    return entries


def test_what_is_seen_was_made(desk: Sit) -> None:
    """The tag is there."""
    at = desk(Cloud().instance("i-0").instance("i-1"))
    entries = uncertain(at, {"resource": "ec2", "actions": [TAG]}, carried_out=True)
    assert settled(at, entries) == [(Status.DONE, "seen by reading it again")] * 2


def test_calls_that_nothing_shows_are_not_taken_for_made(desk: Sit) -> None:
    """The tag is there; whether the reboot after it was made cannot be seen."""
    at = desk(Cloud().instance("i-0"))
    (tagged,) = intent(at.cloud, {"resource": "ec2", "actions": [TAG]}).planned
    reboot = Call("ec2", "RebootInstances", {"InstanceIds": ["i-0"]}, SCOPE)
    both = replace(tagged.change, calls=(*tagged.change.calls, reboot), batching=None, unseen=(1, 0))
    at.cloud.breaks_after = lambda call: lost(call) if call.operation == "RebootInstances" else None
    entries, _ = at.make([Planned("p", 0, both)])
    text = "it was made in part at least; ec2:RebootInstances cannot be seen from outside"
    assert settled(at, entries) == [(Status.UNCERTAIN, text)]


def test_what_is_as_before_was_not_made(desk: Sit) -> None:
    """The tag is not there."""
    at = desk(Cloud().instance("i-0", Owner="ana"))
    entries = uncertain(at, {"resource": "ec2", "actions": [TAG]}, carried_out=False)
    assert settled(at, entries) == [(Status.FAILED, "it was not made: the resource is as it was before")]


def test_a_tag_facet_is_read_again(desk: Sit) -> None:
    """A bucket's listing does not carry its tags."""
    at = desk(Cloud(buckets={"b": {}}))
    entries = uncertain(at, {"resource": "s3", "actions": [TAG]}, carried_out=True)
    assert settled(at, entries)[0][0] is Status.DONE


def test_what_is_neither_stays_uncertain(desk: Sit) -> None:
    """Somebody else was there."""
    at = desk(Cloud().instance("i-0"))
    entries = uncertain(at, {"resource": "ec2", "actions": [TAG]}, carried_out=False)
    at.cloud.instances["i-0"]["tags"]["Idle"] = "other"
    assert settled(at, entries)[0][0] is Status.UNCERTAIN


def test_what_is_gone(desk: Sit) -> None:
    """A tag on it cannot be told; the others of the scope are."""
    at = desk(Cloud().instance("i-0").instance("i-1"))
    entries = uncertain(at, {"resource": "ec2", "actions": [TAG]}, carried_out=True)
    del at.cloud.instances["i-0"]
    assert [status for status, _ in settled(at, entries)] == [Status.UNCERTAIN, Status.DONE]


def test_what_cannot_be_seen_from_outside(desk: Sit) -> None:
    """A change without a trace on the resource."""
    at = desk(Cloud().instance("i-0"))
    at.cloud.breaks = lost
    call = Call("ec2", "RebootInstances", {"InstanceIds": ["i-0"]}, SCOPE)
    entries, _ = at.make([Planned("p", 0, change("reboot", "i-0", call))])
    at.cloud.breaks = lambda call: None
    assert settled(at, entries) == [(Status.UNCERTAIN, "what it changes cannot be seen from outside")]


def test_no_credentials_and_no_answer(desk: Sit) -> None:
    """Stays uncertain, and says why."""
    at = desk(Cloud().instance("i-0"))
    entries = uncertain(at, {"resource": "ec2", "actions": [TAG]}, carried_out=True)
    assert settled(at, entries, accounts=False) == [(Status.UNCERTAIN, "no credentials for account 123456789012")]

    def broken(call: Call) -> CallFailed:
        return refused(call)

    at.cloud.breaks = broken
    ((status, reason),) = settled(at, entries)
    assert status is Status.UNCERTAIN
    assert "UnauthorizedOperation" in reason
    at.cloud.breaks = lambda call: None
    assert settled(at, entries)[0][0] is Status.DONE


def test_a_fact_that_cannot_be_read_does_not_settle_it_wrongly(desk: Sit) -> None:
    """The bucket is listed, its tags are refused: neither DONE nor "as it was before"."""
    at = desk(Cloud(buckets={"b": {}}))
    entries = uncertain(at, {"resource": "s3", "actions": [TAG]}, carried_out=True)
    at.cloud.breaks = lambda call: refused(call) if call.operation in ("GetResources", "GetBucketTagging") else None
    assert settled(at, entries)[0][0] is Status.UNCERTAIN


READ = Call("ec2", "DescribeSnapshots", {"Value": "{mark}"}, SCOPE)
SNAPSHOT = Call("ec2", "CreateSnapshot", {}, SCOPE, mark=Mark(READ, "Snapshots", to="Text"))
COPY = Call("ec2", "CopySnapshot", {}, SCOPE, mark=Mark(READ, "Snapshots", to="Text"))
REBOOT = Call("ec2", "RebootInstances", {}, SCOPE)
FULL = replace(
    SNAPSHOT,
    params={"Tags": [{"Key": str(n), "Value": ""} for n in range(50)]},
    mark=Mark(READ, "Snapshots", to="Tags", form="pairs"),
)
JUST, LONG_AGO = NOW - timedelta(seconds=59), NOW - timedelta(seconds=61)


@pytest.mark.parametrize(
    ("calls", "there", "started", "expected"),
    [
        ((SNAPSHOT,), {"r/7"}, JUST, Status.DONE),
        ((SNAPSHOT,), {"r/7"}, None, Status.DONE),
        ((SNAPSHOT,), set(), JUST, Status.UNCERTAIN),  # the request may still be on its way
        ((SNAPSHOT,), set(), LONG_AGO, Status.FAILED),
        ((SNAPSHOT,), {"r/8"}, LONG_AGO, Status.FAILED),  # another change's
        ((SNAPSHOT,), set(), None, Status.UNCERTAIN),
        ((SNAPSHOT, COPY), {"r/7", "r/7-2"}, LONG_AGO, Status.DONE),
        ((SNAPSHOT, COPY), {"r/7"}, LONG_AGO, Status.UNCERTAIN),
        ((SNAPSHOT, COPY), set(), LONG_AGO, Status.FAILED),
        ((SNAPSHOT, REBOOT), {"r/7"}, LONG_AGO, Status.UNCERTAIN),  # whether the second was made shows nowhere
        ((SNAPSHOT, REBOOT), set(), LONG_AGO, Status.FAILED),  # calls are made in their order
        ((REBOOT, SNAPSHOT), set(), LONG_AGO, Status.UNCERTAIN),
        ((FULL,), set(), LONG_AGO, Status.UNCERTAIN),  # the mark did not fit
        ((REBOOT,), set(), LONG_AGO, Status.UNCERTAIN),
    ],
)
def test_a_creation_is_settled_by_its_marks(
    calls: tuple[Call, ...], there: set[str], started: datetime | None, expected: Status
) -> None:
    """Seen at once; not seen only when its request cannot be on its way any more."""

    class Door:
        def pages(self, call: Call) -> Iterator[Json]:
            mark = call.params["Value"].removeprefix("(change ").removesuffix(")")
            yield {"Snapshots": [mark] if mark in there else []}

    entry = Entry("r", 7, "p", change("snapshot", "i-0", *calls), Status.STARTED, "", started)
    status, reason = ended(entry, Item(Resource(entry.change.ref, {}), catalog().provider.type("ec2")), Door(), NOW)  # type: ignore[arg-type]
    assert (status, bool(reason)) == (expected, True)


def test_marks_that_cannot_be_read_settle_nothing() -> None:
    """A denied listing is no absence."""

    class Door:
        def pages(self, call: Call) -> Iterator[Json]:
            raise refused(call)

    entry = Entry("r", 7, "p", change("snapshot", "i-0", SNAPSHOT), Status.STARTED, "", LONG_AGO)
    status, reason = ended(entry, None, Door(), NOW)  # type: ignore[arg-type]
    assert status is Status.UNCERTAIN
    assert "UnauthorizedOperation" in reason


def test_what_is_left_out_of_an_intent() -> None:
    """Held resources whole; of those made already only what does not show on the resource."""
    first, tag = change("reboot", "i-0", REBOOT), change("tag", "i-0", REBOOT, after={"tag:A": "b"})
    other = change("reboot", "i-1", REBOOT)
    wanted = Intent([Planned("p", 0, first), Planned("p", 1, tag), Planned("p", 0, other)])
    made = [Entry("r", 1, "p", each, Status.DONE) for each in (first, tag)]
    left = leave_out(wanted, made, {})
    assert [p.change for p in left.planned] == [tag, other]
    assert [s.reason for _, s in left.skipped] == ["made already by run r, which was cut short"]
    held = leave_out(wanted, [], {first.ref: "held"})
    assert ([p.change for p in held.planned], len(held.skipped)) == ([other], 2)


@pytest.mark.parametrize(
    ("after", "expected"), [(timedelta(seconds=10), Status.UNCERTAIN), (timedelta(seconds=61), Status.FAILED)]
)
def test_what_is_still_there_a_minute_later_was_not_deleted(after: timedelta, expected: Status) -> None:
    """Before that, its deletion may not show yet."""
    terminate = Call("ec2", "TerminateInstances", {"InstanceIds": ["i-0"]}, SCOPE)
    gone = change("terminate", "i-0", terminate, before={"exists": True}, done=Check(gone=True))
    entry = Entry("run-1", 1, "p", gone, Status.UNCERTAIN, started=NOW)
    cloud = Cloud().instance("i-0")
    there = read_again(cloud.connection, TYPES("ec2"), SCOPE, [gone], TYPES, NOW)["i-0"]
    assert ended(entry, there, cloud, NOW + after)[0] is expected
    assert ended(entry, None, cloud, NOW)[0] is Status.DONE
