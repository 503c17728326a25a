"""Put a resource into other security groups."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeAlias

from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.model.need import Need, PopulationNeed
from engine.model.record import Operation, ResourceType
from engine.plugin.operate import Operate
from engine.plugin.params import Problem, Says
from engine.plugin.paths import getter
from engine.plugin.protocols import Setting, View

GROUPS = PopulationNeed(
    "security-group", "to_string({id: GroupId, name: GroupName, vpc: VpcId, tags: Tags[].[Key, Value]})"
)
"""Every security group of the scope, each as a JSON text."""

OPERATION = "set-security-groups"

Names: TypeAlias = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaggedGroups:
    """Security groups by a tag."""

    key: Annotated[str, Says("the tag's name")]
    values: Annotated[tuple[str, ...], Says("its value: one of these")]


@dataclass(frozen=True, slots=True)
class ModifySecurityGroups:
    """Adds security groups to a resource, and takes others off.

    Groups are given by id (`sg-…`) or by name, which is looked for in the resource's VPC. `remove` is a list,
    `matched` (those that the policy's `security-group` filter found), `network-location` (those that filter found) or
    `all`. A resource must have at least one group: `isolation-group` is for those that would be left with none;
    without it they are left alone. Of an instance every network interface is changed. Undo writes back what was.
    """

    OPERATIONS: ClassVar[tuple[str, ...]] = (OPERATION,)
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: modify-security-groups, remove: matched, isolation-group: sg-0123456789abcdef0}",
        "{type: modify-security-groups, add: [web, monitoring], remove: [launch-wizard-1]}",
        "{type: modify-security-groups, add-by-tag: {key: environment, values: [production]}}",
    )

    add: Annotated[Names, Says("ids or names of groups to add")] = ()
    add_by_tag: Annotated[TaggedGroups | None, Says("groups to add, by a tag", key="add-by-tag")] = None
    remove: Annotated[
        Literal["matched", "network-location", "all"] | Names, Says("ids or names of groups to take off; or which")
    ] = ()
    isolation_group: Annotated[Names, Says("what to put it in when no group is left", key="isolation-group")] = ()

    def problems(self, *, found: frozenset[str] = frozenset(), **_: Json) -> Iterator[Problem]:
        """Something to do, and a filter that tells what was matched."""
        if not self.add and not self.remove and self.add_by_tag is None:
            yield Problem("add", "there is nothing to do", "give 'add', 'add-by-tag' or 'remove'")
        if self.remove and not (self.add or self.add_by_tag or self.isolation_group):
            yield Problem("remove", "a resource cannot be without a group", "give 'isolation-group' or 'add'")
        for word, name in (("matched", "security-group"), ("network-location", "network-location")):
            if self.remove == word and name not in found:
                yield Problem("remove", f"no filter tells what is {word}", f"add a '{name}' filter, not under 'not'")

    def operations(self, type: ResourceType) -> Sequence[Operation]:
        """The record's operation that sets the groups."""
        return (type.operations[OPERATION],)

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The groups it has now; and all there are, where some are given by name or tag."""
        return self.must_know(type) | Operate(OPERATION, type.operations[OPERATION]).needs(type)

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The same."""
        known = Operate(OPERATION, type.operations[OPERATION]).must_know(type)
        return known | {GROUPS} if self._by_name else known

    @property
    def _by_name(self) -> bool:
        named = (*_listed(self.add), *_listed(self.isolation_group))
        if self.remove not in ("matched", "network-location", "all"):
            named += tuple(_listed(self.remove))
        return self.add_by_tag is not None or not all(each.startswith("sg-") for each in named)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The groups of each of its interfaces, or of itself."""
        operation = setting.type.operations[OPERATION]
        whole = operation.terms.get("interfaces", "")
        if whole:
            present = {each["id"]: each["groups"] or [] for each in getter(whole)(view.attributes) or ()}
        else:
            present = {"": getter(operation.keep["groups"])(view.attributes) or []}
        sets = {name: self._then(groups, view, setting) for name, groups in present.items()}
        word = "modify-security-groups"
        if any(not groups for groups in sets.values()):
            return Skip(view.resource.ref, word, "it would be left without a group; give 'isolation-group'")
        changed = {name: groups for name, groups in sets.items() if set(groups) != set(present[name])}
        if not changed:
            return Skip(view.resource.ref, word, "it is in these groups already")
        told = [{"id": name, "groups": groups} for name, groups in changed.items()]
        options: dict[str, Json] = {"interfaces": told} if whole else {"groups": changed[""]}
        return Operate(word, operation, options).change(view, setting)

    def _then(self, present: Sequence[str], view: View, setting: Setting) -> list[str]:
        """The groups it shall be in; none where it would be left without."""
        known = [json.loads(text) for text in view.fact(GROUPS)] if self._by_name else []
        vpcs = {each["vpc"] for each in known if each["id"] in present}
        near = [each for each in known if each["vpc"] in vpcs or not vpcs]
        if self.remove in ("matched", "network-location"):
            off = set(setting.found.get("security-group" if self.remove == "matched" else str(self.remove), ()))
        else:
            off = set(present) if self.remove == "all" else set(_ids(_listed(self.remove), near))
        more = _ids(_listed(self.add), near)
        if self.add_by_tag is not None:
            wanted = [[self.add_by_tag.key, value] for value in self.add_by_tag.values]
            more += sorted(each["id"] for each in near if any(tag in wanted for tag in each["tags"] or ()))
        left = list(dict.fromkeys([*(group for group in present if group not in off), *more]))
        return left or _ids(_listed(self.isolation_group), near)


def _listed(value: Names) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _ids(named: Sequence[str], known: Sequence[Mapping[str, Json]]) -> list[str]:
    """Ids of groups that are given by id or name; a name that is not there gives none."""
    found: list[str] = []
    for each in named:
        found += [each] if each.startswith("sg-") else [group["id"] for group in known if group["name"] == each]
    return found
