"""Marks on what a change creates: put into its call, and looked for when the answer was lost.

The mark of a change is `RUN/NUMBER`, its place in the journal, for its later calls with their place in it
(`RUN/NUMBER-2`). Texts end in `(change RUN/NUMBER)`; tags have the key `policy-engine:change`.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace

from engine.model.call import Call, Mark
from engine.model.errors import CallFailed, FailureKind
from engine.model.json import Json
from engine.plugin.paths import getter, place
from engine.plugin.protocols import Door
from engine.plugin.tagging import TAGS_MOST

TAG = "policy-engine:change"
PLACE = "{mark}"


def mark_of(run: str, number: int, at: int = 0) -> str:
    """The mark of a change's call, by its place among the change's calls."""
    return f"{run}/{number}-{at + 1}" if at else f"{run}/{number}"


def marked(call: Call, mark: str) -> Call:
    """The call with the mark in its parameters; as it is where it takes none or has no room for it."""
    if call.mark is None or not call.mark.to:
        return call
    value = _with_mark(call.mark, _at(call.params, call.mark.to), mark)
    if value is None:
        return call
    params = copy.deepcopy(call.params)
    place(params, call.mark.to, value)
    return replace(call, params=params)


def recognisable(call: Call) -> bool:
    """Whether what the call creates can be told from anything else."""
    return call.mark is not None and (not call.mark.to or marked(call, "x") is not call)


def made(call: Call, mark: str, door: Door) -> bool:
    """Whether what the call creates is there. Raises CallFailed where that cannot be read."""
    if call.mark is None:
        raise ValueError("the call has no mark")
    text = f"(change {mark})" if call.mark.form == "text" else mark
    read = replace(call.mark.read, params=_filled(call.mark.read.params, text))
    finds = getter(call.mark.found.replace(PLACE, text))
    try:
        return any(finds(page) for page in door.pages(read))
    except CallFailed as failed:
        if failed.code not in call.mark.none:
            raise
        return False


def doubt(call: Call, answer: Mapping[str, Json]) -> CallFailed | None:
    """What is wrong with the answer to a creation that a mark can settle; None where it shows what was created.

    An answer that names nothing that was created shows nothing; what was created in a failed state is none.
    """
    if call.mark is None:
        return None
    told = [answer, *(each for each in answer.values() if isinstance(each, Mapping))]
    told += [e for v in answer.values() if isinstance(v, list | tuple) for e in v if isinstance(e, Mapping)]
    state = next((str(v) for each in told for k, v in each.items() if _says_state(k) and str(v).lower() in _BROKEN), "")
    if state:
        return CallFailed(
            call.service, call.operation, FailureKind.INVALID, "Failed", f"what it created is in state '{state}'"
        )
    if any(isinstance(v, str) and v and k.endswith(_NAMES) for each in told for k, v in each.items()):
        return None
    text = "the answer names nothing that was created"
    return CallFailed(call.service, call.operation, FailureKind.FAULT, "IncompleteAnswer", text, None)


_BROKEN = frozenset({"error", "failed", "failure", "invalid"})
_NAMES = ("Id", "Arn", "ARN", "Identifier", "Name", "id", "arn", "name")


def _says_state(member: str) -> bool:
    return member.lower().endswith(("state", "status"))


def _with_mark(mark: Mark, present: Json, value: str) -> Json:
    """What the parameter holds with the mark; None where there is no room."""
    if mark.form == "text":
        end = f"(change {value})"
        kept = str(present or "")[: max(0, mark.most - len(end) - 1)]
        return f"{kept} {end}" if kept else end
    if mark.form == "map":
        tags = dict(present or {})
        return {**tags, TAG: value} if len(tags) < TAGS_MOST else None
    if mark.form == "pairs":
        return _with_tag(list(present or []), value)
    specifications = [dict(each) for each in present or []]
    own = next((each for each in specifications if each.get("ResourceType") == mark.kind), None)
    if own is None:
        own = {"ResourceType": mark.kind, "Tags": []}
        specifications.append(own)
    own["Tags"] = _with_tag(list(own.get("Tags") or []), value)
    return specifications if own["Tags"] is not None else None


def _with_tag(tags: list[Json], value: str) -> list[Json] | None:
    return [*tags, {"Key": TAG, "Value": value}] if len(tags) < TAGS_MOST else None


def _at(params: Mapping[str, Json], path: str) -> Json:
    value: Json = params
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _filled(value: Json, text: str) -> Json:
    if isinstance(value, str):
        return value.replace(PLACE, text)
    if isinstance(value, Mapping):
        return {k: _filled(v, text) for k, v in value.items()}
    return [_filled(v, text) for v in value] if isinstance(value, list | tuple) else value
