"""Shelves of pieces: names by file name, each loaded when it is first used.

A shelf is a folder of modules. File stem = the policy's word (`-` is written `_`, a Python keyword gets a trailing
`_`); the module's class is the stem in CamelCase. No register, no decorator, no index.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.plugin.protocols import Provider

ALIASES: Mapping[str, Mapping[str, str]] = {
    "actions": {"mark": "tag", "modify-ecr-policy": "modify-policy", "untag": "remove-tag", "unmark": "remove-tag"},
    "filters": {},
}
"""c7n's second names for the same word. Source: c7n 0.9.53, language reference 8.2."""


def word_of(stem: str) -> str:
    """`marked_for_op` → `marked-for-op`; `and_` → `and`."""
    return stem.rstrip("_").replace("_", "-")


def class_name(stem: str) -> str:
    """`marked_for_op` → `MarkedForOp`."""
    return "".join(part.capitalize() for part in stem.strip("_").split("_"))


@dataclass(slots=True)
class Shelf:
    """One folder of pieces of one kind."""

    kind: str
    packages: tuple[str, ...]
    _modules: dict[str, str] | None = field(default=None, repr=False)

    def modules(self) -> Mapping[str, str]:
        """Word → module path, from one scan of the folders. The first package wins."""
        if self._modules is None:
            found: dict[str, str] = {}
            for package in self.packages:
                spec = importlib.util.find_spec(package)
                for place in (spec.submodule_search_locations if spec else None) or ():
                    for file in Path(place).iterdir():
                        if file.suffix == ".py" and not file.stem.startswith("_"):
                            found.setdefault(word_of(file.stem), f"{package}.{file.stem}")
            self._modules = found
        return self._modules

    def words(self) -> list[str]:
        """Every word on the shelf, sorted, without second names."""
        return sorted(self.modules())

    def get(self, word: str) -> type[Any] | None:
        """The class of a word or second name; None if there is no such word."""
        word = ALIASES.get(self.kind, {}).get(word, word)
        path = self.modules().get(word)
        if path is None:
            return None
        module = importlib.import_module(path)
        found: type[Any] = getattr(module, class_name(path.rsplit(".", 1)[1]))
        return found


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything a policy can name: the generic filters, the generic actions, and the provider's types."""

    filters: Shelf
    actions: Shelf
    provider: Provider
