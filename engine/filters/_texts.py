"""How filters show what they asked and what they saw: short texts for evidence, never used in judging."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime

from engine.filters import _dates
from engine.filters._compare import SIGNS
from engine.filters._kinds import WORDS
from engine.model.json import Json
from engine.model.need import FacetNeed
from engine.model.record import ResourceType
from engine.plugin.attributes import needs_of_key
from engine.plugin.paths import PathRejected

MOST = 80
MISSING = "key missing"


def short(value: Json) -> str:
    """A value on one line of at most 80 characters."""
    if isinstance(value, datetime):
        text = value.isoformat(timespec="seconds")
    elif isinstance(value, date):
        text = value.isoformat()
    elif isinstance(value, str):
        text = " ".join(value.split())
    else:
        try:
            text = json.dumps(value, default=str)
        except (TypeError, ValueError, RecursionError):
            text = repr(value)
    return text if len(text) <= MOST else text[: MOST - 1] + "…"


def seen(value: Json) -> str:
    """What was observed; `key missing` for nothing."""
    return MISSING if value is None else short(value)


def seen_date(value: Json, now: datetime) -> str:
    """A date as it was written, with how long ago (or ahead) it is."""
    if value is None:
        return MISSING
    at = _dates.instant(value, now)
    if at is None:
        return f"{short(value)} (not a date)"
    days = (now - at).total_seconds() / 86400
    return f"{short(value)} ({abs(days):.1f} days {'ago' if days >= 0 else 'ahead'})"


_UNITS: Mapping[str, tuple[str, str]] = {
    "age": ("age of {}", " days"),
    "expiration": ("time left until {}", " days"),
    "size": ("size of {}", ""),
    "unique_size": ("distinct values in {}", ""),
    "cidr_size": ("prefix length of {}", ""),
    "resource_count": ("number of resources", ""),
}


def subject(key: str, value_type: str) -> str:
    """What is compared, in the policy's words: `age of LaunchTime`."""
    return _UNITS.get(value_type, ("{}", ""))[0].format(key)


def wanted(op: str, value_type: str, value: str) -> str:
    """What it is compared with: `> 30 days`, `is absent`, `not-in [...]`."""
    if value in WORDS and op in ("", "eq", "equal"):
        return f"is {value}"
    return f"{SIGNS.get(op, op)} {value}{_UNITS.get(value_type, ('', ''))[1]}"


def source(key: str, type: ResourceType) -> str:
    """Where a key's value comes from: `tags`, the call of the facet that fills it, or `listing`."""
    if key.startswith("tag:"):
        return "tags"
    try:
        needs = needs_of_key(key, type)
    except PathRejected:
        return "listing"
    names = sorted(need.facet for need in needs if isinstance(need, FacetNeed))
    calls = [
        f"{type.facets[n].service or type.service}:{type.facets[n].call}" if n in type.facets else n for n in names
    ]
    return ", ".join(calls) or "listing"
