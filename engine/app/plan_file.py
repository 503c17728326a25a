"""A saved plan: what `engine plan -o` writes, and what `engine apply` compares with what the policies want now.

The file holds the policies as they were loaded and the changes as they were shown. Nothing in it is passed to AWS:
a change of the file stays plain JSON, to be compared and printed, and never becomes a Change.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from engine import __version__
from engine.executor.intent import Planned
from engine.lang.syntax import Policy
from engine.model.change import Change
from engine.model.codec import call_json, plain
from engine.model.errors import UsageRejected
from engine.model.json import Json
from engine.model.resource import ResourceRef
from engine.private_files import write_private

FORMAT = "engine-plan"
VERSION = 2
MOST_BYTES = 32 * 1024 * 1024
"""A change takes about 1 kB, so this is some 30,000 changes."""

LIFETIME = timedelta(hours=24)
LONGEST_LIFETIME = timedelta(days=30)


_PLACEHOLDER = re.compile(r"([A-Za-z]{1,10} )?\{[A-Za-z_][\w-]*\}\Z")
"""A placeholder, as a header's value holds it: after the name of its scheme (`Bearer {token}`), or alone."""

Hide: TypeAlias = Callable[[Json], Json]
"""A JSON value without its secrets. A plan stores none, and what is computed anew is compared without them, too."""


def nothing_hidden(value: Json) -> Json:
    """The value as it is."""
    return value


@dataclass(frozen=True, slots=True)
class SavedPolicy:
    """A policy as it was loaded: its mapping, and the variables of its file.

    `hidden`: the mapping holds a secret that is not stored, so that the policy cannot be run from the plan.
    """

    mapping: Mapping[str, Json]
    variables: Mapping[str, Json] = field(default_factory=dict)
    hidden: bool = False

    @property
    def name(self) -> str:
        """The policy's name, or empty where the mapping has none."""
        name = self.mapping.get("name")
        return name if isinstance(name, str) else ""


@dataclass(frozen=True, slots=True)
class SavedChange:
    """One change as it was shown, in JSON's own kinds: {path: value} before and after, calls as `call_json` gives them.

    `ref` has an empty `target`: credentials are the plan's.
    """

    policy: str
    step: int
    ref: ResourceRef
    action: str
    before: Mapping[str, Json]
    after: Mapping[str, Json]
    calls: Sequence[Mapping[str, Json]]
    destructive: bool
    reversible: bool


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """The whole file. `variables` are those of --vars-file; `target` says whose credentials to use.

    `hidden`: names of variables whose values are secrets and are not stored.
    """

    id: str
    created: datetime
    expires: datetime
    command: str
    target: Mapping[str, Json]
    policies: tuple[SavedPolicy, ...]
    variables: Mapping[str, Json]
    changes: tuple[SavedChange, ...]
    engine: str = __version__
    hidden: tuple[str, ...] = ()

    @property
    def regions(self) -> list[str]:
        """The regions of the changes."""
        return sorted({change.ref.scope.region for change in self.changes})


def plan_of(
    planned: Sequence[Planned],
    policies: Sequence[Policy],
    *,
    created: datetime,
    lifetime: timedelta = LIFETIME,
    command: str = "",
    target: Mapping[str, Json] | None = None,
    variables: Mapping[str, Json] | None = None,
    hide: Hide = nothing_hidden,
) -> SavedPlan:
    """The plan that a run's changes make. Of the policies, those that want a change are kept, in the run's order."""
    wanting = {each.policy for each in planned}
    kept = sorted((p for p in policies if p.name in wanting), key=lambda p: p.span)
    given = [normal(variables or {}), *(normal(dict(policy.vars)) for policy in kept)]
    stored = [hide({"variables": each})["variables"] for each in given]
    return SavedPlan(
        id=f"{created:%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:8]}",
        created=created,
        expires=created + lifetime,
        command=command,
        target=target or {},
        policies=tuple(_saved_policy(p, own, hide) for p, own in zip(kept, stored[1:], strict=True)),
        variables=stored[0],
        changes=tuple(saved_change(each, hide) for each in planned),
        hidden=tuple(sorted({k for all_, few in zip(given, stored, strict=True) for k in all_ if few[k] != all_[k]})),
    )


def _saved_policy(policy: Policy, variables: Mapping[str, Json], hide: Hide) -> SavedPolicy:
    mapping = normal(policy.node.data())
    stored = _with_placeholders(mapping, hide(mapping))
    return SavedPolicy(stored, variables, hidden=stored != mapping)


def _with_placeholders(value: Json, hidden: Json) -> Json:
    """What is hidden of a value, but placeholders, which are no secrets: their values are the variables'."""
    if isinstance(value, dict) and isinstance(hidden, dict):
        return {key: _with_placeholders(each, hidden[key]) for key, each in value.items()}
    if isinstance(value, list) and isinstance(hidden, list):
        return [_with_placeholders(*pair) for pair in zip(value, hidden, strict=True)]
    return value if isinstance(value, str) and _PLACEHOLDER.match(value) else hidden


def saved_change(planned: Planned, hide: Hide = nothing_hidden) -> SavedChange:
    """A change as the file holds it."""
    change: Change = planned.change
    return SavedChange(
        policy=planned.policy,
        step=planned.step,
        ref=change.ref,
        action=change.action,
        before=hide(normal(change.before)),
        after=hide(normal(change.after)),
        calls=hide(normal([call_json(call) for call in change.calls])),
        destructive=change.destructive,
        reversible=change.reversible,
    )


def normal(value: Json) -> Json:
    """A value as it is read back from a file, so that it equals what the file says."""
    return json.loads(json.dumps(plain(value)))


def digest(policies: Sequence[SavedPolicy], variables: Mapping[str, Json]) -> str:
    """The SHA-256 of the policies and variables, in hexadecimal."""
    text = json.dumps([[[p.mapping, p.variables] for p in policies], variables], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def document(plan: SavedPlan) -> dict[str, Json]:
    """The plan as the JSON that is written."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "id": plan.id,
        "created": plan.created.isoformat(),
        "expires": plan.expires.isoformat(),
        "engine": plan.engine,
        "command": plan.command,
        "target": dict(plan.target),
        "regions": plan.regions,
        "sha256": digest(plan.policies, plan.variables),
        "variables": plan.variables,
        "policies": [{"policy": p.mapping, "vars": p.variables, "hidden": p.hidden} for p in plan.policies],
        "hidden": list(plan.hidden),
        "changes": [_change_document(change) for change in plan.changes],
    }


def _change_document(change: SavedChange) -> dict[str, Json]:
    return {
        "policy": change.policy,
        "step": change.step,
        "type": change.ref.type,
        "id": change.ref.id,
        "account": change.ref.scope.account,
        "region": change.ref.scope.region,
        "action": change.action,
        "destructive": change.destructive,
        "reversible": change.reversible,
        "before": change.before,
        "after": change.after,
        "calls": change.calls,
    }


def write(path: Path, plan: SavedPlan) -> None:
    """Write a plan: readable by its owner only, and whole or not at all. Raises UsageRejected where it is too large."""
    text = json.dumps(document(plan), indent=1)
    if len(text) > MOST_BYTES:
        raise UsageRejected(
            f"the plan of {len(plan.changes)} changes is larger than {MOST_BYTES >> 20} MB: "
            "select fewer policies with -p"
        )
    write_private(path, text)
