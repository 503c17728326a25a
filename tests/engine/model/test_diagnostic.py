"""Diagnostics as one line, and the templates they are made from."""

from __future__ import annotations

import pytest

from engine.model.diagnostic import Diagnostic, Message, Severity
from engine.model.span import NOWHERE, Span

AT = Span("p.yml", 14, 15, 21)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Diagnostic("C201", "unknown filter 'metric'", AT), "p.yml:14:15 error C201 unknown filter 'metric'"),
        (Diagnostic("C201", "x", AT, "did you mean 'y'?"), "p.yml:14:15 error C201 x (did you mean 'y'?)"),
        (Diagnostic("T1", "x", AT, severity=Severity.WARNING), "p.yml:14:15 warning T1 x"),
        (Diagnostic("C1", "x", NOWHERE), "<policy> error C1 x"),
    ],
)
def test_one_line(given: Diagnostic, expected: str) -> None:
    assert str(given) == expected


def test_a_message_is_filled_at_a_place() -> None:
    message = Message("C201", "unknown filter '{word}' for {type}", Severity.WARNING)
    assert message.at(AT, "a hint", word="metric", type="ec2") == Diagnostic(
        "C201", "unknown filter 'metric' for ec2", AT, "a hint", Severity.WARNING
    )


def test_a_message_that_lacks_a_field_is_a_bug() -> None:
    with pytest.raises(KeyError, match="word"):
        Message("C201", "unknown '{word}'").at(AT)
