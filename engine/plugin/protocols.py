"""The shapes of the pieces: Filter, Action, Provider and the ports through which the world is reached.

A filter states needs and judges facts; it never fetches and never writes on a resource. An action returns changes as
data. Both are frozen parameter classes (see `engine.plugin.params`): the class is the schema, the reader and the
documentation page at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from engine.model.call import Call
from engine.model.change import Change, Skip
from engine.model.finding import Evidence
from engine.model.json import Attributes, Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.resource import Resource
from engine.model.scope import Scope
from engine.model.verdict import Verdict


class Missing(Exception):
    """A fact is not there: `verdict` is what a judge must answer instead.

    Raised by `View.fact`; caught in one place, where a filter is judged, and turned into that verdict.
    """

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict


class View(Protocol):
    """One resource as a filter sees it: its attributes joined with the gathered facets, and its facts."""

    @property
    def resource(self) -> Resource:
        """The frozen snapshot."""

    @property
    def attributes(self) -> Attributes:
        """The listing's attributes and the facets gathered so far, under their attribute names; read-only.

        Tags stand under `Tags` as `[{Key, Value}]`, whatever the service calls them.
        """

    def fact(self, need: Need) -> Json:
        """The gathered fact. Raises Missing when it is pending or could not be had."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a piece may know when it is judged: the type, the scope, the clock, the event, the policy's text."""

    type: ResourceType
    scope: Scope
    now: datetime
    policy: Mapping[str, Json] = field(default_factory=dict)
    event: Json = None
    types: Callable[[str], ResourceType] | None = None


@runtime_checkable
class Filter(Protocol):
    """Judges one resource at a time."""

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """What must be known beyond the listing; the same for every resource of the type."""

    def judge(self, view: View, setting: Setting) -> Verdict:
        """The verdict on one resource. No network, no clock, no writes; total: raises nothing but Missing."""

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """Why: expected and observed, for a person."""


@runtime_checkable
class SetFilter(Protocol):
    """Judges all resources that are left at its place in the chain (reduce, resource counts)."""

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """As for Filter."""

    def judge_all(self, views: Sequence[View], setting: Setting) -> Sequence[Verdict]:
        """One verdict for each view, in order."""

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """What the filter asks for (it cannot say more of one resource alone)."""


class Action(Protocol):
    """Turns matched resources into changes, as data."""

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """Facts that the change must know (present tags, the value an inverse writes back)."""

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """What to do to this resource, or why nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of an answer: the parsed body, and whether more pages follow."""

    body: dict[str, Json]


class Door(Protocol):
    """The port to AWS: performs calls. Raises CallFailed, nothing else."""

    def perform(self, call: Call) -> dict[str, Json]:
        """One request, one answer (parsed as botocore does, without ResponseMetadata)."""

    def pages(self, call: Call) -> Iterator[dict[str, Json]]:
        """All pages of a list call, one request each."""


class Provider(Protocol):
    """A cloud: its types by word, and the door to it."""

    def words(self) -> Sequence[str]:
        """Every type's word, aliases included, sorted."""

    def type(self, word: str) -> ResourceType:
        """The record of a word or alias (with or without the provider's prefix). Raises KeyError."""
