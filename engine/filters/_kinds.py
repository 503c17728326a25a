"""Value types: how `value_type` turns the two sides of a comparison into things that can be compared.

Each kind takes (r, v, op, now) and gives the new pair, or a bool where the comparison is decided already: what cannot
be read as the kind asks does not match. `prepare` does the part of the policy's side that needs no clock.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sized
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from engine.filters import _dates
from engine.model.json import Json

ValueType: TypeAlias = Literal[
    "age",
    "integer",
    "expiration",
    "normalize",
    "size",
    "cidr",
    "cidr_size",
    "swap",
    "resource_count",
    "expr",
    "unique_size",
    "date",
    "version",
    "float",
]
WORDS = frozenset({"absent", "present", "not-null", "empty"})
_SET_OPS = frozenset({"in", "not-in", "ni", "contains", "intersect", "difference"})
Pair: TypeAlias = tuple[Json, Json]
Network: TypeAlias = ipaddress.IPv4Network
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


class Instant:
    """A policy's date, read once. Holds what it was written as, for texts that lean on the present day."""

    __slots__ = ("at", "text")

    def __init__(self, text: Json) -> None:
        self.text = text
        lean = [_dates.instant(text, datetime(2024, month, day, tzinfo=UTC)) for month, day in ((2, 1), (9, 28))]
        self.at = lean[0] if lean[0] == lean[1] else None


class Version(list[int | str]):
    """A version's parts; compared part by part, numbers as numbers."""


class Networks(list["Network | Address | None"]):
    """Several networks: `in` asks each."""


def _normalize(r: Json, v: Json, op: str, now: datetime) -> Pair:
    return (r.strip().lower() if isinstance(r, str) else r), v


def _integer(r: Json, v: Json, op: str, now: datetime) -> Pair:
    try:
        return int(str(r).strip()), v
    except ValueError:
        return 0, v


def _float(r: Json, v: Json, op: str, now: datetime) -> Pair:
    try:
        return float(str(r)), v
    except ValueError:
        return 0.0, v


def _size(r: Json, v: Json, op: str, now: datetime) -> Pair:
    return (len(r) if isinstance(r, Sized) else 0), v


def _unique_size(r: Json, v: Json, op: str, now: datetime) -> Pair:
    try:
        return len(set(r)), v
    except TypeError:
        return 0, v


def _swap(r: Json, v: Json, op: str, now: datetime) -> Pair:
    return v, r


def _expr(r: Json, v: Json, op: str, now: datetime) -> Pair:
    return r, v


def _age(r: Json, v: Json, op: str, now: datetime) -> Pair | bool:
    if not is_number(v):
        return False
    threshold = _dates.before(now, v)
    return False if threshold is None else (threshold, _dates.instant(r, now))


def _expiration(r: Json, v: Json, op: str, now: datetime) -> Pair | bool:
    if not is_number(v):
        return False
    threshold = _dates.before(now, -v)
    return False if threshold is None else (_dates.instant(r, now), threshold)


def _date(r: Json, v: Json, op: str, now: datetime) -> Pair | bool:
    at = (v.at or _dates.instant(v.text, now)) if isinstance(v, Instant) else _dates.instant(v, now)
    return False if at is None else (_dates.instant(r, now), at)


def _version(r: Json, v: Json, op: str, now: datetime) -> Pair | bool:
    if isinstance(v, str) and not isinstance(v, Version) and v in WORDS:
        return r, v
    if not isinstance(r, str) or not isinstance(v, str | Version) or op in _SET_OPS:
        return False
    return version(r), (v if isinstance(v, Version) else version(v))


def _cidr_size(r: Json, v: Json, op: str, now: datetime) -> Pair | bool:
    if isinstance(v, str) and v in WORDS:
        return r, v
    parsed = network(r)
    if parsed is None:
        return (0, v) if isinstance(r, str) or r == () else False
    return (parsed.prefixlen, v) if isinstance(parsed, ipaddress.IPv4Network) else False


def _cidr(r: Json, v: Json, op: str, now: datetime) -> Pair | bool:
    if isinstance(v, str) and v in WORDS:
        return r, v
    if not isinstance(r, str) and r != ():
        return False
    mine = network(r)
    theirs = v if isinstance(v, _PARSED) else _networks(v)
    if op in ("in", "not-in", "ni"):
        found = within(mine, theirs)
        return found is not None and found is (op == "in")
    if theirs is None and op in ("", "eq", "equal"):
        return bool(r == v)
    if theirs is None or mine is None:
        return op in ("ne", "not-equal") and r != v
    if isinstance(mine, ipaddress.IPv4Network) and isinstance(theirs, ipaddress.IPv4Network):
        if op == "intersect":
            return mine.overlaps(theirs)
        if op == "difference":
            return not mine.subnet_of(theirs)
        if op == "contains":
            return theirs.subnet_of(mine)
    return mine, theirs


KINDS: Mapping[str, Callable[[Json, Json, str, datetime], Pair | bool]] = {
    "normalize": _normalize,
    "integer": _integer,
    "float": _float,
    "size": _size,
    "unique_size": _unique_size,
    "swap": _swap,
    "expr": _expr,
    "age": _age,
    "expiration": _expiration,
    "date": _date,
    "version": _version,
    "cidr": _cidr,
    "cidr_size": _cidr_size,
}
_PARSED = (ipaddress.IPv4Network, ipaddress.IPv4Address, ipaddress.IPv6Address, Networks)


def prepare(value_type: str, v: Json) -> Json:
    """The policy's side with what needs no clock done; `KINDS` accept it in place of `v`."""
    if isinstance(v, str) and v in WORDS:
        return v
    if value_type == "date":
        return Instant(v)
    if value_type == "version" and isinstance(v, str):
        return version(v)
    if value_type == "cidr":
        found = _networks(v)
        return v if found is None else found
    return v


def is_number(value: Json) -> bool:
    """A number that is not true or false."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def version(text: str) -> Version:
    """The parts of a version: runs of digits as numbers, runs of letters, and anything else between the dots."""
    return Version(
        int(p) if p.isdecimal() and p.isascii() else p for p in re.findall(r"[0-9]+|[a-z]+|[^0-9a-z.]+", text)
    )


def network(text: Json) -> Network | Address | None:
    """An IPv4 network (`10.0.0.0/8`, without host bits) or an address of either family; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        return ipaddress.IPv4Network(text) if "/" in text else ipaddress.ip_address(text)
    except ValueError:
        return None


def _networks(v: Json) -> Network | Address | Networks | None:
    return Networks(network(each) for each in v) if isinstance(v, list | tuple | set | frozenset) else network(v)


def within(mine: Network | Address | None, theirs: Json) -> bool | None:
    """Whether a network or an address lies in a network, a network holds an address, or one of several does so.

    Two single addresses cannot be asked that (None): they are compared with `eq`. A list may name addresses.
    """
    if isinstance(theirs, Networks):
        return mine is not None and any(mine == each or _inside(mine, each) for each in theirs)
    if isinstance(theirs, ipaddress.IPv4Network):
        return _inside(mine, theirs)
    if isinstance(theirs, ipaddress.IPv4Address | ipaddress.IPv6Address) and isinstance(mine, ipaddress.IPv4Network):
        return theirs in mine if isinstance(theirs, ipaddress.IPv4Address) else False
    return None


def _inside(mine: Network | Address | None, theirs: Network | Address | None) -> bool:
    if not isinstance(theirs, ipaddress.IPv4Network):
        return False
    if isinstance(mine, ipaddress.IPv4Network):
        return mine.subnet_of(theirs)
    return isinstance(mine, ipaddress.IPv4Address) and mine in theirs


def problem_of(value_type: str, v: Json) -> str:
    """What is wrong with a policy's value for this kind, as the end of a sentence; empty when nothing is."""
    word = isinstance(v, str) and v in WORDS
    if value_type in ("age", "expiration"):
        if not is_number(v):
            return "is not a number of days"
        return "" if _dates.before(datetime(2024, 1, 1, tzinfo=UTC), v) else "is more days than the calendar has"
    if value_type == "date":
        return "" if _dates.is_date(v) else "is not a date"
    if value_type == "version" and not isinstance(v, str):
        return "is not a version in quotes"
    if value_type == "expr" and not isinstance(v, str):
        return "is not a JMESPath expression"
    if value_type == "cidr" and not word:
        texts = v if isinstance(v, list | tuple) else [v]
        bad = [t for t in texts if network(t) is None and not _is_ipv6(t)]
        return f"is not an address or a network: {bad[0]}" if bad else ""
    return ""


def _is_ipv6(text: Json) -> bool:
    if not isinstance(text, str):
        return False
    try:
        ipaddress.IPv6Network(text)
    except ValueError:
        return False
    return True
