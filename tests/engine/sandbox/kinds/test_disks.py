"""Volumes and snapshots with every option."""

from __future__ import annotations

from collections.abc import Callable

from .conftest import See


def test_a_free_volume(see: See) -> None:
    path = "Volumes[?Iops==`500`].[Size, VolumeType, Encrypted, AvailabilityZone, State, sort(Tags[].Key)]"
    assert see("ec2", "describe_volumes", path) == [[100, "io1", True, "us-east-1b", "available", ["Name", "Team"]]]


def test_a_held_volume(see: See, ids: dict[str, str], measured: Callable[[str, str], set[str]]) -> None:
    path = "Volumes[?Attachments[0].Device=='/dev/sdh'] | [0].[State, Attachments[0].InstanceId, VolumeId]"
    state, instance, id = see("ec2", "describe_volumes", path)
    assert (state, instance) == ("in-use", ids["two"])
    assert measured("AWS/EBS", id) == {"VolumeReadOps", "VolumeWriteOps"}


def test_snapshots(see: See) -> None:
    """One of a volume that is gone since, for everybody; one of a volume that is there."""
    fast = see("ec2", "describe_volumes", "Volumes[?Iops==`500`].VolumeId | [0]")
    path = "Snapshots[?Description=='{}'] | [0].[SnapshotId, VolumeId, VolumeSize, Encrypted]"
    own = {"OwnerIds": ["self"]}
    public, gone, *rest = see("ec2", "describe_snapshots", path.format("open"), **own)
    private, there, *other = see("ec2", "describe_snapshots", path.format("of-fast"), **own)
    assert (rest, other, there) == ([20, True], [100, True], fast)
    assert see("ec2", "describe_volumes", f"Volumes[?VolumeId=='{gone}']") == []
    who = "CreateVolumePermissions[].Group"
    asked = [
        see("ec2", "describe_snapshot_attribute", who, SnapshotId=id, Attribute="createVolumePermission")
        for id in (public, private)
    ]
    assert asked == [["all"], []]
