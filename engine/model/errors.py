"""Exceptions, all of them about the world or about a whole policy.

EngineError
├── PolicyRejected      the text has errors; carries every diagnostic
├── CallFailed          one AWS call failed; `kind` says how
├── LimitExceeded       a policy matched more than its max-resources allow
├── StoreUnavailable    the journal cannot be written, so nothing may be changed
├── PlanRejected        a saved plan cannot be applied as it is
└── UsageRejected       the command's own arguments cannot be honoured
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.model.diagnostic import Diagnostic

if TYPE_CHECKING:
    from engine.model.change import Outcome


class EngineError(Exception):
    """Root of what the engine raises on purpose; its text is fit for a person."""


class PolicyRejected(EngineError):
    """The policy text has errors."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("\n".join(str(d) for d in diagnostics))
        self.diagnostics = tuple(diagnostics)


class FailureKind(StrEnum):
    """How a call failed, in the only distinctions the engine acts on."""

    DENIED = "denied"
    THROTTLED = "throttled"
    GONE = "gone"
    INVALID = "invalid"
    CREDENTIALS = "credentials"
    FAULT = "fault"


class CallFailed(EngineError):
    """One AWS call failed after the SDK's own retries.

    `code` is AWS's error code (`AccessDenied`, `Throttling` …) or the SDK exception's name;
    `sent` is False when the request certainly never reached AWS, None when that is unknown.
    """

    def __init__(
        self,
        service: str,
        operation: str,
        kind: FailureKind,
        code: str,
        message: str,
        sent: bool | None = True,
    ) -> None:
        super().__init__(f"{service}:{operation} {kind}: {code}: {message}")
        self.service = service
        self.operation = operation
        self.kind = kind
        self.code = code
        self.message = message
        self.sent = sent


class LimitExceeded(EngineError):
    """A policy matched more resources than its limits allow; nothing was changed."""


class StoreUnavailable(EngineError):
    """The journal cannot be read or written. `made` changes were made before that; 0: nothing was changed.

    `outcomes` are the ends of all changes of the run, as far as it came.
    """

    def __init__(self, message: str, made: int = 0, outcomes: Sequence[Outcome] = ()) -> None:
        super().__init__(message)
        self.made = made
        self.outcomes = tuple(outcomes)


class PlanRejected(EngineError):
    """A saved plan is of another version, or does not fit this account."""


class UsageRejected(EngineError):
    """Arguments that cannot be honoured together, or that name nothing."""
