"""EBS volumes and snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from engine.sandbox.kinds.kind import Kind, Names
from engine.sandbox.kinds.network import named
from engine.sandbox.series import Series
from engine.sandbox.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume(Kind):
    """An EBS volume, free unless `attached_to` names an instance.

    Units:    size in GiB; reads and writes in operations an hour.
    """

    called: ClassVar[str] = "a volume"

    size: int = 8
    type: Literal["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"] = "gp3"
    iops: int | None = None
    zone: str = "a"
    encrypted: bool = False
    attached_to: Annotated[str, Names("instances")] | None = None
    device: str = "/dev/sdf"
    reads: Series | None = None
    writes: Series | None = None

    def build(self, site: Site) -> None:
        ec2 = site.client("ec2", self)
        extra: dict[str, Any] = {"Iops": self.iops} if self.iops else {}
        made = ec2.create_volume(
            AvailabilityZone=site.region(self) + self.zone,
            Size=self.size,
            VolumeType=self.type,
            Encrypted=self.encrypted,
            TagSpecifications=named("volume", self.name, self.tags),
            **extra,
        )["VolumeId"]
        site.remember("volumes", self.name, made)
        volume = site.backend("ec2", self).get_volume(made)
        site.backdate(volume, self.age, "create_time")
        if self.attached_to:
            instance = site.recall("instances", self.attached_to)
            ec2.attach_volume(VolumeId=made, InstanceId=instance, Device=self.device)
            site.backdate(volume.attachment, self.age, "attach_time")
        metrics = {"VolumeReadOps": self.reads, "VolumeWriteOps": self.writes}
        site.record(self, "AWS/EBS", {"VolumeId": made}, metrics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot(Kind):
    """A snapshot, of a volume of the world or of one of `size` GiB that is gone since."""

    called: ClassVar[str] = "a snapshot"

    volume: Annotated[str, Names("volumes")] | None = None
    size: int = 8
    encrypted: bool = False
    public: bool = False

    def build(self, site: Site) -> None:
        ec2 = site.client("ec2", self)
        if self.volume:
            source = site.recall("volumes", self.volume)
        else:
            zone = site.region(self) + "a"
            source = ec2.create_volume(AvailabilityZone=zone, Size=self.size, Encrypted=self.encrypted)["VolumeId"]
        made = ec2.create_snapshot(
            VolumeId=source, Description=self.name, TagSpecifications=named("snapshot", self.name, self.tags)
        )["SnapshotId"]
        if self.volume is None:
            ec2.delete_volume(VolumeId=source)
        if self.public:
            ec2.modify_snapshot_attribute(
                SnapshotId=made, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"]
            )
        site.backdate(site.backend("ec2", self).snapshots[made], self.age, "start_time")
