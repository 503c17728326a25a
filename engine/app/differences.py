"""How does a change, computed anew, differ from the one of a plan? A sentence, or nothing where they are equal."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence

from engine.app.plan_file import Hide, SavedChange, nothing_hidden, saved_change
from engine.executor.intent import Planned
from engine.model.change import Change
from engine.model.json import Json
from engine.model.record import ResourceType

_ABSENT: Json = object()
"""Stands for a value that is not there, which is not the same as null."""

MOST_SHOWN = 60
MOST_PATH = 200

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def difference(
    saved: SavedChange,
    change: Change,
    type: ResourceType,
    expected: Mapping[str, Sequence[Json]] | None = None,
    hide: Hide = nothing_hidden,
) -> str:
    """Why the change is another one than the plan's, or empty.

    Args:
        saved: the plan's.
        change: computed anew on the resource as it is.
        type: the resource's; tells which call writes all tags at once.
        expected: further values before it that are no difference (path → values): those that earlier changes of the
            same plan have written.
        hide: as when the plan was made: what was hidden then is not compared.
    """
    computed = saved_change(Planned(saved.policy, saved.step, change), hide)
    if change.action != saved.action:
        return f"the policy wants '{change.action}' there, the plan '{saved.action}'"
    before, after = computed.before, computed.after
    for path in dict.fromkeys((*saved.before, *before)):
        now, then = before.get(path, _ABSENT), saved.before.get(path, _ABSENT)
        if now != then and now not in (expected or {}).get(path, ()):
            return f"{short(path)} is {shown(now)} now, it was {shown(then)} when this was planned"
    for path in dict.fromkeys((*saved.after, *after)):
        now, then = after.get(path, _ABSENT), saved.after.get(path, _ABSENT)
        if now != then:
            return f"it would set {short(path)} to {shown(now)}, the plan says {shown(then)}"
    if reason := _calls_differ(saved, computed, type):
        return reason
    if change.destructive != saved.destructive:
        return f"it is {'' if change.destructive else 'not '}destructive, the plan says otherwise"
    if change.reversible != saved.reversible:
        why = f": {change.irreversible}" if change.irreversible else ""
        return "it can be undone, the plan says otherwise" if change.reversible else f"it cannot be undone{why}"
    return ""


def _calls_differ(saved: SavedChange, computed: SavedChange, type: ResourceType) -> str:
    if [_name(c) for c in computed.calls] != [_name(c) for c in saved.calls]:
        names = (", ".join(map(_name, calls)) or "no call" for calls in (computed.calls, saved.calls))
        return "the policy makes {}, the plan has {}".format(*names)
    bare = _without_tags(computed, type)
    for mine, theirs in zip(computed.calls, saved.calls, strict=True):
        found = first_difference(bare(mine), bare(theirs))
        if found is not None:
            path, now, then = found
            what = short(path.removeprefix("params."))
            return f"{what} of {_name(mine)} is {shown(now)} now, the plan has {shown(then)}"
    return ""


def _name(call: Mapping[str, Json]) -> str:
    return f"{call.get('service')}:{call.get('operation')}"


def _without_tags(change: SavedChange, type: ResourceType) -> Callable[[Mapping[str, Json]], Mapping[str, Json]]:
    """A call less the whole set of tags, where that is how the service writes one: others' tags are no difference.

    The tags that the change is about are compared as its `before` and `after`; the set that is written is computed
    from the tags that the resource has now.
    """
    write = type.tags.write if type.tags is not None else None
    if write is None or not write.replaces or not any(path.startswith("tag:") for path in change.after):
        return lambda call: call
    operation, path = write.call, write.tags.split(".")

    def bare(call: Mapping[str, Json]) -> Mapping[str, Json]:
        if call.get("operation") != operation:
            return call
        made = copy.deepcopy(dict(call))
        inner = made.get("params")
        for name in path[:-1]:
            inner = inner.get(name) if isinstance(inner, dict) else None
        if isinstance(inner, dict):
            inner.pop(path[-1], None)
        return made

    return bare


def first_difference(now: Json, then: Json, path: str = "") -> tuple[str, Json, Json] | None:
    """(path, value now, value then) of the first place where two JSON values differ; None where they are equal."""
    if now is _ABSENT or then is _ABSENT or type(now) is not type(then):
        return None if now == then and not {type(now), type(then)} & {bool} else (path, now, then)
    if isinstance(now, dict):
        for key in dict.fromkeys((*now, *then)):
            inner = f"{path}.{key}" if path else key
            if found := first_difference(now.get(key, _ABSENT), then.get(key, _ABSENT), inner):
                return found
        return None
    if isinstance(now, list):
        for number in range(max(len(now), len(then))):
            mine, theirs = (each[number] if number < len(each) else _ABSENT for each in (now, then))
            if found := first_difference(mine, theirs, f"{path}[{number}]"):
                return found
        return None
    return None if now == then else (path, now, then)


def short(path: str) -> str:
    """A path in a sentence: without what a record says of missing values and of order, and without control characters.

    It may be the file's, so that it holds anything.
    """
    text = path.split(" || ", maxsplit=1)[0].split(" | ", maxsplit=1)[0]
    text = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
    return text if len(text) <= MOST_PATH else f"{text[: MOST_PATH - 1]}…"


def shown(value: Json) -> str:
    """A value in a sentence."""
    if value is _ABSENT or value is None:
        return "absent"
    text = repr(value) if isinstance(value, str | bool | int | float) else json.dumps(value)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def held_by(earlier: Collection[str]) -> str:
    """Why a change is held whose policy's earlier actions on the resource are not as planned."""
    names = ", ".join(f"'{name}'" for name in earlier)
    return f"the policy's earlier action {names} on it is not as planned"
