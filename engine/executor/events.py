"""What a run tells while it goes on: for progress on a terminal, and for logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from engine.model.scope import Scope

if TYPE_CHECKING:
    from engine.model.change import Outcome


class Observer(Protocol):
    """Told of a run's progress, from any thread. Must not raise."""

    def listed(self, type: str, scope: Scope, count: int) -> None:
        """A page of `count` resources has arrived."""

    def gathering(self, type: str, scope: Scope, what: str, count: int) -> None:
        """Facts are being gathered for `count` resources."""

    def failed(self, type: str, scope: Scope, reason: str) -> None:
        """A scope could not be listed; the others go on."""

    def changed(self, outcome: Outcome) -> None:
        """A change has ended."""


class Silent:
    """An observer that keeps quiet."""

    def listed(self, type: str, scope: Scope, count: int) -> None:
        """Nothing."""

    def gathering(self, type: str, scope: Scope, what: str, count: int) -> None:
        """Nothing."""

    def failed(self, type: str, scope: Scope, reason: str) -> None:
        """Nothing."""

    def changed(self, outcome: Outcome) -> None:
        """Nothing."""
