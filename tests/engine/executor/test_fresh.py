"""Resources read again by id."""

from __future__ import annotations

import pytest

from engine.executor.fresh import drifted, happened, is_leaving, read_again, unread, value_at
from engine.executor.item import Item
from engine.model.call import Call
from engine.model.change import Check
from engine.model.errors import CallFailed
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.resource import Resource, ResourceRef
from engine.plugin.discover import catalog
from tests.actions.table import DENIED, item

from .cloud import NOW, SCOPE, Cloud, change, refused

TYPES = catalog().provider.type


def test_those_that_are_there() -> None:
    """A dangling id does not hide the others."""
    cloud = Cloud().instance("i-0").instance("i-1").instance("i-2")
    changes = [change("stop", id) for id in ("i-0", "i-1", "i-9")]
    assert set(read_again(cloud.connection, TYPES("ec2"), SCOPE, changes, TYPES, NOW)) == {"i-0", "i-1"}


def test_by_id_in_one_request() -> None:
    """No listing where the call takes ids."""
    cloud = Cloud().instance("i-0").instance("i-1")
    read_again(cloud.connection, TYPES("ec2"), SCOPE, [change("stop", "i-1")], TYPES, NOW)
    assert [call.params for call in cloud.calls] == [{"InstanceIds": ["i-1"]}]


def test_refusal_is_raised() -> None:
    """Not "they are all gone"."""
    cloud = Cloud().instance("i-0")
    cloud.breaks = refused
    with pytest.raises(CallFailed):
        read_again(cloud.connection, TYPES("ec2"), SCOPE, [change("stop", "i-0")], TYPES, NOW)


def test_drift() -> None:
    """Gone, different, unreadable, as it was."""
    wanted = change("tag", "i-1", before={"tag:A": None, "State.Name": "running"}, after={"tag:A": "1"})
    assert drifted(wanted, None) == "it is gone"
    assert drifted(wanted, item("ec2", {})) == ""
    assert drifted(wanted, item("ec2", {"A": "0"})) == "tag:A is '0' now, it was absent when this was planned"
    assert drifted(wanted, item("ec2", {"A": "0"}), {"State.Name": "running"}) == ""
    assert "tagging is denied" in drifted(wanted, item("lambda", DENIED))


def test_happened() -> None:
    """By the record's own sign, else by the values after; None where neither tells."""
    call = Call("ec2", "X", {}, SCOPE)
    there = item("ec2", {"A": "1"})
    assert happened(change("x", "i-1", call, done=Check("State.Name == 'running'")), there) is True
    assert happened(change("x", "i-1", call, done=Check("State.Name == 'stopped'")), there) is False
    assert happened(change("x", "i-1", call, done=Check(gone=True)), there) is False
    assert happened(change("x", "i-1", call, done=Check(gone=True)), None) is True
    expressed = Check("State.Name == 'terminated'", gone=True)
    assert happened(change("x", "i-1", call, done=expressed), there) is False
    assert happened(change("x", "i-1", call, after={"tag:A": "1"}), there) is True
    assert happened(change("x", "i-1", call, after={"tag:A": "2"}), there) is False
    assert happened(change("x", "i-1", call), there) is None
    assert happened(change("x", "i-1", call, after={"tag:A": "1"}), None) is None
    assert happened(change("x", "i-1", call, after={"tag:A": "1"}), item("lambda", DENIED)) is None


def test_unread() -> None:
    """Only what the change is about."""
    assert unread(change("x", "i-1", after={"tag:A": "1"}), item("lambda", DENIED)) == "tagging is denied"
    assert unread(change("x", "i-1", after={"Timeout": 1}), item("lambda", DENIED)) == ""
    assert unread(change("x", "i-1", after={"tag:A": "1"}), item("lambda", {})) == ""
    assert isinstance(DENIED, Failed)


def test_values() -> None:
    """Tags by name, anything else by path."""
    there = item("ec2", {"A.b": "1"})
    assert value_at("tag:A.b", there) == "1"
    assert value_at("State.Name", there) == "running"
    assert value_at("length(Tags)", there) == 1


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"State": "deleted"}, True),
        ({"State": {"Name": "shutting-down", "Code": 32}}, True),
        ({"State": {"Name": "terminated"}}, True),
        ({"Status": {"Code": "deleting"}}, True),
        ({"DBInstanceStatus": "deleting"}, True),
        ({"status": "DELETING"}, True),
        ({"KeyState": "PendingDeletion"}, True),
        ({"KeyState": "DELETE_PENDING"}, True),
        ({"StackStatus": "DELETE_IN_PROGRESS"}, True),
        ({"StackStatus": "DELETE_FAILED"}, False),
        ({"DeletionProtectionStatus": "enabled"}, False),
        ({"DeletedDate": "2026-11-20"}, True),
        ({"DeletionDate": None}, False),
        ({"State": "available"}, False),
        ({"State": {"Name": "running"}}, False),
        ({"State": None, "Statuses": ["deleting"]}, False),
        ({"Description": "deleting"}, False),
        ({}, False),
    ],
)
def test_a_resource_that_is_being_deleted(attributes: dict[str, Json], expected: bool) -> None:
    """What can still be read for a while counts as deleted, where it says so itself."""
    seen = Item(Resource(ResourceRef("ec2", SCOPE, "i-1"), attributes), TYPES("ec2"))
    assert is_leaving(seen) is expected
    assert happened(change("x", "i-1", done=Check(gone=True)), seen) is expected
