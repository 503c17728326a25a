"""Runs taken back: newest change first, only what was done, nothing that has changed since, and back again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from engine.cli.taking_back import read_now
from engine.executor.intent import Intent
from engine.executor.undo import inverse, inverses, undo_word
from engine.model.change import Status
from engine.model.codec import change_json, change_of_json
from engine.model.json import Json
from engine.plugin.journal import Entry

from .cloud import Cloud, Desk, intent

TAG: Json = {"type": "tag", "key": "Idle", "value": "true"}
SECOND: Json = {"type": "tag", "key": "Idle", "value": "very"}
Sit = Callable[[Cloud], Desk]


def back(cloud: Cloud, entries: Sequence[Entry], *, force: bool = False) -> Intent:
    """What `engine undo` would do now."""
    return inverses(entries, read_now(entries, {"123456789012": cloud.connection}), force=force)


def test_there_and_back_and_there_again(desk: Sit) -> None:
    """Undo restores; the undo of an undo is the run again."""
    cloud = Cloud().instance("i-0", Owner="ana").instance("i-1", Idle="old")
    at = desk(cloud)
    before = {id: dict(i["tags"]) for id, i in cloud.instances.items()}
    entries, _ = at.make(intent(cloud, {"resource": "ec2", "actions": [TAG, "stop"]}).planned)
    for instance in cloud.instances.values():
        instance["State"] = {"Name": "stopped"}
    after = {id: dict(i["tags"]) for id, i in cloud.instances.items()}
    first = back(cloud, entries)
    assert [p.change.action for p in first.planned] == ["undo stop", "undo stop", "undo tag", "undo tag"]
    assert [p.step for p in first.planned] == [0, 0, 1, 1]
    undone, outcomes = at.make(first.planned)
    assert {o.status for o in outcomes} == {Status.DONE}
    assert {id: i["tags"] for id, i in cloud.instances.items()} == before
    assert {i["State"]["Name"] for i in cloud.instances.values()} == {"pending"}
    second = back(cloud, undone)
    assert {p.change.action for p in second.planned} <= {"tag", "stop"}
    at.make([p for p in second.planned if p.change.action == "tag"])
    assert {id: i["tags"] for id, i in cloud.instances.items()} == after


def test_only_what_was_done(desk: Sit) -> None:
    """Failed, skipped and planned entries have nothing to take back."""
    cloud = Cloud().instance("i-0").instance("i-1")
    planned = intent(cloud, {"resource": "ec2", "actions": [TAG, "stop"]}).planned
    del cloud.instances["i-1"]
    entries, _ = desk(cloud).make(planned)
    found = back(cloud, entries)
    assert {p.change.ref.id for p in found.planned} == {"i-0"}
    assert found.skipped == []


def test_what_has_changed_since_is_left_alone_unless_forced(desk: Sit) -> None:
    """Somebody gave the tag another value."""
    cloud = Cloud().instance("i-0")
    entries, _ = desk(cloud).make(intent(cloud, {"resource": "ec2", "actions": [TAG]}).planned)
    cloud.instances["i-0"]["tags"]["Idle"] = "somebody else's"
    found = back(cloud, entries)
    assert found.planned == []
    assert "it has changed since" in found.skipped[0][1].reason
    assert len(back(cloud, entries, force=True).planned) == 1


def test_what_is_gone_is_left_alone(desk: Sit) -> None:
    """Even when forced."""
    cloud = Cloud().instance("i-0").instance("i-1")
    entries, _ = desk(cloud).make(intent(cloud, {"resource": "ec2", "actions": [TAG]}).planned)
    del cloud.instances["i-0"]
    found = back(cloud, entries, force=True)
    assert [p.change.ref.id for p in found.planned] == ["i-1"]
    assert found.skipped[0][1].reason == "the resource is gone"


def test_what_has_no_way_back_says_so(desk: Sit) -> None:
    """The record's own words."""
    cloud = Cloud().instance("i-0")
    entries, _ = desk(cloud).make(intent(cloud, {"resource": "ec2", "actions": ["terminate"]}).planned)
    found = back(cloud, entries)
    assert found.planned == []
    assert found.skipped[0][1].reason


def test_two_changes_of_one_tag_are_taken_back_one_after_the_other(desk: Sit) -> None:
    """The earlier one is held against what the tag will be then."""
    cloud = Cloud().instance("i-0", Idle="at first")
    at = desk(cloud)
    entries, _ = at.make(
        intent(cloud, {"resource": "ec2", "actions": [TAG]}, {"resource": "ec2", "actions": [SECOND]}).planned
    )
    assert cloud.instances["i-0"]["tags"] == {"Idle": "very"}
    found = back(cloud, entries)
    assert found.skipped == []
    at.make(found.planned)
    assert cloud.instances["i-0"]["tags"] == {"Idle": "at first"}


@pytest.mark.parametrize("force", [False, True])
def test_a_buckets_other_tags_survive_the_undo(desk: Sit, force: bool) -> None:
    """What somebody has tagged since is not in the set that the run remembers; it stays all the same."""
    cloud = Cloud(buckets={"b": {"Owner": "ana"}})
    at = desk(cloud)
    second: Json = {"type": "tag", "key": "Second", "value": "2"}
    entries, _ = at.make(intent(cloud, {"resource": "s3", "actions": [TAG, second]}).planned)
    cloud.buckets["b"] |= {"Since": "yesterday", "Owner": "bob"}
    undone, _ = at.make(back(cloud, entries, force=force).planned)
    assert cloud.buckets["b"] == {"Owner": "bob", "Since": "yesterday"}
    cloud.buckets["b"]["Later"] = "today"
    at.make(back(cloud, undone, force=force).planned)
    assert cloud.buckets["b"] == {"Owner": "bob", "Since": "yesterday", "Later": "today", "Idle": "true", "Second": "2"}


def test_inverses_merge_where_they_may(desk: Sit) -> None:
    """Thirty tags are taken back in two calls."""
    cloud = Cloud()
    for number in range(30):
        cloud.instance(f"i-{number}")
    at = desk(cloud)
    entries, _ = at.make(intent(cloud, {"resource": "ec2", "actions": [TAG]}).planned)
    cloud.calls.clear()
    at.make(back(cloud, entries).planned)
    assert cloud.writes() == ["DeleteTags"] * 2


def test_the_inverse_of_an_inverse_is_the_change() -> None:
    """Calls, before and after; and it travels through the journal."""
    cloud = Cloud().instance("i-0")
    (planned,) = intent(cloud, {"resource": "ec2", "actions": [TAG]}).planned
    change = replace(planned.change, unseen=(1, 2))
    assert inverse(change).unseen == (2, 1)
    again = inverse(inverse(change))
    assert (again.calls, again.before, again.after, again.inverse, again.unseen) == (
        change.calls, change.before, change.after, change.inverse, change.unseen,
    )  # fmt: skip
    assert again.action == change.action
    assert change_of_json(change_json(inverse(change))) == inverse(change)


def test_words() -> None:
    """An undo that is undone has its own name again."""
    assert undo_word("stop") == "undo stop"
    assert undo_word("undo stop") == "stop"
