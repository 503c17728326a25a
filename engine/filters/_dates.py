"""Reads dates the way policies meet them: datetimes, dates, epochs, and text as services and people write it.

Takes any JSON value and the clock's `now` (for text that leaves parts out, such as a bare month name); gives an aware
datetime or None. A date without a zone is UTC, whatever machine runs the policy. Zones go by IANA name or alias.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from engine.model.json import Json

FIRST_EPOCH = datetime(2006, 3, 19, tzinfo=UTC).timestamp()
"""Numbers that would be earlier instants are not read as epochs: they are more likely to be something else."""

ZONE_ALIASES: Mapping[str, str] = {
    "aet": "Australia/Sydney",
    "ast": "America/Phoenix",
    "at": "America/Phoenix",
    "brt": "America/Sao_Paulo",
    "bst": "Europe/London",
    "cdt": "America/Chicago",
    "cet": "Europe/Berlin",
    "cst": "America/Chicago",
    "ct": "America/Chicago",
    "edt": "America/New_York",
    "est": "America/New_York",
    "et": "America/New_York",
    "gmt": "Etc/GMT",
    "gt": "Etc/GMT",
    "ist": "Europe/Dublin",
    "it": "Asia/Kolkata",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "mdt": "America/Denver",
    "mst": "America/Denver",
    "mt": "America/Denver",
    "nzst": "Pacific/Auckland",
    "pdt": "America/Los_Angeles",
    "pst": "America/Los_Angeles",
    "pt": "America/Los_Angeles",
    "sgt": "Asia/Singapore",
    "utc": "Etc/UTC",
}
"""Names of zones that policies and schedule tags use beside IANA's. Source: c7n 0.9.53, language reference 7.3."""

_ABBREVIATED_HOURS: Mapping[str, float] = {
    "ACDT": 10.5, "ACST": 9.5, "ADT": -3, "AEDT": 11, "AEST": 10, "AKDT": -8, "AKST": -9, "AST": -4, "AWST": 8,
    "BRST": -2, "BRT": -3, "BST": 1, "CAT": 2, "CDT": -5, "CEST": 2, "CET": 1, "CST": -6, "EAT": 3, "EDT": -4,
    "EEST": 3, "EET": 2, "EST": -5, "GMT": 0, "HKT": 8, "HST": -10, "IST": 5.5, "JST": 9, "KST": 9, "MDT": -6,
    "MSK": 3, "MST": -7, "NDT": -2.5, "NST": -3.5, "NZDT": 13, "NZST": 12, "PDT": -7, "PHT": 8, "PKT": 5, "PST": -8,
    "SAST": 2, "SGT": 8, "SST": -11, "UTC": 0, "WAT": 1, "WEST": 1, "WET": 0, "WIB": 7, "Z": 0,
}  # fmt: skip
"""Hours ahead of UTC. Source: IANA time zone database, abbreviations in use (IST: India, the commonest of three)."""


def instant(value: Json, now: datetime) -> datetime | None:
    """The instant a value names, or None if it names none."""
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    if isinstance(value, str):
        return _text(value.strip(), now)
    if isinstance(value, date):
        return datetime.combine(value, time(), tzinfo=UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _epoch(value)
    return None


def is_date(value: Json) -> bool:
    """Whether a policy's value names an instant (whatever the present day)."""
    return instant(value, datetime(2024, 2, 1, tzinfo=UTC)) is not None


def before(now: datetime, days: float) -> datetime | None:
    """`now` less so many days (more, if negative); None outside the calendar."""
    try:
        return now - timedelta(days=days)
    except (OverflowError, ValueError):
        return None


@functools.lru_cache(maxsize=1024)
def zone(name: str) -> tzinfo | None:
    """A time zone by IANA name or alias, in any case; None if there is none."""
    import zoneinfo

    wanted = ZONE_ALIASES.get(name.strip().lower(), name.strip())
    try:
        return zoneinfo.ZoneInfo(wanted)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        found = _zones().get(wanted.lower())
        return zoneinfo.ZoneInfo(found) if found else None


@functools.cache
def _zones() -> Mapping[str, str]:
    import zoneinfo

    return {name.lower(): name for name in zoneinfo.available_timezones()}


def mark_date(text: str, local: tzinfo, now: datetime) -> datetime | None:
    """The date of a mark: `2026/11/21`, `2026/11/20 2300 PST`, or ISO 8601; without a zone it is in `local`.

    An abbreviation that `local` itself uses on that day means that (IST in Dublin), else the table's. A time with a
    colon is only read in ISO form with an offset: elsewhere it is a sign of a broken mark.
    """
    text = text.strip()
    if ":" in text:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return None
        return found if found.tzinfo is not None else None
    naive = _lenient(text, now.date(), _nowhere)
    if naive is None:
        return None
    here = naive.replace(tzinfo=local)
    named = _lenient(text, now.date(), lambda name, offset: local if name == here.tzname() else _offset(name, offset))
    if named is None:
        return None
    return named if named.tzinfo is not None else here


def _epoch(number: float) -> datetime | None:
    for seconds in (number, number / 1000 if abs(number) < 1e300 else 0):
        try:
            if seconds > FIRST_EPOCH:
                return datetime.fromtimestamp(seconds, tz=UTC)
        except (OverflowError, ValueError, OSError):
            continue
    return None


def _text(text: str, now: datetime) -> datetime | None:
    if text.isdecimal() and text.isascii():
        if len(text) == 8:
            try:
                return datetime.fromisoformat(text).replace(tzinfo=UTC)
            except ValueError:
                return None
        return _epoch(int(text)) if len(text) <= 20 else None
    if len(text) >= 10 and text[4] == "-":
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return _lenient_utc(text, now.date())
        return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return _lenient_utc(text, now.date())


@functools.lru_cache(maxsize=4096)
def _lenient_utc(text: str, today: date) -> datetime | None:
    found = _lenient(text, today, _offset)
    if found is None:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _lenient(text: str, today: date, zones: Callable[[str | None, int | None], tzinfo | None]) -> datetime | None:
    """What dateutil makes of a text; parts left out are today's. Raises nothing."""
    if not text or len(text) > 100:
        return None
    from dateutil import parser

    try:
        found: datetime = parser.parse(text, default=datetime.combine(today, time()), tzinfos=zones)
        return found
    except (ValueError, ArithmeticError, TypeError, IndexError, AttributeError):
        # dateutil documents ValueError and OverflowError; odd texts have made it raise the others too
        return None


def _nowhere(name: str | None, offset: int | None) -> tzinfo | None:
    return None


def _offset(name: str | None, offset: int | None) -> tzinfo | None:
    """A zone for what dateutil found at the end of a text. Raises ValueError for an abbreviation nobody knows."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name is None:
        return None
    if name not in _ABBREVIATED_HOURS:
        raise ValueError(name)
    return timezone(timedelta(hours=_ABBREVIATED_HOURS[name]), name)
