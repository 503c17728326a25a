"""Networks and what hangs in them, with every option."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.sandbox.kinds.network import named

from .conftest import See

OURS = "[?CidrBlock=='10.1.0.0/16'] | [0]"


def test_networks_and_their_subnets(see: See) -> None:
    vpc = see("ec2", "describe_vpcs", f"Vpcs{OURS}.VpcId")
    path = f"sort_by(Subnets[?VpcId=='{vpc}'], &CidrBlock)[].[CidrBlock, AvailabilityZone, MapPublicIpOnLaunch]"
    assert see("ec2", "describe_subnets", path) == [
        ["10.1.0.0/24", "us-east-1b", True],
        ["10.1.1.0/24", "us-east-1a", False],
    ]
    assert see("ec2", "describe_vpcs", f"sort(Vpcs{OURS}.Tags[].Value)") == ["main", "x"]


def test_only_a_network_with_a_public_subnet_has_a_gateway(see: See) -> None:
    attached = see("ec2", "describe_internet_gateways", "InternetGateways[].Attachments[].VpcId")
    main, closed = (see("ec2", "describe_vpcs", f"Vpcs[?CidrBlock=='10.{n}.0.0/16'].VpcId | [0]") for n in (1, 2))
    assert main in attached
    assert closed not in attached


def test_security_groups(see: See) -> None:
    path = "SecurityGroups[?GroupName=='web'] | [0].[Description, IpPermissions[].[IpProtocol, FromPort, IpRanges[0].CidrIp]]"
    about, rules = see("ec2", "describe_security_groups", path)
    assert (about, sorted(rules, key=str)) == ("the web", [["-1", None, "10.0.0.0/8"], ["tcp", 443, "0.0.0.0/0"]])
    assert see("ec2", "describe_security_groups", "SecurityGroups[?GroupName=='bare'].IpPermissions[]") == []


def test_interfaces(see: See, ids: dict[str, str]) -> None:
    path = "NetworkInterfaces[?Description=='{}'] | [0].[Status, Attachment.InstanceId]"
    assert see("ec2", "describe_network_interfaces", path.format("loose")) == ["available", None]
    assert see("ec2", "describe_network_interfaces", path.format("taken")) == ["in-use", ids["two"]]


def test_addresses(see: See, ids: dict[str, str]) -> None:
    """Two of ours and the gateway's."""
    holders = see("ec2", "describe_addresses", "Addresses[].InstanceId")
    assert (len(see("ec2", "describe_addresses", "Addresses")), [h for h in holders if h]) == (3, [ids["two"]])


def test_a_nat_gateway_uses_its_interface(see: See, measured: Callable[[str, str], set[str]]) -> None:
    id, interface = see(
        "ec2", "describe_nat_gateways", "NatGateways[0].[NatGatewayId, NatGatewayAddresses[0].NetworkInterfaceId]"
    )
    path = "NetworkInterfaces[0].[Status, InterfaceType, RequesterManaged, Description]"
    expected = ["in-use", "nat_gateway", True, f"Interface for NAT Gateway {id}"]
    assert see("ec2", "describe_network_interfaces", path, NetworkInterfaceIds=[interface]) == expected
    assert measured("AWS/NATGateway", id) == {"BytesOutToDestination"}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, []),
        ({"a": "1"}, [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "n"}, {"Key": "a", "Value": "1"}]}]),
        ({"Name": "other"}, [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "other"}]}]),
    ],
)
def test_the_name_is_a_tag_where_there_are_tags(tags: dict[str, str], expected: Any) -> None:
    assert named("vpc", "n", tags) == expected
