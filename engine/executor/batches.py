"""Which changes go out in one call, and what an answer says of each of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace

from engine.model.call import Call
from engine.model.change import Batching, Change
from engine.model.json import Json
from engine.plugin.journal import Entry
from engine.plugin.paths import getter, place


def batches_of(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Entries whose calls merge into one, at most as many as the record allows."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(_mergeable(entry), []).append(entry)
    for group in groups.values():
        batching = group[0].change.batching
        most = batching.most if batching is not None else 1
        for at in range(0, len(group), most):
            yield group[at : at + most]


def _mergeable(entry: Entry) -> str:
    """Equal for entries whose calls differ only in the batch's list."""
    change = entry.change
    if change.batching is None or len(change.calls) != 1 or change.calls[0].mark is not None:
        return f"alone {entry.number}"
    call = change.calls[0]
    rest = _with_list(call, change.batching, [])
    return f"{call} {call.scope} {sorted(rest.items(), key=str)!r} {change.batching}"


def merged(changes: Sequence[Change]) -> Call:
    """One call for changes that differ only in their batch's list."""
    call, batching = changes[0].calls[0], changes[0].batching
    if batching is None:
        raise ValueError("these changes do not merge")
    joined: list[Json] = []
    for change in changes:
        joined += [each for each in _list_of(change.calls[0], batching) if each not in joined]
    return replace(call, params=_with_list(call, batching, joined))


def _list_of(call: Call, batching: Batching) -> list[Json]:
    """The list that is joined."""
    value: Json = call.params
    for name in batching.param.split("."):
        value = value[name]
    return list(json.loads(value) if batching.text else value)


def _with_list(call: Call, batching: Batching, elements: list[Json]) -> dict[str, Json]:
    """The call's parameters with another list."""
    params = deepcopy(call.params) if "." in batching.param else dict(call.params)
    place(params, batching.param, json.dumps(elements) if batching.text else elements)
    return params


def failed_in(batch: Sequence[Entry], answer: Mapping[str, Json]) -> dict[int, str]:
    """Number → why it failed, for answers that name the elements that failed."""
    batching = batch[0].change.batching
    if batching is None or not batching.failures:
        return {}
    told = getter(batching.failures)(answer) or {}
    reasons = {}
    for entry in batch:
        for element in entry.change.calls[0].params.get(batching.param, ()):
            if element in told:
                reasons[entry.number] = str(told[element].get("ErrorMessage") or told[element])
    return reasons
