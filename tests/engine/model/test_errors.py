"""Exceptions speak to a person and can be told apart by a program."""

from __future__ import annotations

import pytest

from engine.model import errors
from engine.model.diagnostic import Diagnostic
from engine.model.errors import CallFailed, EngineError, FailureKind, PolicyRejected
from engine.model.span import Span


def test_a_rejection_carries_every_diagnostic() -> None:
    problems = [Diagnostic("C1", "x", Span("a.yml", 1, 1)), Diagnostic("C2", "y", Span("a.yml", 2, 1))]
    rejected = PolicyRejected(problems)
    assert rejected.diagnostics == tuple(problems)
    assert str(rejected) == "a.yml:1:1 error C1 x\na.yml:2:1 error C2 y"


def test_a_failed_call_says_which_and_how() -> None:
    failed = CallFailed("ec2", "StopInstances", FailureKind.DENIED, "UnauthorizedOperation", "not allowed", sent=None)
    assert str(failed) == "ec2:StopInstances denied: UnauthorizedOperation: not allowed"
    assert (failed.kind, failed.code, failed.message, failed.sent) == (
        FailureKind.DENIED,
        "UnauthorizedOperation",
        "not allowed",
        None,
    )
    assert CallFailed("a", "b", FailureKind.FAULT, "c", "d").sent is True


OURS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Exception)]


@pytest.mark.parametrize("error", OURS)
def test_each_is_one_of_ours_and_drawn_in_the_tree(error: type[Exception]) -> None:
    assert issubclass(error, EngineError)
    assert error.__name__ in (errors.__doc__ or "")
