"""Inbound rules."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.need import ContentNeed, RelatedNeed
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from .views import MACHINE, Rejected, matched, tree, verdict, why

GROUPS = {RelatedNeed("references", ("tag:N",)): [("sg-1", {"Tags": [{"Key": "N", "Value": "x"}]}), ("sg-9", None)]}


def rule(
    first: int | None = None,
    last: int | None = None,
    protocol: str = "tcp",
    v4: tuple[str, ...] = (),
    v6: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
    text: str = "",
) -> dict[str, Any]:
    """A permission as AWS lists it."""
    told = {"Description": text} if text else {}
    ports = {} if first is None else {"FromPort": first, "ToPort": first if last is None else last}
    return {
        "IpProtocol": protocol,
        **ports,
        "IpRanges": [{"CidrIp": cidr, **told} for cidr in v4],
        "Ipv6Ranges": [{"CidrIpv6": cidr, **told} for cidr in v6],
        "PrefixListIds": [],
        "UserIdGroupPairs": [{"GroupId": group, "UserId": "1", **told} for group in groups],
    }


def passes(options: str, *rules: dict[str, Any]) -> bool:
    group = {"GroupId": "sg-0", "OwnerId": "1", "IpPermissions": list(rules)}
    return matched(f"{{type: ingress, {options}}}", group, facts=GROUPS)


WORLD, TEN = "0.0.0.0/0", "10.0.0.0/8"
SSH = rule(22, v4=(TEN, WORLD))
ALL = rule(protocol="-1", v4=(WORLD,))
SELF = rule(22, groups=("sg-0",))


@pytest.mark.parametrize(
    ("options", "rules", "expected"),
    [
        ("Ports: [22, 3389]", [SSH], True),
        ("Ports: [25]", [rule(20, 30, v4=(TEN,))], True),
        ("Ports: [80]", [SSH], False),
        ("Ports: [22]", [ALL], False),
        ("Ports: [22], Cidr: 0.0.0.0/0", [ALL], True),
        ("Ports: []", [SSH], False),
        ("OnlyPorts: [22]", [SSH], False),
        ("OnlyPorts: [22]", [rule(22, 23, v4=(TEN,))], True),
        ("OnlyPorts: [20, 21]", [rule(20, 21, v4=(TEN,))], False),
        ("OnlyPorts: [8]", [rule(8, -1, "icmp", v4=(TEN,))], True),
        ("OnlyPorts: []", [SSH], False),
        ("Cidr: 0.0.0.0/0", [SSH], True),
        ("Cidr: {value: 10.0.0.0/8, op: in, value_type: cidr}", [rule(1, v4=("10.1.0.0/16",))], True),
        ("Cidr: {value: [10.0.0.0/8], op: not-in, value_type: cidr}", [SSH], True),
        ("Cidr: {value: [10.0.0.0/8], op: not-in, value_type: cidr}", [rule(22, v4=(TEN,))], False),
        ("Cidr: absent", [SELF], False),
        ("CidrV6: '::/0'", [rule(22, v6=("::/0",))], True),
        ("Cidr: 0.0.0.0/0, CidrV6: '::/0'", [rule(22, v4=(WORLD,), v6=("::/0",))], False),
        ("Cidr: 0.0.0.0/0, CidrV6: '::/0', match-operator: or", [rule(22, v6=("::/0",))], True),
        ("Cidr: 0.0.0.0/0, Ports: [80]", [SSH, rule(80, v4=(TEN,))], False),
        ("IpProtocol: -1", [ALL], True),
        ("IpProtocol: '-1'", [ALL], True),
        ("IpProtocol: {type: value, op: in, value: [udp]}", [SSH], False),
        ("FromPort: 22, ToPort: 22", [SSH], True),
        ("FromPort: {type: value, op: gt, value: 22}", [SSH], False),
        ("SelfReference: true", [SELF], True),
        ("SelfReference: true", [SSH], False),
        ("SelfReference: false", [SSH], True),
        ("SelfReference: false", [SELF], False),
        ("Description: hey", [rule(22, groups=("sg-1",), text="hey")], True),
        ("Description: {value: absent}", [SSH], True),
        ("IpRanges: empty", [SELF], True),
        ("UserIdGroupPairs: not-null", [SELF], True),
        ("PrefixListIds: not-null", [SELF], False),
        ("SGReferences: {key: 'tag:N', value: x}", [rule(22, groups=("sg-1",))], True),
        ("SGReferences: {key: 'tag:N', value: absent}", [rule(22, groups=("sg-9",))], False),
        ("SGReferences: {key: 'tag:N', value: absent}", [SSH], False),
        ("match-operator: or", [SSH], False),
        ("Ports: [22]", [rule(22)], False),
    ],
)
def test_judge(options: str, rules: list[dict[str, Any]], expected: bool) -> None:
    assert passes(options, *rules) is expected


def test_unknown_only_where_the_group_decides() -> None:
    text = "{type: ingress, Ports: [22], SGReferences: {key: 'tag:N', value: x}}"
    named = {"IpPermissions": [rule(22, groups=("sg-1",))]}
    assert verdict(text, named).kind is Kind.UNKNOWN
    assert not matched(text, {"IpPermissions": [rule(80, groups=("sg-1",))]})
    assert not matched(text, {})
    assert verdict("{type: ingress, Ports: [22]}", {}, unreadable=("IpPermissions",)).kind is Kind.UNKNOWN


def test_needs() -> None:
    text = "{type: ingress, Cidr: {op: in, value_from: {url: 'file:///l.txt'}}, SGReferences: {key: k, value: 1}}"
    told = tree(text)
    assert isinstance(told, Leaf)
    assert told.piece.needs(MACHINE) == {ContentNeed("file:///l.txt"), RelatedNeed("references", ("k",))}


def test_evidence() -> None:
    told = why("{type: ingress, Ports: [22], Cidr: 0.0.0.0/0}", {"IpPermissions": [SSH]})
    assert told.filter == "Ports [22] and Cidr = 0.0.0.0/0"
    assert "0.0.0.0/0" in told.observed
    assert why("{type: ingress, Ports: [1]}", {"IpPermissions": [SSH]}).observed == "none of 2 rules"


@pytest.mark.parametrize(
    "options",
    [
        "Ports: 22",
        "Ports: ['22']",
        "IpProtocol: foo",
        "FromPort: x",
        "Cidr: {value: x, bogus: 1}",
        "Cidr: {op: in}",
        "Cidr: {value: junk, value_type: cidr}",
        "SGReferences: {value: 1}",
        "match-operator: xor",
        "SelfReference: maybe",
        "key: k",
    ],
)
def test_problems(options: str) -> None:
    with pytest.raises(Rejected):
        tree(f"{{type: ingress, {options}}}")
