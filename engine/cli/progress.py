"""Progress of a run: one line on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from engine.executor.events import Observer, Silent
from engine.model.scope import Scope

if TYPE_CHECKING:
    from engine.model.change import Outcome


@contextmanager
def watching(*, quiet: bool = False, total: int = 0) -> Iterator[Observer]:
    """An observer for the time of a run."""
    if quiet or not sys.stderr.isatty():
        yield Silent()
        return
    from rich.status import Status

    from engine.cli.screen import console

    with Status("listing …", console=console(err=True)) as status:
        yield _Line(status, total)


class _Line:
    """Counts what has come so far into one status line."""

    def __init__(self, status: Any, total: int) -> None:
        self._status, self._total = status, total
        self._lock = threading.Lock()
        self._listed = self._changed = 0

    def _show(self, text: str) -> None:
        from rich.text import Text

        from engine.cli.screen import clean

        self._status.update(Text(clean(text)))  # a plain string would be read as rich's markup

    def listed(self, type: str, scope: Scope, count: int) -> None:
        """Pages add up."""
        with self._lock:
            self._listed += count
            self._show(f"listed {self._listed} resources, now {type} in {scope.region} …")

    def gathering(self, type: str, scope: Scope, what: str, count: int) -> None:
        """What is being asked, and for how many."""
        with self._lock:
            self._show(f"{what} of {count} {type} in {scope.region} …")

    def failed(self, type: str, scope: Scope, reason: str) -> None:
        """Told at the end; here only in passing."""
        with self._lock:
            self._show(f"{type} in {scope.region} failed: {reason[:60]} …")

    def changed(self, outcome: Outcome) -> None:
        """Changes done."""
        with self._lock:
            self._changed += 1
            self._show(
                f"{self._changed} of {self._total} changes, now {outcome.change.action} {outcome.change.ref.id} …"
            )
