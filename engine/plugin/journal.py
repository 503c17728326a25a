"""The journal's port: every change is written before it is made and closed with its outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from engine.model.change import Change, Status
from engine.model.json import Json


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run: what was asked, with which credentials (names only), and how it ended.

    `kind` is run, apply or undo; `status` is running, done, failed, interrupted or died; `summary` holds counts.
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


@dataclass(frozen=True, slots=True)
class Entry:
    """One change in the journal: its number within the run, the policy that wanted it, and what became of it."""

    run: str
    number: int
    policy: str
    change: Change
    status: Status
    reason: str = ""


class Journal(Protocol):
    """Where runs and changes are kept. Raises StoreUnavailable when it cannot write; nothing is changed then."""

    def begin(self, run: RunRecord) -> None:
        """Open a run."""

    def intend(self, run: str, changes: Sequence[tuple[str, Change]]) -> list[Entry]:
        """Write changes as PLANNED, with the policy that wants each; durable when this returns."""

    def started(self, entries: Sequence[Entry]) -> None:
        """These are about to be made; durable when this returns."""

    def closed(self, entries: Sequence[Entry], status: Status, reasons: Mapping[int, str]) -> None:
        """These have ended; `reasons` by number."""

    def end(self, run: str, status: str, ended: datetime, summary: Mapping[str, Json]) -> None:
        """Close a run."""

    def runs(self, most: int = 20) -> list[RunRecord]:
        """The newest runs first."""

    def run(self, id: str, but: str = "") -> RunRecord | None:
        """One run by its id or an unambiguous beginning of it; `last` is the newest that is not of kind `but`."""

    def entries(self, run: str) -> list[Entry]:
        """A run's changes in their order."""
