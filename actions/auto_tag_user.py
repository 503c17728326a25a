"""Tag a resource with who made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeAlias

from actions._tag_changes import replaced, tag_needs, write_tags
from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View
from engine.plugin.tagging import tags_of

WORD = "auto-tag-user"
UserType: TypeAlias = Literal["IAMUser", "AssumedRole", "FederatedUser"]


@dataclass(frozen=True, slots=True)
class AutoTagUser:
    """Writes into a tag who made the call that the policy was triggered by; for policies with `mode: cloudtrail`.

    That is an IAM user's name, or the session's name of a role (a federated user); what an instance or a function did
    by itself is left alone. `value` takes something else of the event. A tag that is there stays, unless `update`.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("write",)
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: auto-tag-user, tag: CreatorName}",
        "{type: auto-tag-user, tag: Owner, principal_id_tag: OwnerId, update: true}",
    )

    tag: Annotated[str, Says("name of the tag")]
    principal_id_tag: Annotated[str, Says("name of a tag for the caller's unique id")] = ""
    update: Annotated[bool, Says("write it also where there is one")] = False
    user_type: Annotated[tuple[UserType, ...], Says("kinds of callers that are written", key="user-type")] = (
        "AssumedRole",
        "IAMUser",
        "FederatedUser",
    )
    value: Annotated[
        Literal["userName", "arn", "sourceIPAddress", "principalId"] | None, Says("what of the event to write")
    ] = None

    def problems(self, *, mode: str = "cloudtrail", **_: Json) -> Iterator[Problem]:
        """An event that names its caller."""
        if mode != "cloudtrail":
            yield Problem(
                "type", "only events of CloudTrail name a user", "give the policy 'mode: {type: cloudtrail, …}'"
            )

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The present tags."""
        return tag_needs(type)

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The present tags: one that is there stays."""
        return replaced(type) if self.update else tag_needs(type)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """The tag, and the one for the id."""
        detail = (setting.event.get("detail") if isinstance(setting.event, Mapping) else None) or {}
        caller = detail.get("userIdentity")
        if not isinstance(caller, Mapping):
            return Skip(view.resource.ref, WORD, "no event names a user")
        if self.tag in tags_of(view.attributes) and not self.update:
            return Skip(view.resource.ref, WORD, f"it has a tag {self.tag}")
        user, id = _who(caller) if caller.get("type") in self.user_type else ("", "")
        if not user:
            return Skip(view.resource.ref, WORD, "the event does not name a user of these kinds")
        if self.value is not None:
            user = str((detail if self.value == "sourceIPAddress" else caller).get(self.value) or user)
        more = {self.principal_id_tag: id} if self.principal_id_tag and id else {}
        return write_tags(view, setting, WORD, {self.tag: user, **more})


def _who(caller: Mapping[str, Json]) -> tuple[str, str]:
    """(name, unique id) of a caller; empty for what an instance or a function does by itself.

    Source: CloudTrail User Guide, userIdentity element: `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`; the session
    of an instance's role is named by the instance.
    """
    id = str(caller.get("principalId") or "")
    if caller.get("type") == "IAMUser":
        return str(caller.get("userName") or ""), id
    role, _, session = str(caller.get("arn") or "").rpartition("/")
    if session.startswith(("i-", "awslambda")) or role.endswith("/awslambda"):
        return "", ""
    return session, id.partition(":")[0]
