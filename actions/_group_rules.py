"""Rules of security groups, one source at a time: which there are, which are to be, what is the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import Operation, ResourceType
from engine.plugin.operate import Operate
from engine.plugin.protocols import Setting, View

Rule: TypeAlias = Mapping[str, Json]
Key: TypeAlias = tuple[Json, ...]

OPERATION = "change-rules"
SIDES = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}
SOURCES = {
    "IpRanges": "CidrIp",
    "Ipv6Ranges": "CidrIpv6",
    "PrefixListIds": "PrefixListId",
    "UserIdGroupPairs": "GroupId",
}
FLAT = {"CidrIp": "IpRanges", "Cidr": "IpRanges", "CidrIpv6": "Ipv6Ranges", "CidrV6": "Ipv6Ranges"}
KNOWN = frozenset({"IpPermissions", "IpProtocol", "FromPort", "ToPort", "Description", *SOURCES, *FLAT})
PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
"""Source: Amazon EC2 API Reference, IpPermission: a protocol's name or number, -1 for all."""


class RuleChange:
    """What the words that change rules have in common: the record's operation, and that the listing tells the rules."""

    __slots__ = ()

    def operations(self, type: ResourceType) -> Sequence[Operation]:
        """The one that takes rules off and adds others."""
        return (type.operations[OPERATION],)

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """Nothing: the listing tells the rules."""
        return frozenset()

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """Nothing."""
        return frozenset()


def rules_in(written: Sequence[Rule]) -> Iterator[Rule]:
    """Each source of each permission as a rule of its own; `{CidrIp: …}` and `{IpPermissions: […]}` are read too."""
    for each in written:
        yield from rules_in([dict(inner) for inner in each.get("IpPermissions") or ()])
        shared = {name: each[name] for name in ("IpProtocol", "FromPort", "ToPort") if each.get(name) is not None}
        if "IpProtocol" in shared:
            shared["IpProtocol"] = _protocol(shared["IpProtocol"])
        for source in SOURCES:
            for one in each.get(source) or ():
                yield {**shared, source: [dict(one)]}
        for name, source in FLAT.items():
            if name in each:
                said = {"Description": each["Description"]} if "Description" in each else {}
                yield {**shared, source: [{SOURCES[source]: each[name], **said}]}


def key_of(rule: Rule) -> Key:
    """Equal for rules that AWS takes for the same; descriptions do not count."""
    source = next(name for name in SOURCES if name in rule)
    one = rule[source][0]
    named = one.get(SOURCES[source]) or one.get("GroupName")
    ports = () if rule.get("IpProtocol") == "-1" else (rule.get("FromPort"), rule.get("ToPort"))
    return (rule.get("IpProtocol"), *ports, source, str(named).lower())


def _protocol(text: Json) -> str:
    name = str(text).lower()
    return PROTOCOLS.get(name, name)


def change_rules(
    word: str, view: View, setting: Setting, add: Mapping[str, Sequence[Rule]], remove: Mapping[str, Json]
) -> Change | Skip:
    """The change that adds rules that are not there and takes off those that are; `remove` holds rules or a word."""
    options: dict[str, Json] = {}
    for side, attribute in SIDES.items():
        present = {key_of(rule): rule for rule in rules_in(view.attributes.get(attribute) or ())}
        off = _keys(remove.get(side) or (), present, setting.found.get(side) or ())
        wanted = {key_of(rule): rule for rule in rules_in(add.get(side) or ())}
        options[f"add-{side}"] = [rule for key, rule in wanted.items() if key not in present and key not in off]
        options[f"remove-{side}"] = [rule for key, rule in present.items() if key in off]
    if not any(options.values()):
        return Skip(view.resource.ref, word, "its rules are so already")
    return Operate(word, setting.type.operations[OPERATION], options).change(view, setting)


def _keys(told: Json, present: Mapping[Key, Rule], found: Sequence[Rule]) -> frozenset[Key]:
    if told == "all":
        return frozenset(present)
    return frozenset(key_of(rule) for rule in rules_in(found if told == "matched" else told))
