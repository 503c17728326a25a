"""What a policy's own `query` adds to the list call.

A key that begins with a capital is a parameter of the call (`Filters`, `InstanceIds`), and so is every key where the
list call knows no `Filters`; any other is the name of an entry of `Filters`, and repeats of it join their values. A
map of just `Name` and `Values` is an entry of `Filters`, one of `Name` and `Value` a parameter. A map with several
keys means all of them. A type's record may say that what is no parameter belongs into one (`list.query`).
Source: c7n 0.9.53, language reference 2.7 and 13 (row 19).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.model.json import Json
from engine.model.record import ResourceType

OURS = frozenset({"augment-keys"})
"""Query keys that tell c7n how to fetch; nothing here depends on them."""


def query_params(type: ResourceType, query: Sequence[Mapping[str, Json]]) -> Mapping[str, Json]:
    """Parameters for the list call, empty without a `query`."""
    params: dict[str, Json] = {}
    named: dict[str, list[str]] = {}
    filtered = any(push.filter for push in type.list.push.values())
    for block in query:
        if type.list.query and type.list.query.removesuffix("[]") not in block:
            _into(params, type.list.query, block)
        elif set(block) == {"Name", "Values"}:
            _join(named, str(block["Name"]), block["Values"])
        elif set(block) == {"Name", "Value"}:
            params[str(block["Name"])] = block["Value"]
        else:
            _each(block, params, named, filtered)
    if named:
        params["Filters"] = [{"Name": name, "Values": values} for name, values in named.items()]
    return params


def _into(params: dict[str, Json], where: str, block: Mapping[str, Json]) -> None:
    name = where.removesuffix("[]")
    params[name] = [*params.get(name, []), block] if where.endswith("[]") else {**params.get(name, {}), **block}


def _each(block: Mapping[str, Json], params: dict[str, Json], named: dict[str, list[str]], filtered: bool) -> None:
    for key, value in block.items():
        if key in OURS:
            continue
        if key == "Filters" and isinstance(value, list):
            for entry in value:
                _join(named, str(entry.get("Name")), entry.get("Values", []))
        elif key[:1].isupper() or not filtered:
            params[key] = value
        else:
            _join(named, key, value)


def _join(named: dict[str, list[str]], name: str, value: Json) -> None:
    values = value if isinstance(value, list) else [value]
    texts = [str(v).lower() if isinstance(v, bool) else str(v) for v in values]
    named[name] = list(dict.fromkeys([*named.get(name, []), *texts]))
