"""Changes whose answer was lost: told from the resource as it is now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.executor.fresh import read_again
from engine.executor.intent import Planned
from engine.executor.reconcile import ended, reconcile
from engine.model.call import Call
from engine.model.change import Check, Status
from engine.model.errors import CallFailed
from engine.model.json import Json
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
