"""Parsed and checked policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.model.json import Json
from engine.model.node import Node
from engine.model.record import ResourceType
from engine.model.span import Span
from engine.plugin.protocols import Action
from engine.plugin.tree import FilterTree


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy as written: its name, the word of its resource, and its mapping. Not checked yet.

    A name or a word that is not right is empty; `parse` has told why.
    """

    name: str
    resource: str
    node: Node
    vars: Mapping[str, Json] = field(default_factory=dict)

    @property
    def span(self) -> Span:
        """Where the policy begins."""
        return self.node.span

    @property
    def name_span(self) -> Span:
        """Where its name stands; where the policy begins if it has none."""
        name = self.node.get("name")
        return name.span if name is not None else self.node.span


@dataclass(frozen=True, slots=True)
class Act:
    """One action of a policy: its word, the piece that makes changes, and the text it was read from."""

    word: str
    piece: Action
    node: Node


@dataclass(frozen=True, slots=True)
class Limits:
    """`max-resources`: at most `amount` matches and/or `percent` of the population (0..100)."""

    amount: int | None = None
    percent: float | None = None
    op: str = "or"


@dataclass(frozen=True, slots=True)
class CheckedPolicy:
    """A policy without errors. Only `engine.lang.check` makes one, so nobody can compile an unchecked one.

    `policy` has its placeholders filled; `written` is its mapping before that.
    """

    policy: Policy
    type: ResourceType
    filters: tuple[FilterTree, ...]
    actions: tuple[Act, ...]
    conditions: tuple[FilterTree, ...] = ()
    guard: tuple[FilterTree, ...] = ()
    limits: Limits | None = None
    mode: str = "pull"
    on_unknown: str = "report"
    query: tuple[Mapping[str, Json], ...] = ()
    source: str = "describe"
    written: Node | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The policy's name."""
        return self.policy.name

    @property
    def as_written(self) -> Policy:
        """The policy before its placeholders were filled."""
        return self.policy if self.written is None else replace(self.policy, node=self.written)
