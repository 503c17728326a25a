"""How one resource is called: its id, ARN and name; and the data that `with` tables of records are filled from."""

from __future__ import annotations

import re

from engine.model.json import Attributes, Json
from engine.model.record import ResourceType
from engine.model.scope import Scope
from engine.plugin.paths import getter

_FIELD = re.compile(r"\{([^{}]+)\}")


def arn_of(type: ResourceType, attributes: Attributes, scope: Scope) -> str:
    """The resource's ARN, from an attribute or the record's template; empty where neither gives one.

    A template's fields are `partition`, `region`, `account`, or paths into the attributes.
    """
    source = type.identity.arn
    if not source:
        return ""
    if not source.startswith("arn:"):
        found = getter(source)(attributes)
        return found if isinstance(found, str) else ""
    known = {"partition": scope.partition, "region": scope.region, "account": scope.account}

    def field(match: re.Match[str]) -> str:
        name = match[1]
        value = known.get(name) if name in known else getter(name)(attributes)
        return str(value if value is not None else "")

    return _FIELD.sub(field, source)


def id_of(type: ResourceType, attributes: Attributes, scope: Scope) -> str:
    """What the resource is known by in its account and region; empty where it has no id."""
    identity = type.identity
    if identity.id == "_account":
        return scope.account
    return "/".join(str(attributes.get(name, "")) for name in (*identity.within, identity.id))


def name_of(type: ResourceType, attributes: Attributes) -> str:
    """What a person calls the resource: its name attribute or its tag Name; empty if it has neither."""
    if type.identity.name and not type.identity.name.startswith("tag:"):
        found = getter(type.identity.name)(attributes)
        if isinstance(found, str) and found:
            return found
    for tag in attributes.get("Tags") or ():
        if isinstance(tag, dict) and tag.get("Key") == "Name":
            return str(tag.get("Value", ""))
    return ""


def fillings(type: ResourceType, attributes: Attributes, scope: Scope) -> dict[str, Json]:
    """What `with` tables see: the attributes, and `_arn`, `_account`, `_region`, `_partition`."""
    return {
        **attributes,
        "_arn": arn_of(type, attributes, scope),
        "_account": scope.account,
        "_region": scope.region,
        "_partition": scope.partition,
    }
