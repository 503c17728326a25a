"""Time zones by the names that people write: IANA names and c7n's aliases, in any case."""

from __future__ import annotations

import functools
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

ALIASES = {
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver",
    "ct": "America/Chicago", "cst": "America/Chicago", "cdt": "America/Chicago",
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "at": "America/Phoenix", "ast": "America/Phoenix",
    "gmt": "Etc/GMT", "gt": "Etc/GMT", "bst": "Europe/London", "ist": "Europe/Dublin", "cet": "Europe/Berlin",
    "it": "Asia/Kolkata", "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "sgt": "Asia/Singapore",
    "aet": "Australia/Sydney", "brt": "America/Sao_Paulo", "nzst": "Pacific/Auckland",
    "utc": "Etc/UTC", "z": "Etc/UTC",
}  # fmt: skip
"""Source: c7n 0.9.53, language reference 7.3."""


@functools.cache
def zone_named(name: str) -> ZoneInfo | None:
    """The zone of an IANA name or alias, in any case; None when there is none."""
    key = name.strip().lower()
    found = ALIASES.get(key)
    if found is None:
        found = name.strip() if "/" in name and _exists(name.strip()) else _by_lower_case().get(key)
    try:
        return ZoneInfo(found) if found else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@functools.cache
def _by_lower_case() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}
