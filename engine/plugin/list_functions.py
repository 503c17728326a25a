"""What records need of lists and tables beside JMESPath's own functions. Imports JMESPath: see `paths`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jmespath.functions import signature

from engine.model.json import Json


class ListFunctions:
    """Functions of paths; JMESPath finds them by their names."""

    @signature({"types": ["array", "null"]}, {"types": ["string", "null"]})  # type: ignore[untyped-decorator]
    def _func_those_like(self, items: list[Json] | None, pattern: str | None) -> list[Json]:
        fits = re.compile(pattern, re.IGNORECASE).match if pattern is not None else None
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

    @signature({"types": ["number", "null"]}, {"types": ["number", "null"]})  # type: ignore[untyped-decorator]
    def _func_quotient(self, number: float | None, by: float | None) -> float | None:
        return number / by if number is not None and by else None
