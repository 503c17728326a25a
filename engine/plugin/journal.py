"""The journal's port: every change is written before it is made and closed with its outcome."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from engine.model.change import Change, Status
from engine.model.json import Json
from engine.model.resource import ResourceRef


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run: its command, its credentials (names only), and its outcome.

    `kind` is run, apply or undo; `status` is running, done, failed, interrupted, died, or damaged for a row that cannot
    be read; `summary` holds counts. `plan` is the id of the saved plan that the run applies. `host`, `pid` and `born`
    (the process's start time) identify the process; the run counts as alive until `lease` where these cannot decide.
    """

    id: str
    kind: str
    started: datetime
    command: str
    policies: tuple[str, ...] = ()
    target: Mapping[str, Json] = field(default_factory=dict)
    ended: datetime | None = None
    status: str = "running"
    summary: Mapping[str, Json] = field(default_factory=dict)
    pid: int = 0
    plan: str = ""
    host: str = ""
    born: str = ""
    lease: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One change in the journal: its number within the run, its policy, and its outcome. `started`: when it began."""

    run: str
    number: int
    policy: str
    change: Change
    status: Status
    reason: str = ""
    started: datetime | None = None


class Journal(Protocol):
    """Where runs and changes are kept. Raises StoreUnavailable when it cannot be read or written."""

    def begin(self, run: RunRecord, after: Collection[str] = ()) -> None:
        """Open a run.

        Raises PlanRejected where the run applies a saved plan and another run, beside those that it comes `after`,
        has begun to apply it.
        """

    def intend(
        self,
        run: str,
        changes: Sequence[tuple[str, Change]],
        *,
        since: int | None = None,
        anywhere: Set[str] = frozenset(),
    ) -> list[Entry]:
        """Write changes, each with its policy's name, and claim their resources; durable on return.

        Entries are PLANNED, or SKIPPED with the reason: another live run holds the resource, an unsettled change of
        another run holds it, or another run has changed it after `since` (see `touched`). `anywhere` are the types
        whose resources are the same in every region.
        """

    def started(self, entries: Sequence[Entry]) -> None:
        """Mark entries as about to be made; durable on return."""

    def closed(self, entries: Sequence[Entry], status: Status, reasons: Mapping[int, str]) -> None:
        """Record the outcome of entries; `reasons` by number."""

    def beat(self, run: str) -> None:
        """Renew a run's lease."""

    def end(self, run: str, status: str, ended: datetime, summary: Mapping[str, Json]) -> None:
        """Close a run and release its claims."""

    def settle(self, run: str, number: int, status: Status, reason: str) -> None:
        """Record the outcome of a change whose own run is over; `touched` stays as it is."""

    def touched(self) -> int:
        """The counter of writes: what is written from now on has a higher number."""

    def unsettled(self, refs: Sequence[ResourceRef], anywhere: Set[str] = frozenset()) -> list[Entry]:
        """Changes of any run on these resources that may or may not have been made, oldest first."""

    def done_on(self, refs: Sequence[ResourceRef], anywhere: Set[str] = frozenset()) -> list[Entry]:
        """Changes of any run on these resources that were made, newest first."""

    def status(self, run: str, number: int) -> str | None:
        """A change's status as it is written, also where the change itself cannot be read; None: no such change."""

    def runs(self, most: int = 20) -> list[RunRecord]:
        """The newest runs first, in the order they were opened."""

    def runs_of_plan(self, plan: str) -> list[RunRecord]:
        """Runs that apply a saved plan, newest first."""

    def runs_since(self, id: str) -> list[RunRecord]:
        """Runs that were opened after one, newest first."""

    def run(self, id: str, but: str = "") -> RunRecord | None:
        """One run by its id or an unambiguous beginning of it; `last` is the newest that is not of kind `but`."""

    def entries(self, run: str) -> list[Entry]:
        """A run's changes in their order."""

    def counts(self, run: str) -> dict[str, int]:
        """How many changes of a run have each status."""


BEING_CHANGED = "being changed by run "
CHANGED_SINCE = "changed by run "


def being_changed(run: str) -> str:
    """Why a resource is left to another run that is going on."""
    return f"{BEING_CHANGED}{run}"


def changed_since(run: str) -> str:
    """Why a resource is left alone that another run has changed meanwhile."""
    return f"{CHANGED_SINCE}{run} after this run read it"


def left_to_another(reason: str) -> bool:
    """Whether a skip's reason is that another run has the resource, or had it meanwhile."""
    return reason.startswith((BEING_CHANGED, CHANGED_SINCE))


_HELD = "may or may not have been made"


def is_held(reason: str) -> bool:
    """Whether a skip's reason is a change that nobody has settled yet."""
    return _HELD in reason


ON_ITS_WAY = "its request may still be on its way until "
"""In the reason of an unsettled creation; the time follows."""


def held_by(run: str, number: int, reason: str = "") -> str:
    """Why an unsettled change holds every later action on its resource, and what settles it.

    Args:     reason: why it is not settled; a request that may still be on its way settles with time.
    """
    change = f"change {number} of run {run} {_HELD}"
    _, waits, until = reason.partition(ON_ITS_WAY)
    if waits:
        return f"{change}, and {ON_ITS_WAY}{until}; run the command again after that"
    return f"{change}; check the resource, then run: engine runs settle {run} {number} done|not-done"
