"""Changes to a resource's tags, by the scheme of its type's record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.model.call import Call
from engine.model.change import Batching, Change, Check, Skip
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType, TagWrite
from engine.plugin.attributes import needs_of_roots
from engine.plugin.identity import fillings
from engine.plugin.paths import fill, getter, place, roots, strings_in
from engine.plugin.protocols import Missing, Setting, View
from engine.plugin.tagging import shaped, tags_of

FAILURES = "FailedResourcesMap"
"""Where the tagging API tells which ARNs failed. Source: Resource Groups Tagging API, TagResources."""


def tag_needs(type: ResourceType) -> frozenset[Need]:
    """The present tags: what is so already is skipped, and the inverse writes back what was. And what names it."""
    return _present(type) | _named(type)


def replaced(type: ResourceType) -> frozenset[Need]:
    """What nothing is written without: what names the resource, and the present tags where one replaces them all."""
    scheme = type.tags
    whole = scheme is not None and scheme.write is not None and scheme.write.replaces
    return _present(type) | _named(type) if whole else _named(type)


def _present(type: ResourceType) -> frozenset[Need]:
    return needs_of_roots(frozenset({"Tags"}), type)


def _named(type: ResourceType) -> frozenset[Need]:
    """What fills the parameters that say which resource is meant."""
    scheme = type.tags
    doors = [door for door in (scheme.write, scheme.remove) if door is not None] if scheme is not None else []
    read = {name for door in doors for path in strings_in([door.with_, door.region]) if path for name in roots(path)}
    return needs_of_roots(frozenset(name for name in read if not name.startswith("_")) - {"Tags"}, type)


def write_tags(
    view: View, setting: Setting, action: str, new: Mapping[str, str], *, propagate: bool = False
) -> Change | Skip:
    """Set these tags; those that have their value already are left alone. `propagate` is what the record asks for."""
    own = tags_of(view.attributes)
    todo = {k: v for k, v in new.items() if own.get(k) != v}
    if not todo:
        return Skip(view.resource.ref, action, "it is tagged so already")
    added = [k for k in todo if k not in own]
    restored = {k: own[k] for k in todo if k in own}
    return _change(view, setting, action, own, todo, (), restored, added, propagate=propagate)


def remove_tags(view: View, setting: Setting, action: str, keys: Sequence[str]) -> Change | Skip:
    """Remove these tags; those it does not have are left alone."""
    own = tags_of(view.attributes)
    if _unknown(view, setting):
        return _change(view, setting, action, own, {}, keys, {}, ())
    present = [k for k in keys if k in own]
    if not present:
        return Skip(view.resource.ref, action, "it has none of these tags")
    return _change(view, setting, action, own, {}, present, {k: own[k] for k in present}, ())


def move_tag(
    view: View, setting: Setting, action: str, old: str, new: str, *, propagate: bool = False
) -> Change | Skip:
    """Give the value of one tag to another key and remove the first."""
    own = tags_of(view.attributes)
    todo = {new: own[old]} if own.get(new) != own[old] else {}
    restored = {old: own[old]} | ({new: own[new]} if new in own else {})
    added = () if new in own else (new,)
    return _change(view, setting, action, own, todo, (old,), restored, added, propagate=propagate)


def _change(
    view: View,
    setting: Setting,
    action: str,
    own: Mapping[str, str],
    write: Mapping[str, str],
    remove: Sequence[str],
    write_back: Mapping[str, str],
    remove_again: Sequence[str],
    *,
    propagate: bool = False,
) -> Change:
    data = {**fillings(setting.type, view.attributes, setting.scope), "_options": {"propagate": propagate}}
    calls = _calls(setting, data, own, write, remove)
    then = {**{k: v for k, v in own.items() if k not in remove}, **write}
    unread = _unknown(view, setting)
    inverse = () if unread else _calls(setting, data, then, write_back, remove_again)
    touched = [*write, *remove]
    scheme = setting.type.tags
    door = scheme.write if scheme is not None and write else scheme.remove if scheme is not None else None
    single = len(calls) == 1 and door is not None and door.batch and not door.replaces
    return Change(
        ref=view.resource.ref,
        action=action,
        calls=calls,
        before={f"tag:{k}": own.get(k) for k in touched},
        after={f"tag:{k}": write.get(k) for k in touched},
        inverse=inverse,
        irreversible=unread,
        batching=_batching(door) if single and door is not None else None,
        done=Check(" && ".join(_holds(k, write.get(k)) for k in touched)),
    )


def _unknown(view: View, setting: Setting) -> str:
    """Why the present tags are not known, or empty."""
    try:
        for need in _present(setting.type):
            view.fact(need)
    except Missing as missing:
        return f"the tags it had before are not known: {'; '.join(missing.verdict.causes)}"
    return ""


def _batching(door: TagWrite) -> Batching:
    return Batching(door.batch, door.most, FAILURES if door.service == "resourcegroupstaggingapi" else "")


def _holds(key: str, value: str | None) -> str:
    return f"(Tags[?Key=={_literal(key)}].Value | [0]) == {_literal(value)}"


def _literal(value: str | None) -> str:
    """A text as JMESPath's JSON literal: the only form that takes quotes and backslashes anywhere."""
    text = json.dumps(value).replace("`", "\\`")
    return f"`{text}`"


def _calls(
    setting: Setting, data: Mapping[str, Json], own: Mapping[str, str], write: Mapping[str, str], remove: Sequence[str]
) -> tuple[Call, ...]:
    scheme = setting.type.tags
    if scheme is None or scheme.write is None:
        raise LookupError(f"{setting.type.word} cannot be tagged")
    if scheme.write.replaces:
        whole = {**{k: v for k, v in own.items() if k not in remove}, **write}
        return (_call(scheme.write, setting, data, whole),)
    calls = []
    if write:
        calls.append(_call(scheme.write, setting, data, write))
    if remove and scheme.remove is not None:
        calls.append(_call(scheme.remove, setting, data, dict.fromkeys(remove, "")))
    return tuple(calls)


def _call(door: TagWrite, setting: Setting, data: Mapping[str, Json], tags: Mapping[str, str]) -> Call:
    params: dict[str, Json] = {k: v for k, v in fill(door.with_, data).items() if v is not None}
    pairs = shaped(tags, door.form)
    if door.each:
        more = fill(door.each, data)
        pairs = [{**pair, **more} for pair in pairs]
    place(params, door.tags, pairs)
    region = getter(door.region)(data) if door.region else None
    scope = replace(setting.scope, region=region) if region else setting.scope
    return Call(door.service or setting.type.service, door.call, params, scope)
