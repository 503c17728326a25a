"""Post an operational item about resources to Systems Manager OpsCenter."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from engine.model.call import Call
from engine.model.change import Batching, Change, Skip
from engine.model.json import Json
from engine.model.need import Need, OpsItemNeed
from engine.model.record import Operation, ResourceType
from engine.plugin.identity import arn_of
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View

WORD = "post-item"
MOST = 100
"""Resources that one item is about. Source: Systems Manager User Guide, Adding related resources to an OpsItem."""
LONGEST = {"title": 1024, "description": 2048}
"""Source: AWS Systems Manager API Reference, CreateOpsItem."""
NOT_IN_SOURCES = ("aws", "amazon", "amzn")
"""Source: the same: words that the name of a source must not hold."""


RESOURCES, POLICY, RESOURCE = "/aws/resources", "/custodian/policy-name", "/custodian/resource"
UNDO = "none: an item's id is known only once it is there; it is resolved in OpsCenter"


@dataclass(frozen=True, slots=True)
class PostItem:
    """Posts an item that names the resources, up to 100 in one.

    A resource that an open item with the same title and source names already is left alone. Where a new one comes to
    them it gets an item of its own.
    """

    BY_ARN: ClassVar[bool] = True
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "post-item",
        "{type: post-item, title: Open to others, priority: 2, tags: {Topic: Security}}",
    )

    title: Annotated[str, Says("the item's title; the policy's name when not given")] = ""
    description: Annotated[str, Says("what it is about; the policy's description, or its name, when not given")] = ""
    priority: Annotated[Literal[1, 2, 3, 4, 5] | None, Says("1 is the highest")] = None
    tags: Annotated[dict[str, str], Says("tags of the item: name → value")] = field(default_factory=dict)
    topics: Annotated[str | tuple[str, ...], Says("ARNs of SNS topics that are told when the item changes")] = ()
    source: Annotated[str, Says("who the item is from")] = "Cloud Custodian"

    def problems(self, **_: Json) -> Iterator[Problem]:
        """What OpsCenter would refuse."""
        for name, most in LONGEST.items():
            if len(getattr(self, name)) > most:
                yield Problem(name, f"'{name}' is longer than {most} characters")
        if not self.source or any(word in self.source.lower() for word in NOT_IN_SOURCES):
            yield Problem("source", f"'{self.source}' cannot be a source", "any name without aws, amazon and amzn")

    @property
    def _need(self) -> OpsItemNeed:
        return OpsItemNeed(source=self.source)

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """Open items of the source that name the resource."""
        return frozenset({self._need})

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The same: what may be told already is not told again."""
        return self.needs(type)

    def operations(self, type: ResourceType) -> Sequence[Operation]:
        """The one operation."""
        return (Operation(call="CreateOpsItem", service="ssm", with_={}, undo=UNDO),)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """An item about this resource, which is joined with those about others."""
        name = str(setting.policy.get("name") or "")
        title = (self.title or name).strip()
        if any(each.get("Title") == title for each in view.fact(self._need)):
            return Skip(view.resource.ref, WORD, "an open item is about it already")
        arn = arn_of(setting.type, view.attributes, setting.scope)
        if not arn:
            return Skip(view.resource.ref, WORD, "it has no ARN")
        topics = (self.topics,) if isinstance(self.topics, str) else self.topics
        params: dict[str, Json] = {
            "Title": title,
            "Description": self.description or str(setting.policy.get("description") or name),
            "Priority": self.priority,
            "Source": self.source,
            "Tags": [{"Key": key, "Value": value} for key, value in self.tags.items()],
            "Notifications": [{"Arn": topic} for topic in topics],
        }
        params = {key: value for key, value in params.items() if value}
        told = {RESOURCES: json.dumps([{"arn": arn}]), POLICY: name, RESOURCE: setting.type.word}
        params["OperationalData"] = {k: {"Type": "SearchableString", "Value": v} for k, v in told.items() if v}
        call = Call("ssm", "CreateOpsItem", params, setting.scope)
        batching = Batching(f"OperationalData.{RESOURCES}.Value", MOST, text=True)
        return Change(view.resource.ref, WORD, (call,), irreversible=UNDO.partition(": ")[2], batching=batching)
