"""Which words may a policy use for a type? Filters and actions, from the catalog and the type's record."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import overload

from engine.model.record import ResourceType
from engine.plugin.catalog import ALIASES, Catalog

KINDS = frozenset(
    {
        "age",
        "state",
        "attribute",
        "related",
        "subnet",
        "unused",
        "dangling",
        "mirror",
        "ingress",
        "egress",
        "offhour",
        "onhour",
        "cross-account",
        "has-statement",
        "web-acl",
        "consecutive",
        "linked",
        "parts",
        "quota-usage",
        "check-permissions",
        "usage",
    }
)
"""Filters that a type's record builds words from; a policy may name them only where a record does."""

BLOCKS = ("and", "or", "not")


def filter_words(type: ResourceType, catalog: Catalog) -> list[str]:
    """Every filter a policy may name for this type, sorted, blocks included."""
    generic = [w for w in catalog.filters.words() if w not in KINDS and filter_applies(w, type)]
    return sorted({*generic, *type.filters, *BLOCKS})


def filter_applies(word: str, type: ResourceType) -> bool:
    """Whether a generic filter makes sense for the type: it has metrics, tags, or is the account itself."""
    if word == "metrics":
        return type.metrics is not None
    if word in ("marked-for-op", "tag-count"):
        return type.tags is not None
    if word == "config-compliance":
        return bool(type.config or type.cfn)
    if word in ("finding", "health-event", "ops-item"):
        return bool(type.identity.arn)
    if word == "network-location":
        return "security-group" in type.joins or "subnet" in type.joins
    if word == "missing":
        return type.word == "account"
    return True


def action_words(type: ResourceType, catalog: Catalog) -> list[str]:
    """Every action a policy may name for this type, sorted, second names included."""
    generic = [w for w in catalog.actions.words() if action_applies(w, type, catalog)]
    second = [a for a, target in ALIASES["actions"].items() if target in generic]
    return sorted({*generic, *second, *(word for word, op in type.operations.items() if not op.hidden)})


def action_applies(word: str, type: ResourceType, catalog: Catalog) -> bool:
    """Whether a generic action makes sense for the type: those that write tags need a way to, those that name
    it by its ARN an ARN.

    Those that are made of operations (`OPERATIONS`) need one of them in the record.
    """
    cls = catalog.actions.get(word)
    if getattr(cls, "TAGS", ()) and (type.tags is None or type.tags.write is None):
        return False
    if getattr(cls, "BY_ARN", False) and not type.identity.arn:
        return False
    made_of = getattr(cls, "OPERATIONS", ())
    return not made_of or any(name in type.operations for name in made_of)


class ActionWords(Sequence[str]):
    """`action_words`, looked up when somebody asks: it imports every action there is."""

    def __init__(self, type: ResourceType, catalog: Catalog) -> None:
        self._of = functools.partial(action_words, type, catalog)

    @functools.cached_property
    def _words(self) -> list[str]:
        return self._of()

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        """A word by its place."""
        return self._words[index]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._words)
