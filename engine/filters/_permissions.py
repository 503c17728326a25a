"""Rules of a security group, one source at a time, compared with the conditions of `ingress` and `egress`.

AWS groups the sources that share a protocol and ports into one permission. Here each source (an address range, a prefix
list, another group) is looked at on its own, so that conditions on ports and on the source meet in the same rule.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from engine.filters import _texts
from engine.filters._options import NOT_GIVEN, ValueOptions, needs_of
from engine.model.finding import Evidence
from engine.model.json import Attributes, Json
from engine.model.need import ContentNeed, Need, RelatedNeed
from engine.model.record import ResourceType
from engine.model.verdict import MATCH, NO_MATCH, Kind, Verdict, decided, every, some
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Missing, Setting, View

SOURCES = ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs")
_INNER: Mapping[str, tuple[str, str]] = {"Cidr": ("IpRanges", "CidrIp"), "CidrV6": ("Ipv6Ranges", "CidrIpv6")}


@dataclass(frozen=True, slots=True)
class Condition(ValueOptions):
    """A value filter's options (without the key, which the condition's own name gives)."""

    type: Annotated[Literal["value"], Says("may be written, as in other filters")] = "value"


@dataclass(frozen=True, slots=True)
class Permissions:
    """Conditions on the rules of a security group; see `ingress`."""

    SIDE: ClassVar[str] = ""

    ports: Annotated[tuple[int, ...], Says("the rule allows one of these ports", key="Ports")] = NOT_GIVEN
    only_ports: Annotated[tuple[int, ...], Says("the rule allows a port that is not one of these", key="OnlyPorts")] = (
        NOT_GIVEN
    )
    cidr: Annotated[Condition | Json, Says("the rule's IPv4 range", key="Cidr")] = NOT_GIVEN
    cidr_v6: Annotated[Condition | Json, Says("the rule's IPv6 range", key="CidrV6")] = NOT_GIVEN
    ip_protocol: Annotated[
        Condition | Literal["-1", -1, "tcp", "udp", "icmp", "icmpv6"], Says("the protocol; -1 is all", key="IpProtocol")
    ] = NOT_GIVEN
    from_port: Annotated[Condition | int, Says("the first port", key="FromPort")] = NOT_GIVEN
    to_port: Annotated[Condition | int, Says("the last port", key="ToPort")] = NOT_GIVEN
    self_reference: Annotated[bool, Says("whether the source is the group itself", key="SelfReference")] = NOT_GIVEN
    references: Annotated[
        Condition, Says("the group that is the source: value options on its attributes and tags", key="SGReferences")
    ] = NOT_GIVEN
    description: Annotated[Condition | Json, Says("the rule's description", key="Description")] = NOT_GIVEN
    ip_ranges: Annotated[Condition | Json, Says("the IPv4 ranges as AWS lists them", key="IpRanges")] = NOT_GIVEN
    prefix_list_ids: Annotated[Condition | Json, Says("the prefix lists", key="PrefixListIds")] = NOT_GIVEN
    group_pairs: Annotated[Condition | Json, Says("the groups", key="UserIdGroupPairs")] = NOT_GIVEN
    match_operator: Annotated[
        Literal["and", "or"], Says("whether a rule must meet all conditions or one", key="match-operator")
    ] = "and"
    join: Annotated[str, Says("the join to the groups that rules name", key="-join")] = "references"
    _conditions: tuple[tuple[str, Condition], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        given = {
            "Cidr": self.cidr,
            "CidrV6": self.cidr_v6,
            "IpProtocol": str(self.ip_protocol) if self.ip_protocol == -1 else self.ip_protocol,
            "FromPort": self.from_port,
            "ToPort": self.to_port,
            "Description": self.description,
            "IpRanges": self.ip_ranges,
            "PrefixListIds": self.prefix_list_ids,
            "UserIdGroupPairs": self.group_pairs,
        }
        made = []
        for name, wanted in given.items():
            if wanted is not None:
                key = _INNER[name][1] if name in _INNER else name
                condition = wanted if isinstance(wanted, Condition) else Condition(value=wanted)
                made.append((name, dataclasses.replace(condition, key=key)))
        object.__setattr__(self, "_conditions", tuple(made))

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The groups that rules name, if asked about, and the documents that values come from."""
        found: set[Need] = set(needs_of(self.SIDE, type))
        conditions = [condition for _, condition in self._conditions]
        if self.references is not None:
            conditions.append(self.references)
            found.add(RelatedNeed(self.join, (self.references.key,)))
        return frozenset(found.union(*(_documents(c, type) for c in conditions)) if conditions else found)

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when one rule meets the conditions."""
        return some(self._judge_rule(rule, view, setting) for rule in self._rules(view))

    @property
    def finds(self) -> str:
        """Rules, by the side that they are on: `ingress` or `egress`."""
        return "egress" if self.SIDE.endswith("Egress") else "ingress"

    def found(self, view: View, setting: Setting) -> list[Json]:
        """The rules that meet the conditions, as permissions of one source each."""
        meeting = (rule for rule in self._rules(view) if self._judge_rule(rule, view, setting) == MATCH)
        return [{k: v for k, v in rule.items() if k != "Description" and (k not in SOURCES or v)} for rule in meeting]

    def _rules(self, view: View) -> Iterator[Attributes]:
        permissions = view.attributes.get(self.SIDE)
        for permission in _mappings(permissions):
            shared = {k: v for k, v in permission.items() if k not in SOURCES}
            for source in SOURCES:
                for each in _mappings(permission.get(source)):
                    rule = {**shared, **dict.fromkeys(SOURCES, ()), source: [each]}
                    if "Description" in each:
                        rule["Description"] = each["Description"]
                    yield rule

    def _judge_rule(self, rule: Attributes, view: View, setting: Setting) -> Verdict:
        verdicts = self._verdicts(rule, view, setting)
        if self.match_operator == "or":
            return some(verdicts)
        first = next(verdicts, NO_MATCH)
        return first if first == NO_MATCH else every((first, *verdicts))

    def _verdicts(self, rule: Attributes, view: View, setting: Setting) -> Iterator[Verdict]:
        span = _range(rule)
        if self.ports is not None and span is not None:
            yield decided(any(span[0] <= port <= span[1] for port in self.ports))
        if self.only_ports is not None and span is not None:
            yield decided(bool(self.only_ports) and _allows_other(span, frozenset(self.only_ports)))
        if self.self_reference is not None:
            yield decided(_is_self(rule, view.attributes) is self.self_reference)
        for name, condition in self._conditions:
            try:
                yield decided(_meets(name, condition, rule, view, setting))
            except Missing as missing:
                yield missing.verdict
        if self.references is not None:
            yield self._judge_references(rule, view, setting)

    def _judge_references(self, rule: Attributes, view: View, setting: Setting) -> Verdict:
        wanted = self.references
        named = [pair.get("GroupId") for pair in rule["UserIdGroupPairs"]]
        if not named or wanted is None:
            return NO_MATCH
        try:
            groups = dict(view.fact(RelatedNeed(self.join, (wanted.key,))))
            found = [group for each in named if (group := groups.get(each)) is not None]
            held = any(wanted.passes(wanted.read(group), group, view, setting.now) for group in found)
        except Missing as missing:
            return missing.verdict
        return decided(held)

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The rules that meet the conditions, or how many were looked at."""
        rules = list(self._rules(view))
        meeting = [rule for rule in rules if self._judge_rule(rule, view, setting) == MATCH]
        asked = f" {self.match_operator} ".join(self._asked()) or "no condition"
        shown = [_texts.short(_shown(rule)) for rule in meeting[:3]]
        verdict = self.judge(view, setting)
        observed = "; ".join(shown) if verdict.kind is Kind.MATCH else f"none of {len(rules)} rules"
        return Evidence(asked, verdict, expected="one rule that does", observed=observed)

    def _asked(self) -> Iterator[str]:
        if self.ports is not None:
            yield f"Ports {list(self.ports)}"
        if self.only_ports is not None:
            yield f"ports other than {list(self.only_ports)}"
        if self.self_reference is not None:
            yield f"SelfReference {str(self.self_reference).lower()}"
        for name, condition in self._conditions:
            yield f"{name} {condition.expected}"
        if self.references is not None:
            yield f"SGReferences {self.references.sentence}"

    def problems(self, **_: Json) -> Iterator[Problem]:
        """The problems of each condition."""
        conditions = [*self._conditions]
        if self.references is not None:
            conditions.append(("SGReferences", self.references))
            if not self.references.key:
                yield Problem("SGReferences", "needs 'key'", "an attribute or tag of the group that is the source")
        for name, condition in conditions:
            if not condition.asks:
                yield Problem(name, f"{name} needs 'value', 'value_from' or 'value_path'")
            for problem in condition.value_problems():
                yield Problem(name, f"{name}: {problem.text}", problem.hint)


def _mappings(data: Json) -> list[Attributes]:
    return [each for each in data if isinstance(each, Mapping)] if isinstance(data, list | tuple) else []


def _shown(rule: Attributes) -> dict[str, Json]:
    source: Attributes = next((each for name in SOURCES for each in rule[name]), {})
    return {**source, **{k: rule[k] for k in ("IpProtocol", "FromPort", "ToPort") if k in rule}}


def _documents(condition: Condition, type: ResourceType) -> set[Need]:
    return {need for need in condition.value_needs(type) if isinstance(need, ContentNeed)}


def _meets(name: str, condition: Condition, rule: Attributes, view: View, setting: Setting) -> bool:
    if name in _INNER:
        within, key = _INNER[name]
        return any(condition.passes(each.get(key), each, view, setting.now) for each in rule[within])
    return condition.passes(condition.read(rule), rule, view, setting.now)


def _range(rule: Attributes) -> tuple[int, int] | None:
    first, last = rule.get("FromPort"), rule.get("ToPort")
    return (first, last) if isinstance(first, int) and isinstance(last, int) else None


def _allows_other(span: tuple[int, int], ports: frozenset[int]) -> bool:
    first, last = span
    if last < first:  # an ICMP type and code, not a range
        return not {first, last} <= ports
    return last - first >= len(ports) or not ports.issuperset(range(first, last + 1))


def _is_self(rule: Attributes, group: Attributes) -> bool:
    return any(
        pair.get("GroupId") == group.get("GroupId") and pair.get("UserId", group.get("OwnerId")) == group.get("OwnerId")
        for pair in rule["UserIdGroupPairs"]
    )
