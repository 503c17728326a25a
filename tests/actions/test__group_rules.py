"""Rules of security groups, one source at a time."""

from __future__ import annotations

import pytest

from actions._group_rules import key_of, rules_in
from engine.model.json import Json

RANGES: Json = {"IpProtocol": "TCP", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "a"}, {"CidrIp": "b"}]}
A: Json = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "a"}]}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([], []),
        ([RANGES], [A, {**A, "IpRanges": [{"CidrIp": "b"}]}]),
        ([{"IpPermissions": [RANGES]}], [A, {**A, "IpRanges": [{"CidrIp": "b"}]}]),
        ([{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "a"}], [A]),
        (
            [{"IpProtocol": 6, "CidrV6": "::/0", "Description": "all"}],
            [{"IpProtocol": "tcp", "Ipv6Ranges": [{"CidrIpv6": "::/0", "Description": "all"}]}],
        ),
        ([{"IpProtocol": "-1"}], []),
    ],
)
def test_rules_in(written: list[Json], expected: list[Json]) -> None:
    assert list(rules_in(written)) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (A, {**A, "IpRanges": [{"CidrIp": "a", "Description": "x"}]}, True),
        (A, {**A, "FromPort": 21}, False),
        (A, {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "Ipv6Ranges": [{"CidrIpv6": "a"}]}, False),
        (
            {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "a"}]},
            {"IpProtocol": "-1", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "a"}]},
            True,
        ),
        (
            {"IpProtocol": "udp", "UserIdGroupPairs": [{"GroupId": "sg-1", "UserId": "1"}]},
            {"IpProtocol": "udp", "UserIdGroupPairs": [{"GroupId": "sg-1"}]},
            True,
        ),
    ],
)
def test_key_of(one: Json, other: Json, same: bool) -> None:
    assert (key_of(one) == key_of(other)) is same
