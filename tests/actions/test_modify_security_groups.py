"""modify-security-groups: which groups a resource is in afterwards, and that it comes back."""

from __future__ import annotations

import json

import pytest

from actions.modify_security_groups import GROUPS
from engine.lang.check import check
from engine.lang.load import policy_from
from engine.model.json import Json
from engine.plugin.discover import catalog

from .table import calls, change, inverse, item, skip

FOUND = {"security-group": ["sg-1"], "network-location": ["sg-2"]}
KNOWN = {
    GROUPS: frozenset(
        json.dumps({"id": id, "name": name, "vpc": vpc, "tags": tags})
        for id, name, vpc, tags in (
            ("sg-1", "web", "vpc-1", None),
            ("sg-2", "ssh", "vpc-1", [["env", "prod"]]),
            ("sg-3", "dark", "vpc-1", []),
            ("sg-9", "ssh", "vpc-2", [["env", "prod"]]),
        )
    )
}
INTERFACE: Json = {"NetworkInterfaceId": "eni-1", "Groups": [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}]}


@pytest.mark.parametrize(
    ("given", "then"),
    [
        ({"add": "sg-3"}, ["sg-1", "sg-2", "sg-3"]),
        ({"add": ["sg-3", "sg-4"], "remove": ["sg-1"]}, ["sg-2", "sg-3", "sg-4"]),
        ({"remove": "matched", "isolation-group": "sg-3"}, ["sg-2"]),
        ({"remove": "network-location", "isolation-group": "sg-3"}, ["sg-1"]),
        ({"remove": "all", "isolation-group": "sg-3"}, ["sg-3"]),
        ({"remove": "all", "isolation-group": ["dark", "sg-7"]}, ["sg-3", "sg-7"]),
        ({"remove": "ssh", "add": "dark"}, ["sg-1", "sg-3"]),
        ({"remove": ["sg-1", "sg-2"], "isolation-group": "dark"}, ["sg-3"]),
        ({"remove": ["sg-1", "ssh"], "add-by-tag": {"key": "env", "values": ["prod", "qa"]}}, ["sg-2"]),
    ],
)
def test_which_groups(given: Json, then: list[str]) -> None:
    """Names and tags are looked for in the resource's own VPC; the isolation group is for what would have none."""
    on = item("eni", {}, KNOWN, **INTERFACE)
    found = change({"type": "modify-security-groups", **given}, on, found=FOUND)
    assert calls(found) == [("ec2:ModifyNetworkInterfaceAttribute", {"NetworkInterfaceId": "eni-1", "Groups": then})]
    assert inverse(found) == [
        ("ec2:ModifyNetworkInterfaceAttribute", {"NetworkInterfaceId": "eni-1", "Groups": ["sg-1", "sg-2"]})
    ]
    assert found.before == {"Groups[].GroupId": ["sg-1", "sg-2"]}
    assert found.after == {"Groups[].GroupId": then}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"add": ["sg-2", "sg-1"]}, "it is in these groups already"),
        ({"remove": ["sg-8"], "isolation-group": "sg-3"}, "it is in these groups already"),
        ({"remove": "all", "isolation-group": "nowhere"}, "it would be left without a group; give 'isolation-group'"),
    ],
)
def test_left_alone(given: Json, why: str) -> None:
    """Nothing to change; or nothing to put it into."""
    assert skip({"type": "modify-security-groups", **given}, item("eni", {}, KNOWN, **INTERFACE)) == why


INTERFACES: Json = [
    {"NetworkInterfaceId": "eni-1", "Groups": [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}]},
    {"NetworkInterfaceId": "eni-2", "Groups": [{"GroupId": "sg-2"}]},
    {"NetworkInterfaceId": "eni-3", "Groups": [{"GroupId": "sg-1"}]},
]


def test_each_interface_of_an_instance() -> None:
    """Those that change, and they alone come back."""
    action = {"type": "modify-security-groups", "remove": ["sg-1"], "isolation-group": "sg-3"}
    found = change(action, item("ec2", {}, NetworkInterfaces=INTERFACES))
    assert [(p["NetworkInterfaceId"], p["Groups"]) for _, p in calls(found)] == [
        ("eni-1", ["sg-2"]),
        ("eni-3", ["sg-3"]),
    ]
    assert [(p["NetworkInterfaceId"], p["Groups"]) for _, p in inverse(found)] == [
        ("eni-1", ["sg-1", "sg-2"]),
        ("eni-3", ["sg-1"]),
    ]


VPC = {"VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1"}]}


@pytest.mark.parametrize(
    ("word", "attributes", "call", "members"),
    [
        ("rds", {"DBInstanceIdentifier": "d", **VPC}, "rds:ModifyDBInstance",
         {"DBInstanceIdentifier": "d", "VpcSecurityGroupIds": ["sg-1", "sg-3"]}),
        ("rds", {"DBInstanceIdentifier": "d", "DBClusterIdentifier": "c", **VPC}, "rds:ModifyDBCluster",
         {"DBClusterIdentifier": "c", "VpcSecurityGroupIds": ["sg-1", "sg-3"]}),
        ("redshift", {"ClusterIdentifier": "c", **VPC}, "redshift:ModifyCluster",
         {"ClusterIdentifier": "c", "VpcSecurityGroupIds": ["sg-1", "sg-3"]}),
        ("elb", {"LoadBalancerName": "b", "SecurityGroups": ["sg-1"]}, "elb:ApplySecurityGroupsToLoadBalancer",
         {"LoadBalancerName": "b", "SecurityGroups": ["sg-1", "sg-3"]}),
        ("app-elb", {"LoadBalancerArn": "arn:b", "SecurityGroups": ["sg-1"]}, "elbv2:SetSecurityGroups",
         {"LoadBalancerArn": "arn:b", "SecurityGroups": ["sg-1", "sg-3"]}),
        ("cache-cluster", {"CacheClusterId": "c", "SecurityGroups": [{"SecurityGroupId": "sg-1"}]},
         "elasticache:ModifyCacheCluster", {"CacheClusterId": "c", "SecurityGroupIds": ["sg-1", "sg-3"]}),
        ("cache-cluster", {"CacheClusterId": "c", "ReplicationGroupId": "g",
                           "SecurityGroups": [{"SecurityGroupId": "sg-1"}]},
         "elasticache:ModifyReplicationGroup", {"ReplicationGroupId": "g", "SecurityGroupIds": ["sg-1", "sg-3"]}),
        ("dax", {"ClusterName": "c", "SecurityGroups": [{"SecurityGroupIdentifier": "sg-1"}]}, "dax:UpdateCluster",
         {"ClusterName": "c", "SecurityGroupIds": ["sg-1", "sg-3"]}),
        ("lambda", {"VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}},
         "lambda:UpdateFunctionConfiguration",
         {"FunctionName": "f", "VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1", "sg-3"]}}),
    ],
)  # fmt: skip
def test_each_type_in_its_own_call(word: str, attributes: Json, call: str, members: Json) -> None:
    """As the record says; databases in a cluster are changed with it."""
    found = change({"type": "modify-security-groups", "add": "sg-3"}, item(word, {}, **attributes))
    assert calls(found) == [(call, members)]
    ((undoing, back),) = inverse(found)
    assert (undoing, json.dumps(back)) == (call, json.dumps(members).replace('["sg-1", "sg-3"]', '["sg-1"]'))


@pytest.mark.parametrize(
    ("filters", "given", "says"),
    [
        ([], {}, "there is nothing to do"),
        ([], {"remove": ["sg-1"]}, "a resource cannot be without a group"),
        ([], {"remove": "matched", "add": "sg-1"}, "no filter tells what is matched"),
        ([{"not": [{"type": "security-group", "key": "GroupName", "value": "a"}]}],
         {"remove": "matched", "add": "sg-1"}, "no filter tells what is matched"),
        ([{"type": "security-group", "key": "GroupName", "value": "a"}], {"remove": "matched", "add": "sg-1"}, ""),
    ],
)  # fmt: skip
def test_what_is_wrong(filters: Json, given: Json, says: str) -> None:
    """Told before anything runs."""
    text = {"name": "p", "resource": "ec2", "filters": filters}
    policy, _ = policy_from({**text, "actions": [{"type": "modify-security-groups", **given}]})
    assert policy is not None
    _, problems = check(policy, catalog())
    assert [says in str(p) for p in problems] == ([True] if says else [])
