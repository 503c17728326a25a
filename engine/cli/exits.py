"""Exit codes, each with one meaning, and how an error that ends a command is told."""

from __future__ import annotations

from enum import IntEnum

from engine.cli.screen import error as show
from engine.cli.screen import note
from engine.model.errors import (
    CallFailed,
    EngineError,
    FailureKind,
    LimitExceeded,
    PlanRejected,
    PolicyRejected,
    StoreUnavailable,
)

NO_CREDENTIALS = "there are no AWS credentials"


class Exit(IntEnum):
    """What a command's exit code says."""

    DONE = 0
    BUG = 1
    USAGE = 2
    REJECTED = 3
    INCOMPLETE = 4
    LIMITED = 5
    FAILED = 6
    DECLINED = 7
    DRIFTED = 8
    STORE = 9
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


def exit_of(error: EngineError) -> Exit:
    """Tell an error on stderr and give its exit code."""
    if isinstance(error, PolicyRejected):
        from engine.report.diagnostics import as_text

        texts = getattr(getattr(error, "loaded", None), "texts", {})
        note(as_text(error.diagnostics, texts, color=None), styled=True)
        return Exit.REJECTED
    text = NO_CREDENTIALS if isinstance(error, CallFailed) and error.code == "NoCredentialsError" else str(error)
    show(text)
    if isinstance(error, CallFailed):
        if error.kind is FailureKind.CREDENTIALS:
            note("  give credentials as the AWS CLI takes them, or try it with --sandbox")
        return Exit.INCOMPLETE
    if isinstance(error, LimitExceeded):
        return Exit.LIMITED
    if isinstance(error, PlanRejected):
        return Exit.DRIFTED
    if isinstance(error, StoreUnavailable):
        return Exit.FAILED if error.made else Exit.STORE
    return Exit.USAGE
