"""Finds the shelves of this package and of third parties through entry points.

Groups: `engine.filters`, `engine.actions` (a package each) and `engine.providers` (an object each).
"""

from __future__ import annotations

import functools
from importlib.metadata import entry_points

from engine.plugin.catalog import Catalog, Shelf


@functools.cache
def catalog() -> Catalog:
    """The catalog of everything installed; built-in shelves come first."""

    def packages(group: str) -> tuple[str, ...]:
        found = sorted(entry_points(group=group), key=lambda e: (e.name != "engine", e.name))
        return tuple(dict.fromkeys(e.value for e in found))

    provider = next(iter(entry_points(group="engine.providers", name="aws"))).load()
    return Catalog(
        filters=Shelf("filters", packages("engine.filters")),
        actions=Shelf("actions", packages("engine.actions")),
        provider=provider,
    )
