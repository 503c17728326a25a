"""Instances, the images they start from, and groups that scale them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

from engine.sandbox.kinds.kind import Kind, Names
from engine.sandbox.kinds.network import named, subnet_of
from engine.sandbox.series import Series
from engine.sandbox.site import Site, tag_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Kind):
    """A machine image of our own, with the snapshot that registering one makes."""

    called: ClassVar[str] = "an image"

    public: bool = False

    def build(self, site: Site) -> None:
        ec2 = site.client("ec2", self)
        made = ec2.register_image(
            Name=self.name,
            Description=f"image of {self.name}",
            RootDeviceName="/dev/sda1",
            Architecture="x86_64",
            VirtualizationType="hvm",
        )["ImageId"]
        site.remember("images", self.name, made)
        if self.public:
            ec2.modify_image_attribute(ImageId=made, LaunchPermission={"Add": [{"Group": "all"}]})
        image = site.backend("ec2", self).amis[made]
        if self.tags:  # apart, for moto's RegisterImage leaves TagSpecifications aside
            ec2.create_tags(Resources=[made, image.ebs_snapshot.id], Tags=tag_list({"Name": self.name, **self.tags}))
        site.backdate(image, self.age, "creation_date")
        site.backdate(image.ebs_snapshot, self.age, "start_time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance(Kind):
    """A virtual machine with its root disk. `stopped` is how long ago somebody stopped it.

    Units:    cpu in percent; network_in and network_out in bytes an hour; disk in GiB.
    """

    called: ClassVar[str] = "an instance"

    type: str = "t3.micro"
    image: Annotated[str, Names("images")] | None = None
    subnet: Annotated[str, Names("subnets")] | None = None
    zone: str = "a"
    security_groups: tuple[Annotated[str, Names("security_groups")], ...] = ()
    role: Annotated[str, Names("roles")] | None = None
    disk: int = 8
    disk_type: Literal["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"] = "gp3"
    disk_encrypted: bool = False
    public: bool = False
    monitoring: bool = False
    imdsv2: bool = False
    protected: bool = False
    stopped: timedelta | None = None
    cpu: Series | None = None
    network_in: Series | None = None
    network_out: Series | None = None

    def build(self, site: Site) -> None:
        ec2 = site.client("ec2", self)
        made = ec2.run_instances(**self._launch(site))["Instances"][0]["InstanceId"]
        site.remember("instances", self.name, made)
        if self.protected:  # apart, for moto's RunInstances leaves DisableApiTermination aside
            ec2.modify_instance_attribute(InstanceId=made, DisableApiTermination={"Value": True})
        if self.stopped is not None:
            ec2.stop_instances(InstanceIds=[made])
        instance = site.backend("ec2", self).get_instance(made)
        if not instance.security_groups:  # moto tells the groups of an interface on the interface alone, AWS on both
            site.overwrite(instance, "security_groups", list(instance.nics[0].group_set))
        self._age(site, made)
        metrics = {"CPUUtilization": self.cpu, "NetworkIn": self.network_in, "NetworkOut": self.network_out}
        site.record(self, "AWS/EC2", {"InstanceId": made}, metrics)

    def _launch(self, site: Site) -> dict[str, Any]:
        disk = {"VolumeSize": self.disk, "VolumeType": self.disk_type, "Encrypted": self.disk_encrypted}
        # Marks and schedules are put on an instance later, so its disk, tagged at launch, does not carry them.
        first = {key: value for key, value in self.tags.items() if not key.startswith("maid_")}
        tags = named("instance", self.name, self.tags) + named("volume", self.name, first)
        launch: dict[str, Any] = {
            "ImageId": site.recall("images", self.image) if self.image else "ami-0123456789abcdef0",
            "InstanceType": self.type,
            "MinCount": 1,
            "MaxCount": 1,
            "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": {**disk, "DeleteOnTermination": True}}],
            "Monitoring": {"Enabled": self.monitoring},
            "MetadataOptions": {"HttpTokens": "required" if self.imdsv2 else "optional", "HttpEndpoint": "enabled"},
            "TagSpecifications": tags,
        }
        groups = [site.recall("security_groups", group) for group in self.security_groups]
        if self.public:
            place = {"DeviceIndex": 0, "SubnetId": subnet_of(site, self, self.subnet), "AssociatePublicIpAddress": True}
            launch["NetworkInterfaces"] = [{**place, "Groups": groups} if groups else place]
        else:
            launch["Placement"] = {"AvailabilityZone": site.region(self) + self.zone}
            launch |= {"SecurityGroupIds": groups} if groups else {}
            launch |= {"SubnetId": subnet_of(site, self, self.subnet)} if self.subnet else {}
        if self.role:
            launch["IamInstanceProfile"] = {"Arn": _profile(site, self, self.role)}
        return launch

    def _age(self, site: Site, made: str) -> None:
        backend = site.backend("ec2", self)
        instance = backend.get_instance(made)
        site.backdate(instance, self.age, "launch_time")
        for attachment in instance.block_device_mapping.values():
            site.backdate(attachment, self.age, "attach_time")
            volume = backend.get_volume(attachment.volume_id)
            site.backdate(volume, self.age, "create_time")
            site.backdate(volume.attachment, self.age, "attach_time")
        for interface in instance.nics.values():
            site.backdate(interface, self.age, "attach_time")
        if self.stopped is not None:
            moment = site.ago(self.stopped).strftime("%Y-%m-%d %H:%M:%S GMT")
            site.overwrite(instance, "_reason", f"User initiated ({moment})")


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoScalingGroup(Kind):
    """A group that scales instances of one launch template, which is made with it and has its name."""

    called: ClassVar[str] = "an auto scaling group"

    type: str = "t3.micro"
    image: Annotated[str, Names("images")] | None = None
    zone: str = "a"
    min: int = 0
    max: int = 0
    desired: int = 0

    def build(self, site: Site) -> None:
        image = site.recall("images", self.image) if self.image else "ami-0123456789abcdef0"
        template = site.client("ec2", self).create_launch_template(
            LaunchTemplateName=self.name,
            LaunchTemplateData={"ImageId": image, "InstanceType": self.type},
            TagSpecifications=named("launch-template", self.name, self.tags),
        )["LaunchTemplate"]
        site.client("autoscaling", self).create_auto_scaling_group(
            AutoScalingGroupName=self.name,
            LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"], "Version": "$Latest"},
            MinSize=self.min,
            MaxSize=self.max,
            DesiredCapacity=self.desired,
            AvailabilityZones=[site.region(self) + self.zone],
            Tags=[{**tag, "PropagateAtLaunch": True} for tag in tag_list(self.tags)],
        )
        group = site.backend("autoscaling", self).autoscaling_groups[self.name]
        site.backdate(group, self.age, "created_time")
        for state in group.instance_states:
            site.backdate(state.instance, self.age, "launch_time")


def _profile(site: Site, thing: Kind, role: str) -> str:
    """The ARN of the instance profile that carries a role, made when first asked for."""
    iam = site.client("iam", thing)
    known = iam.list_instance_profiles_for_role(RoleName=role)["InstanceProfiles"]
    if known:
        return str(known[0]["Arn"])
    made = iam.create_instance_profile(InstanceProfileName=role)["InstanceProfile"]["Arn"]
    iam.add_role_to_instance_profile(InstanceProfileName=role, RoleName=role)
    return str(made)
