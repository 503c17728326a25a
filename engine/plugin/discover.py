"""Finds the shelves of this package and of third parties through entry points.

Groups: `engine.filters`, `engine.actions` (a package each) and `engine.providers` (an object each).

The installed packages' `entry_points.txt` are read as they lie on the path, which takes a hundredth of what
`importlib.metadata` takes to be imported and to ask every package; where nothing lies there (an application packed into
one file) it is asked after all.
"""

from __future__ import annotations

import functools
import importlib
import os
import sys
from collections.abc import Iterator

from engine.plugin.catalog import Catalog, Shelf
from engine.plugin.protocols import Provider

GROUPS = ("engine.filters", "engine.actions", "engine.providers")


@functools.cache
def catalog() -> Catalog:
    """The catalog of everything installed; built-in shelves come first."""
    found = sorted(set(_lying()) or set(_told()), key=lambda e: (e[1] != "engine", e[1], e[2]))

    def packages(group: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for of, _, value in found if of == group))

    module, _, name = next(v for group, n, v in found if group == "engine.providers" and n == "aws").partition(":")
    provider: Provider = getattr(importlib.import_module(module), name)
    return Catalog(
        filters=Shelf("filters", packages("engine.filters")),
        actions=Shelf("actions", packages("engine.actions")),
        provider=provider,
    )


def _lying() -> Iterator[tuple[str, str, str]]:
    """(group, name, value) of our groups, from every `*.dist-info` and `*.egg-info` on the path."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                yield from _entries(os.path.join(folder, name, "entry_points.txt"))


def _entries(file: str) -> Iterator[tuple[str, str, str]]:
    try:
        with open(file, encoding="utf-8") as stream:
            text = stream.read()
    except (OSError, UnicodeDecodeError):
        return
    group = ""
    for line in map(str.strip, text.splitlines() if "[engine." in text else ()):
        if line.startswith("["):
            group = line[1:-1].strip()
        elif "=" in line and group in GROUPS and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield group, name.strip(), value.strip()


def _told() -> Iterator[tuple[str, str, str]]:
    """The same from `importlib.metadata`."""
    from importlib.metadata import entry_points

    for group in GROUPS:
        for entry in entry_points(group=group):
            yield group, entry.name, entry.value
