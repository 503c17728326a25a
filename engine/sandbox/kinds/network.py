"""Networks and what hangs in them: subnets, security groups, interfaces, elastic addresses, NAT gateways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from engine.sandbox.kinds.kind import Kind, Names
from engine.sandbox.series import Series
from engine.sandbox.site import Site, tag_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """A subnet of a network: `zone` is the letter of its availability zone."""

    called: ClassVar[str] = "a subnet"

    name: str
    cidr: str
    zone: str = "a"
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Network(Kind):
    """A VPC with its subnets and, if one of them is public, an internet gateway."""

    called: ClassVar[str] = "a network"

    cidr: str = "10.0.0.0/16"
    subnets: tuple[Subnet, ...] = ()

    def build(self, site: Site) -> None:
        ec2 = site.client("ec2", self)
        vpc = ec2.create_vpc(CidrBlock=self.cidr, TagSpecifications=named("vpc", self.name, self.tags))["Vpc"]["VpcId"]
        site.remember("networks", self.name, vpc)
        for subnet in self.subnets:
            made = ec2.create_subnet(
                VpcId=vpc,
                CidrBlock=subnet.cidr,
                AvailabilityZone=site.region(self) + subnet.zone,
                TagSpecifications=named("subnet", subnet.name, self.tags),
            )["Subnet"]["SubnetId"]
            site.remember("subnets", subnet.name, made)
            if subnet.public:
                ec2.modify_subnet_attribute(SubnetId=made, MapPublicIpOnLaunch={"Value": True})
        if any(subnet.public for subnet in self.subnets):
            tags = named("internet-gateway", self.name, self.tags)
            gateway = ec2.create_internet_gateway(TagSpecifications=tags)["InternetGateway"]["InternetGatewayId"]
            ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingress:
    """A rule of a security group that lets traffic in. `port` 0 with protocol -1 is everything."""

    called: ClassVar[str] = "an ingress rule"

    port: int
    cidr: str
    protocol: str = "tcp"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup(Kind):
    """A security group, in a network of the world or in the region's default one."""

    called: ClassVar[str] = "a security group"

    about: str = "made by the sandbox"
    network: Annotated[str, Names("networks")] | None = None
    ingress: tuple[Ingress, ...] = ()

    def build(self, site: Site) -> None:
        ec2 = site.client("ec2", self)
        place: dict[str, Any] = {"VpcId": site.recall("networks", self.network)} if self.network else {}
        made = ec2.create_security_group(
            GroupName=self.name,
            Description=self.about,
            TagSpecifications=named("security-group", self.name, self.tags),
            **place,
        )["GroupId"]
        site.remember("security_groups", self.name, made)
        if self.ingress:
            rules = [
                {
                    "IpProtocol": rule.protocol,
                    "IpRanges": [{"CidrIp": rule.cidr}],
                    **({} if rule.protocol == "-1" else {"FromPort": rule.port, "ToPort": rule.port}),
                }
                for rule in self.ingress
            ]
            ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface(Kind):
    """A network interface of its own, attached to nothing unless `attached_to` names an instance."""

    called: ClassVar[str] = "an interface"

    subnet: Annotated[str, Names("subnets")] | None = None
    attached_to: Annotated[str, Names("instances")] | None = None

    def build(self, site: Site) -> None:
        ec2 = site.client("ec2", self)
        made = ec2.create_network_interface(
            SubnetId=subnet_of(site, self, self.subnet),
            Description=self.name,
            TagSpecifications=named("network-interface", self.name, self.tags),
        )["NetworkInterface"]["NetworkInterfaceId"]
        if self.attached_to:
            instance = site.recall("instances", self.attached_to)
            ec2.attach_network_interface(NetworkInterfaceId=made, InstanceId=instance, DeviceIndex=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(Kind):
    """An elastic IP address; unused unless `attached_to` names an instance."""

    called: ClassVar[str] = "an address"

    attached_to: Annotated[str, Names("instances")] | None = None

    def build(self, site: Site) -> None:
        ec2 = site.client("ec2", self)
        tags = named("elastic-ip", self.name, self.tags)
        made = ec2.allocate_address(Domain="vpc", TagSpecifications=tags)["AllocationId"]
        if self.attached_to:
            ec2.associate_address(AllocationId=made, InstanceId=site.recall("instances", self.attached_to))


@dataclass(frozen=True, slots=True, kw_only=True)
class NatGateway(Kind):
    """A NAT gateway with an address of its own.

    Units:    bytes_out in bytes an hour.
    """

    called: ClassVar[str] = "a NAT gateway"

    subnet: Annotated[str, Names("subnets")] | None = None
    bytes_out: Series | None = None

    def build(self, site: Site) -> None:
        ec2 = site.client("ec2", self)
        address = ec2.allocate_address(Domain="vpc", TagSpecifications=named("elastic-ip", self.name, self.tags))
        made = ec2.create_nat_gateway(
            SubnetId=subnet_of(site, self, self.subnet),
            AllocationId=address["AllocationId"],
            TagSpecifications=named("natgateway", self.name, self.tags),
        )["NatGateway"]["NatGatewayId"]
        gateway = site.backend("ec2", self).nat_gateways[made]
        site.backdate(gateway, self.age, "_created_at")
        # Moto makes its interface as if nothing used it; a policy on unused interfaces would find it.
        for attribute, value in (("status", "in-use"), ("interface_type", "nat_gateway"), ("requester_managed", True)):
            site.overwrite(gateway._eni, attribute, value)
        site.overwrite(gateway._eni, "description", f"Interface for NAT Gateway {made}")
        site.record(self, "AWS/NATGateway", {"NatGatewayId": made}, {"BytesOutToDestination": self.bytes_out})


def named(resource: str, name: str, tags: dict[str, str]) -> list[dict[str, Any]]:
    """EC2's TagSpecifications for one resource type. The name is its Name tag, unless it has no tag at all."""
    every = {"Name": name, **tags} if tags else {}
    return [{"ResourceType": resource, "Tags": tag_list(every)}] if every else []


def subnet_of(site: Site, thing: Kind, name: str | None) -> str:
    """The id of the subnet of that name, or of a subnet of the region's default network."""
    if name is not None:
        return str(site.recall("subnets", name))
    default = [{"Name": "default-for-az", "Values": ["true"]}]
    return str(site.client("ec2", thing).describe_subnets(Filters=default)["Subnets"][0]["SubnetId"])
