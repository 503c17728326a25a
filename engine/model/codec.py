"""Calls and changes to JSON and back, for saved plans and the journal. Dates become `{"$date": ISO 8601}`."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date, datetime

from engine.model.call import Call, Mark, Sweeping, Wait
from engine.model.change import Batching, Change, Check
from engine.model.json import Json
from engine.model.resource import ResourceRef
from engine.model.scope import Scope


def plain(value: Json) -> Json:
    """A value made of JSON's own kinds."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if isinstance(value, datetime | date):
        return {"$date": value.isoformat()}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    return value


def revived(value: Json) -> Json:
    """The inverse of `plain`."""
    if isinstance(value, Mapping):
        if set(value) == {"$date"}:
            text = value["$date"]
            return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
        if set(value) == {"$bytes"}:
            return base64.b64decode(value["$bytes"])
        return {k: revived(v) for k, v in value.items()}
    return [revived(v) for v in value] if isinstance(value, list) else value


def scope_json(scope: Scope) -> dict[str, str]:
    """A scope as a mapping."""
    return {"account": scope.account, "region": scope.region, "target": scope.target}


def call_json(call: Call) -> dict[str, Json]:
    """A call as a mapping."""
    data = {
        "service": call.service,
        "operation": call.operation,
        "params": plain(call.params),
        "scope": scope_json(call.scope),
    }
    if call.wait is not None:
        polled = call_json(call.wait.call) if call.wait.call is not None else None
        data["wait"] = {"seconds": call.wait.seconds, "call": polled, "until": call.wait.until}
    if call.always:
        data["always"] = True
    if call.already:
        data["already"] = list(call.already)
    if call.mark is not None:
        mark = call.mark
        data["mark"] = {
            "read": call_json(mark.read),
            "found": mark.found,
            "none": list(mark.none),
            "to": mark.to,
            "form": mark.form,
            "kind": mark.kind,
            "most": mark.most,
        }
    if call.sweep is not None:
        sweep = call.sweep
        data["sweep"] = {
            "call": call_json(sweep.call),
            "items": sweep.items,
            "param": sweep.param,
            "most": sweep.most,
            "failures": sweep.failures,
        }
    return data


def call_of_json(data: Mapping[str, Json]) -> Call:
    """The inverse of `call_json`."""
    wait, sweep, mark = data.get("wait"), data.get("sweep"), data.get("mark")
    return Call(
        data["service"],
        data["operation"],
        revived(data["params"]),
        Scope(**data["scope"]),
        wait=Wait(**{**wait, "call": call_of_json(wait["call"]) if wait["call"] else None}) if wait else None,
        sweep=Sweeping(**{**sweep, "call": call_of_json(sweep["call"])}) if sweep else None,
        always=data.get("always", False),
        already=tuple(data.get("already", ())),
        mark=Mark(**{**mark, "read": call_of_json(mark["read"]), "none": tuple(mark["none"])}) if mark else None,
    )


def change_json(change: Change) -> dict[str, Json]:
    """A change as a mapping."""
    return {
        "type": change.ref.type,
        "id": change.ref.id,
        "scope": scope_json(change.ref.scope),
        "action": change.action,
        "calls": [call_json(c) for c in change.calls],
        "before": plain(change.before),
        "after": plain(change.after),
        "inverse": [call_json(c) for c in change.inverse],
        "irreversible": change.irreversible,
        "batching": _batching_json(change.batching) if change.batching else None,
        "done": {"expression": change.done.expression, "gone": change.done.gone} if change.done else None,
        "destructive": change.destructive,
        **({"unseen": list(change.unseen)} if any(change.unseen) else {}),
    }


def _batching_json(batching: Batching) -> list[Json]:
    return [batching.param, batching.most, batching.failures, *([True] if batching.text else [])]


def change_of_json(data: Mapping[str, Json]) -> Change:
    """The inverse of `change_json`."""
    return Change(
        ref=ResourceRef(data["type"], Scope(**data["scope"]), data["id"]),
        action=data["action"],
        calls=tuple(call_of_json(c) for c in data["calls"]),
        before=revived(data["before"]),
        after=revived(data["after"]),
        inverse=tuple(call_of_json(c) for c in data["inverse"]),
        irreversible=data["irreversible"],
        batching=Batching(*data["batching"]) if data["batching"] else None,
        done=Check(**data["done"]) if data["done"] else None,
        destructive=data["destructive"],
        unseen=tuple(data.get("unseen", (0, 0))),
    )
