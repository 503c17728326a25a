"""Filter words of networks and load balancers that records make by an expression."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.json import Json
from providers.aws import PROVIDER
from providers.aws.adapter.gather.related import ids_in
from tests.providers.aws.services.test_filters import kept

SERVERS: dict[str, dict[str, Any]] = {
    name: {
        "CidrBlock": "10.0.0.0/16",
        "CidrBlockAssociationSet": [{"CidrBlock": "10.1.0.16/28", "CidrBlockState": {"State": "associated"}}],
        "c7n:DhcpConfiguration": {"domain-name": ["shop.internal"], "domain-name-servers": servers},
    }
    for name, servers in {
        "a": ["AmazonProvidedDNS"],
        "b": ["10.0.0.2", "8.8.8.8"],
        "c": ["10.1.0.18", "169.254.169.253"],
        "d": ["8.8.8.8"],
    }.items()
}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"domain-name": "shop.internal"}, "abcd"),
        ({"domain-name": ["shop.internal"], "domain-name-servers": "8.8.8.8"}, "bd"),
        ({"domain-name": ["shop.internal", "x"]}, ""),
        ({"ntp-servers": "10.0.0.9"}, ""),
        ({"ntp-servers": "10.0.0.9", "present": False}, "abcd"),
        ({"domain-name-servers": "amazon"}, "abc"),
        ({"domain-name-servers": "amazon", "match-operator": "all"}, "ac"),
        ({"domain-name-servers": "amazon", "match-operator": "all", "present": False}, "bd"),
        ({"domain-name-servers": ["8.8.8.8", "10.0.0.2"]}, "b"),
        ({"domain-name-servers": ["8.8.8.8", "amazon"]}, "b"),
    ],
)
def test_dhcp_options(options: dict[str, Json], expected: str) -> None:
    assert kept("vpc", options, SERVERS, "dhcp-options") == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"key": "NumberUsed", "value": 0}, "a"),
        ({"key": "MaxAvailable", "value": 251}, "ab"),
        ({"key": "PercentUsed", "op": "gt", "value": 99}, "b"),
    ],
)
def test_ip_address_usage(options: dict[str, Json], expected: str) -> None:
    subnets: dict[str, dict[str, Any]] = {
        "a": {"CidrBlock": "10.0.0.0/24", "AvailableIpAddressCount": 251},
        "b": {"CidrBlock": "10.0.1.0/24", "AvailableIpAddressCount": 1},
        "c": {"CidrBlock": "10.0.2.0/28", "AvailableIpAddressCount": 1},
    }
    assert kept("subnet", options, subnets, "ip-address-usage") == expected


def tables(*zones: str, main: bool = False, routes: tuple[str, ...] = ("n1",)) -> dict[str, Any]:
    return {
        "Associations": [{"Main": True}] if main else [{"SubnetId": zone} for zone in zones],
        "Routes": [{"NatGatewayId": each, "State": "active"} for each in routes],
        "VpcSubnetZones": {"s1": "z1", "s2": "z2", "s3": "z1"},
        "VpcAssociatedSubnets": ["s2"],
        "NatGatewaySubnets": {"n1": "s1", "n2": "s2"},
    }


def test_cross_az_nat_gateway_route() -> None:
    found = {
        "a": tables("s1", "s3"),
        "b": tables("s1", "s2"),
        "c": tables("s2"),
        "d": tables("s1", routes=()),
        "e": tables(main=True),
        "f": tables(main=True, routes=("n2",)),
        "g": tables("s1", routes=("regional",)),
    }
    assert kept("route-table", {}, found, "cross-az-nat-gateway-route") == "bcf"


def test_missing_route() -> None:
    found: dict[str, dict[str, Any]] = {
        name: {
            "VpcPeeringConnectionId": "p",
            "AccepterRoutes": {"Tables": len(accepter), "Peerings": accepter},
            "RequesterRoutes": {"Tables": len(requester), "Peerings": requester},
        }
        for name, (accepter, requester) in {
            "a": (["p"], ["p"]),
            "b": (["p"], ["q"]),
            "c": ([], ["p"]),
            "d": (["q"], []),
        }.items()
    }
    assert kept("peering-connection", {}, found, "missing-route") == "bd"


def listening(*allowed: str) -> dict[str, Any]:
    told = [{"AttributeName": each, "AttributeValue": "true"} for each in allowed]
    told.append({"AttributeName": "Protocol-SSLv2", "AttributeValue": "false"})
    return {"ListenerPolicies": [{"PolicyAttributeDescriptions": told}]}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"blacklist": ["Protocol-SSLv3", "Protocol-SSLv2"]}, "b"),
        ({"whitelist": ["Protocol-TLSv1.2"]}, "bc"),
        ({"whitelist": ["Protocol-TLSv1.2"], "matching": "^protocol-"}, "b"),
        ({"blacklist": ["RC4"], "matching": "Protocol"}, ""),
    ],
)
def test_ssl_policy(options: dict[str, Json], expected: str) -> None:
    balancers = {
        "a": listening("Protocol-TLSv1.2"),
        "b": listening("Protocol-TLSv1.2", "Protocol-SSLv3"),
        "c": listening("Protocol-TLSv1.2", "RC4"),
        "d": {"ListenerPolicies": None},
    }
    assert kept("elb", options, balancers, "ssl-policy") == expected


def group(image: bool | None, config: list[dict[str, Any]], unencrypted: tuple[str, ...] = ()) -> dict[str, Any]:
    """A group with an image of one device (encrypted or not), and devices of its configuration."""
    device = {"DeviceName": "/dev/sda1", "Ebs": {"Encrypted": image}}
    return {
        "Image": None if image is None else {"BlockDeviceMappings": [device, {"DeviceName": "/dev/sdb"}]},
        "LaunchConfiguration": None,
        "LaunchTemplateData": {"BlockDeviceMappings": config},
        "UnencryptedSnapshots": list(unencrypted),
    }


@pytest.mark.parametrize(("options", "expected"), [({}, "bdf"), ({"exclude_image": True}, "df")])
def test_not_encrypted(options: dict[str, Json], expected: str) -> None:
    groups = {
        "a": group(True, []),
        "b": group(False, []),
        "c": group(True, [{"DeviceName": "/dev/sdc", "Ebs": {"Encrypted": True}}, {"DeviceName": "/dev/sdb"}]),
        "d": group(None, [{"DeviceName": "/dev/sdc", "Ebs": {"VolumeSize": 8}}]),
        "e": group(True, [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 8}}]),
        "f": group(True, [{"DeviceName": "/dev/sdc", "Ebs": {"SnapshotId": "s1"}}], ("s1",)),
        "g": group(True, [{"DeviceName": "/dev/sdc", "Ebs": {"SnapshotId": "s2"}}]),
    }
    assert kept("asg", options, groups, "not-encrypted") == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"keys": ["A"]}, "a"),
        ({"keys": ["A", "B"], "match": False}, "abc"),
        ({"keys": ["B"], "propagate": False}, "ab"),
        ({"keys": ["B"], "propagate": False, "match": False}, "c"),
    ],
)
def test_propagated_tags(options: dict[str, Json], expected: str) -> None:
    groups: dict[str, dict[str, Any]] = {
        name: {"Tags": [{"Key": key, "Value": "", "PropagateAtLaunch": at} for key, at in tags.items()]}
        for name, tags in {"a": {"A": True, "B": False}, "b": {"A": False, "B": False}, "c": {}}.items()
    }
    for word in ("propagated-tags", "progagated-tags"):
        assert kept("asg", options, groups, word) == expected


def test_instance_attribute() -> None:
    machines: dict[str, dict[str, Any]] = {
        "a": {"RootDeviceName": "/dev/sda1", "ProductCodes": [{"ProductCodeId": "p"}], "EncodedUserData": "eA=="},
        "b": {"RootDeviceName": "/dev/xvda", "ProductCodes": [], "EncodedUserData": None},
    }
    for attribute, key, value, expected in (
        ("rootDeviceName", "Value", "/dev/sda1", "a"),
        ("userData", "Value", "present", "a"),
        ("productCodes", "[0].ProductCodeId", "absent", "b"),
    ):
        options: dict[str, Json] = {"attribute": attribute, "key": key, "value": value}
        assert kept("ec2", options, machines, "instance-attribute") == expected


def volume(type: str = "gp3", machine: str = "m5.large", since: str = "2020-01-01", state: str | None = None) -> Any:
    attached = [{"InstanceId": "i", "AttachTime": f"{since}T00:00:00+00:00"}] if machine else []
    instance = {"InstanceType": machine} if machine else None
    return {"VolumeType": type, "Attachments": attached, "Instance": instance, "ModificationState": state}


def test_modifyable() -> None:
    volumes = {
        "a": volume(),
        "b": volume(machine=""),
        "c": volume(type="standard"),
        "d": volume(machine="m3.large"),
        "e": volume(since="2016-10-31"),
        "f": volume(state="optimizing"),
        "g": volume(since="2016-11-02"),
        "h": volume(since="2009-05-01"),
    }
    assert kept("ebs", {}, volumes, "modifyable") == "abg"


def test_what_a_group_names() -> None:
    """Its subnets, or the default one of each zone; the image's own snapshots are not looked for."""
    joins = PROVIDER.type("asg").joins

    def ids(join: str, **attributes: Any) -> list[str]:
        return ids_in(joins[join], attributes)

    assert ids("subnet", VPCZoneIdentifier="s1, s2") == ["s1", "s2"]
    assert ids("subnet", VPCZoneIdentifier="") == ids("subnet") == []
    assert ids("default-subnet", VPCZoneIdentifier="", AvailabilityZones=["a"]) == ["a"]
    assert ids("default-subnet", VPCZoneIdentifier="s1", AvailabilityZones=["a"]) == []
    named = {"NetworkInterfaces": [{"SubnetId": "s1"}]}
    assert ids("default-subnet", AvailabilityZones=["a"], LaunchTemplateData=named) == []
    assert ids("image", LaunchConfiguration=None, LaunchTemplateData={"ImageId": "resolve:ssm:x"}) == []
    assert ids("image", LaunchConfiguration={"ImageId": "ami-1"}, LaunchTemplateData=None) == ["ami-1"]
    disks = {"BlockDeviceMappings": [{"Ebs": {"SnapshotId": each}} for each in ("s1", "s2")]}
    own = {"BlockDeviceMappings": [{"Ebs": {"SnapshotId": "s1"}}, {"DeviceName": "b"}]}
    assert ids("snapshot", LaunchConfiguration=disks, LaunchTemplateData=None, Image=own) == ["s2"]


def entry(number: int, action: str, network: str, *, out: bool) -> dict[str, Any]:
    return {"RuleNumber": number, "RuleAction": action, "CidrBlock": network, "Egress": out}


END = [entry(32767, "deny", "0.0.0.0/0", out=out) for out in (True, False)]
ENTRIES = {
    "a": [entry(100, "allow", "0.0.0.0/0", out=out) for out in (True, False)],
    "o": [entry(100, "allow", "0.0.0.0/0", out=True)],
    "d": [
        *(entry(100, "allow", "0.0.0.0/0", out=out) for out in (True, False)),
        entry(90, "deny", "52.0.0.0/8", out=True),
    ],
    "h": [entry(100, "allow", "54.0.0.0/8", out=out) for out in (True, False)],
}
S3_ACLS: dict[str, dict[str, Any]] = {
    name: {"Entries": [*entries, *END], "c7n:S3Ranges": ["54.231.0.0/17", "52.216.0.0/15"]}
    for name, entries in ENTRIES.items()
}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "odh"),
        ({"present": True}, "a"),
        ({"present": True, "ingress": False}, "ao"),
        ({"egress": False}, "oh"),
        ({"present": True, "egress": False, "ingress": True}, "ad"),
    ],
)
def test_s3_cidr(options: dict[str, Json], expected: str) -> None:
    assert kept("network-acl", options, S3_ACLS, "s3-cidr") == expected


TARGETS = {
    "sqs": "target-queue", "sns": "target-topic", "lambda": "target-function", "kinesis": "target-stream",
    "states": "target-machine", "codepipeline": "target-pipeline", "events": "target-bus", "ecs": "target-cluster",
    "firehose": "target-delivery", "batch": "target-job-queue", "logs": "target-log-group",
}  # fmt: skip


@pytest.mark.parametrize(
    ("service", "rest", "expected"),
    [
        ("sqs", "jobs", ["jobs"]),
        ("sns", "told", ["arn:aws:sns:us-east-1:1:told"]),
        ("lambda", "function:f:live", ["f"]),
        ("kinesis", "stream/clicks", ["clicks"]),
        ("states", "stateMachine:m:3", ["arn:aws:states:us-east-1:1:stateMachine:m"]),
        ("codepipeline", "p", ["p"]),
        ("events", "event-bus/b", ["b"]),
        ("ecs", "cluster/c", ["arn:aws:ecs:us-east-1:1:cluster/c"]),
        ("firehose", "deliverystream/d", ["d"]),
        ("batch", "job-queue/q", ["arn:aws:batch:us-east-1:1:job-queue/q"]),
        ("logs", "log-group:/aws/events/x", ["/aws/events/x"]),
    ],
)
def test_targets_of_rules(service: str, rest: str, expected: list[str]) -> None:
    """Those of other accounts and regions are nobody's here."""
    joins = PROVIDER.type("event-rule").joins
    for region, account, found in (("us-east-1", "1", expected), ("us-west-1", "1", []), ("us-east-1", "2", [])):
        rule = {
            "Arn": "arn:aws:events:us-east-1:1:rule/r",
            "c7n:Targets": [{"Arn": f"arn:aws:{service}:{region}:{account}:{rest}"}],
        }
        named = {name: ids for name, join in joins.items() if (ids := ids_in(join, rule))}
        assert named == ({TARGETS[service]: found} if found else {})


DEPLOYED: dict[str, dict[str, Any]] = {
    "a": {"c7n:Deployments": [{"status": "Active"}]},
    "f": {"c7n:Deployments": [{"status": "Failed"}]},
    "n": {"c7n:Deployments": []},
}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"value": "present"}, "af"),
        ({"value": "absent"}, "n"),
        ({"value": "present", "status": "Active"}, "a"),
        ({"value": "absent", "status": "Active"}, "fn"),
    ],
)
def test_deployments(options: dict[str, Json], expected: str) -> None:
    things = {name: {"modelName": name, **each} for name, each in DEPLOYED.items()}
    assert kept("bedrock-custom-model", options, things, "deployments") == expected
