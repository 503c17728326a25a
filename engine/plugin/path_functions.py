"""Functions of paths beside JMESPath's own: c7n's two additions, and what records need (told in `engine.model.record`).

Imports JMESPath, so `paths` imports this only where a path needs it.
"""

from __future__ import annotations

import csv
import fnmatch
import io
import ipaddress
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from jmespath.functions import Functions, signature

from engine.model.json import Json, TooDeep, parsed
from engine.model.verdict import unknown
from engine.plugin.paths import PathRejected, getter
from engine.plugin.patterns import compiled
from engine.plugin.protocols import Missing

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


class PathFunctions(Functions):  # type: ignore[misc]  # jmespath has no types
    """JMESPath finds them by their names. Lists keep their order, and null is an empty one."""

    @signature({"types": ["string"]}, {"types": ["string", "null"]})  # type: ignore[untyped-decorator]
    def _func_split(self, separator: str, text: str | None) -> list[str] | None:
        return None if text is None else text.split(separator)

    @signature({"types": ["string", "null"]})  # type: ignore[untyped-decorator]
    def _func_from_json(self, text: str | None) -> Json:
        try:
            return parsed(text) if text is not None else None
        except TooDeep as error:  # something is there: it must not count as missing
            raise Missing(unknown(f"JSON text cannot be read: {error}")) from error
        except ValueError:
            return None

    @signature({"types": ["object", "null"]}, {"types": []})  # type: ignore[untyped-decorator]
    def _func_lookup(self, table: Mapping[str, Json] | None, key: Json) -> Json:
        return table.get(key) if table is not None and isinstance(key, str) else None

    @signature({"types": ["string", "null"]}, {"types": []})  # type: ignore[untyped-decorator]
    def _func_search(self, path: str | None, data: Json) -> Json:
        try:
            return getter(path)(data) if path is not None else None
        except PathRejected:
            return None

    @signature({"types": ["array-number"]})  # type: ignore[untyped-decorator]
    def _func_product(self, numbers: list[float]) -> float:
        return math.prod(numbers)

    @signature({"types": ["array", "null"]}, {"types": ["array", "null"]})  # type: ignore[untyped-decorator]
    def _func_those_in(self, items: list[Json] | None, others: list[Json] | None) -> list[Json]:
        return [item for item in items or () if item in (others or ())]

    @signature({"types": ["array", "null"]}, {"types": ["array", "null"]})  # type: ignore[untyped-decorator]
    def _func_those_not_in(self, items: list[Json] | None, others: list[Json] | None) -> list[Json]:
        return [item for item in items or () if item not in (others or ())]

    @signature({"types": ["string", "null"]}, {"types": ["array", "null"]})  # type: ignore[untyped-decorator]
    def _func_like(self, text: str | None, patterns: list[str] | None) -> bool:
        return text is not None and any(fnmatch.fnmatchcase(text, str(each)) for each in patterns or ())

    @signature({"types": ["string", "null"]}, {"types": ["string", "null"]})  # type: ignore[untyped-decorator]
    def _func_regex(self, text: str | None, pattern: str | None) -> bool:
        return text is not None and pattern is not None and _fits(text, pattern)

    @signature({"types": ["array", "null"]}, {"types": ["string"]}, {"types": ["array", "null"]})  # type: ignore[untyped-decorator]
    def _func_those_with(self, items: list[Json] | None, path: str, values: list[Json] | None) -> list[Json]:
        wanted = values or []

        def has(value: Json) -> bool:
            return value in wanted or (isinstance(value, list) and any(each in wanted for each in value))

        return [item for item in items or () if has(getter(path)(item))]

    @signature({"types": ["array", "null"]}, {"types": ["string"]}, {"types": []})  # type: ignore[untyped-decorator]
    def _func_those_before(self, items: list[Json] | None, path: str, date: Json) -> list[Json]:
        end = _instant(date)
        dates = ((item, _instant(getter(path)(item))) for item in items or ())
        return [item for item, at in dates if at is not None and end is not None and at < end]

    @signature({"types": ["object", "null"]}, {"types": ["array"]})  # type: ignore[untyped-decorator]
    def _func_without(self, table: Mapping[str, Json] | None, keys: list[Json]) -> dict[str, Json]:
        return {key: value for key, value in (table or {}).items() if key not in keys}

    @signature({"types": ["object", "null"]}, {"types": ["object", "null"]})  # type: ignore[untyped-decorator]
    def _func_merged(self, table: Mapping[str, Json] | None, other: Mapping[str, Json] | None) -> dict[str, Json]:
        return _merged(table or {}, other or {})

    @signature({"types": ["object", "null"]})  # type: ignore[untyped-decorator]
    def _func_items(self, table: Mapping[str, Json] | None) -> list[Json]:
        return [{"Key": key, "Value": value} for key, value in (table or {}).items()]

    @signature({"types": []})  # type: ignore[untyped-decorator]
    def _func_csv_rows(self, text: Json) -> list[Json]:
        return csv_rows(text)

    @signature({"types": []}, {"types": ["number", "null"]})  # type: ignore[untyped-decorator]
    def _func_days_after(self, date: Json, days: float | None) -> str | None:
        start = _instant(date)
        try:
            return None if start is None or days is None else (start + timedelta(days=days)).isoformat()
        except OverflowError:
            return None

    @signature({"types": ["array", "null"]}, {"types": ["string", "null"]})  # type: ignore[untyped-decorator]
    def _func_those_like(self, items: list[Json] | None, pattern: str | None) -> list[Json]:
        fits = compiled(pattern, re.IGNORECASE).match if pattern is not None else None
        return [item for item in items or () if fits is None or (isinstance(item, str) and fits(item))]

    @signature({"types": ["object", "null"]}, {"types": ["array", "null"]})  # type: ignore[untyped-decorator]
    def _func_pick(self, table: Mapping[str, Json] | None, keys: list[Json] | None) -> list[Json]:
        return [table[key] for key in keys or () if table is not None and isinstance(key, str) and key in table]

    @signature({"types": ["array", "null"]}, {"types": ["number"]})  # type: ignore[untyped-decorator]
    def _func_chunks(self, items: list[Json] | None, size: float) -> list[list[Json]]:
        found = items or []
        return [found[at : at + int(size)] for at in range(0, len(found), int(size) or 1)]

    @signature({"types": ["array", "null"]})  # type: ignore[untyped-decorator]
    def _func_unique(self, items: list[Json] | None) -> list[Json]:
        return [item for at, item in enumerate(items or ()) if items is not None and item not in items[:at]]

    @signature({"types": ["array", "null"]})  # type: ignore[untyped-decorator]
    def _func_sort_versions(self, items: list[Json] | None) -> list[str]:
        return sorted((each for each in items or () if isinstance(each, str)), key=_parts)

    @signature({"types": ["number", "null"]}, {"types": ["number", "null"]})  # type: ignore[untyped-decorator]
    def _func_quotient(self, number: float | None, by: float | None) -> float | None:
        return number / by if number is not None and by else None

    @signature({"types": ["array", "null"]}, {"types": ["string"]}, {"types": ["array", "null"]})  # type: ignore[untyped-decorator]
    def _func_first_covering(self, rules: list[Json] | None, path: str, networks: list[Json] | None) -> list[Json]:
        ranges = [(_network(getter(path)(rule)), rule) for rule in rules or ()]
        return [next((rule for of, rule in ranges if _covers(of, _network(each))), None) for each in networks or ()]


def _merged(table: Mapping[str, Json], other: Mapping[str, Json]) -> dict[str, Json]:
    """One table in another, at every depth; what is no table in both is the other's."""
    found = dict(table)
    for key, value in other.items():
        own = found.get(key)
        found[key] = _merged(own, value) if isinstance(own, Mapping) and isinstance(value, Mapping) else value
    return found


def _network(text: Json) -> Network | None:
    """A range of addresses as CIDR text says it."""
    try:
        return ipaddress.ip_network(text, strict=False) if isinstance(text, str) else None
    except ValueError:
        return None


def _covers(outer: Network | None, inner: Network | None) -> bool:
    """Whether one range holds all of another; what is no range holds nothing."""
    if isinstance(outer, ipaddress.IPv4Network) and isinstance(inner, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(outer, ipaddress.IPv6Network) and isinstance(inner, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False


def _parts(version: str) -> list[tuple[bool, int, str]]:
    """A version's parts in their order: numbers as numbers, after letters (`7.0.rc1` is before `7.0.1`)."""
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in re.findall("[0-9]+|[a-z]+", version)]


def _fits(text: str, pattern: str) -> bool:
    try:
        return compiled(pattern, re.IGNORECASE).match(text) is not None
    except (re.error, RecursionError, OverflowError):
        return False


def _instant(date: Json) -> datetime | None:
    """A date or its ISO text; without a zone it is UTC."""
    try:
        at = date if isinstance(date, datetime) else datetime.fromisoformat(date)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


_SAID: Mapping[str, Json] = {
    "true": True, "false": False, "N/A": None, "no_information": None, "not_supported": None, "": None,
}  # fmt: skip


def csv_rows(text: Json) -> list[Json]:
    """Rows of comma-separated text under a line of names; true and false as such, null for what says nothing."""
    plain = text.decode() if isinstance(text, bytes) else text
    if not isinstance(plain, str):
        return []
    return [{k: _SAID.get(v, v) for k, v in row.items()} for row in csv.DictReader(io.StringIO(plain), restval="")]
