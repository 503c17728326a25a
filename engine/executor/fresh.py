"""How are these resources now? Read again by id, with the facts that a change's paths need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from engine.executor.execute import gather
from engine.executor.item import Item
from engine.model.change import Change
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.scope import Scope
from engine.plugin.attributes import needs_of_key
from engine.plugin.listing import Types, existing
from engine.plugin.paths import getter
from engine.plugin.protocols import Connection, Missing, Setting
from engine.plugin.tagging import tags_of

_LEFT = re.compile(r"delet(e|ed|ion)(date|time|timestamp|at|on)\Z", re.IGNORECASE)
_LEAVING = re.compile(r"(pending)?(delet|terminat|shuttingdown)")


def read_again(
    connection: Connection, type: ResourceType, scope: Scope, changes: Sequence[Change], types: Types, now: datetime
) -> dict[str, Item]:
    """Id → the resource as it is now; ids that are gone are left out. Raises CallFailed."""
    ids = list(dict.fromkeys(change.ref.id for change in changes))
    found = existing(type, scope, connection.door, types, ids)
    items = {id: Item(resource, type) for id, resource in found.items()}
    wanted: dict[Need, dict[int, Item]] = {}
    for change in changes:
        item = items.get(change.ref.id)
        for need in _needs(change, type) if item is not None else ():
            if item is not None:
                wanted.setdefault(need, {})[id(item)] = item
    gather(connection, wanted, Setting(type, scope, now, types=types), len(found))
    return items


def _needs(change: Change, type: ResourceType) -> Iterable[Need]:
    paths = [p for p in (*change.before, *change.after) if p != "exists"]
    if change.done is not None and change.done.expression:
        paths.append(change.done.expression)
    return {need for path in paths for need in needs_of_key(path, type)}


def unread(change: Change, item: Item) -> str:
    """Why what the change is about cannot be seen on the resource, or empty."""
    try:
        for need in sorted(_needs(change, item.type), key=repr):
            item.fact(need)
    except Missing as missing:
        return "; ".join(missing.verdict.causes) or "a fact was not gathered"
    return ""


def drifted(change: Change, item: Item | None, before: Mapping[str, Json] | None = None) -> str:
    """How the resource differs from what the change was planned against (all its paths, or `before`), or empty."""
    if item is None:
        return "it is gone"
    if reason := unread(change, item):
        return f"it cannot be read again: {reason}"
    for path, planned in (change.before if before is None else before).items():
        observed = value_at(path, item)
        if observed != planned and path != "exists":
            now, then = ("absent" if v is None else repr(v) for v in (observed, planned))
            return f"{path} is {now} now, it was {then} when this was planned"
    return ""


def happened(change: Change, item: Item | None) -> bool | None:
    """Whether a change is seen to have happened; None when it cannot be read, or nothing says how to tell."""
    if item is not None and unread(change, item):
        return None
    if change.done is not None:
        if item is None:
            return True if change.done.gone else None
        if change.done.expression and getter(change.done.expression)(item.attributes):
            return True
        return change.done.gone and is_leaving(item)
    if item is not None and change.after:
        return all(value_at(path, item) == value for path, value in change.after.items())
    return None


def is_leaving(item: Item) -> bool:
    """Whether a resource that can still be read says of itself that it is being deleted, or has been.

    Source:   AWS API references: states that are shown for minutes to hours after a deletion, as `deleting` (RDS,
              EKS), `deleted` (EC2's gateways), `shutting-down`, `terminated`, `PendingDeletion` (KMS),
              `DELETE_PENDING` (Payment Cryptography), `DELETE_IN_PROGRESS` (CloudFormation); or the date of it, as
              `DeletedDate` (Secrets Manager) and `DeletionDate` (KMS).
    """
    for name, value in item.attributes.items():
        if value and _LEFT.match(name):
            return True
        if not name.lower().endswith(("state", "status")):
            continue
        if isinstance(value, Mapping):
            value = value.get("Name") or value.get("Code")  # noqa: PLW2901 - the word within
        word = re.sub(r"[^a-z]", "", value.lower()) if isinstance(value, str) else ""
        if _LEAVING.match(word) and "fail" not in word:
            return True
    return False


def value_at(path: str, item: Item) -> Json:
    """The value at a change's path: `tag:NAME` or JMESPath."""
    if path.startswith("tag:"):
        return tags_of(item.attributes).get(path.removeprefix("tag:"))
    return getter(path)(item.attributes)
