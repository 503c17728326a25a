"""Each error ends in a sentence and a code of its own."""

from __future__ import annotations

import pytest

from engine.cli.exits import Exit, exit_of
from engine.model.diagnostic import Diagnostic
from engine.model.errors import (
    CallFailed,
    EngineError,
    FailureKind,
    LimitExceeded,
    PlanRejected,
    PolicyRejected,
    StoreUnavailable,
    UsageRejected,
)
from engine.model.span import Span

WRONG = PolicyRejected([Diagnostic("C201", "unknown filter 'x'", Span("p.yml", 3, 5))])


def failed(code: str, kind: FailureKind) -> CallFailed:
    return CallFailed("ec2", "DescribeInstances", kind, code, "no")


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (WRONG, Exit.REJECTED, "p.yml:3:5  error C201  unknown filter 'x'"),
        (failed("AuthFailure", FailureKind.DENIED), Exit.INCOMPLETE, "error: ec2:DescribeInstances denied: AuthFailure: no"),
        (
            failed("NoCredentialsError", FailureKind.CREDENTIALS),
            Exit.INCOMPLETE,
            "error: there are no AWS credentials\n  give credentials as the AWS CLI takes them, or try it with --sandbox",
        ),
        (
            failed("ExpiredToken", FailureKind.CREDENTIALS),
            Exit.INCOMPLETE,
            "error: ec2:DescribeInstances credentials: ExpiredToken: no\n  give credentials as the AWS CLI takes them, or try it with --sandbox",
        ),
        (LimitExceeded("3 of 2"), Exit.LIMITED, "error: 3 of 2"),
        (PlanRejected("old"), Exit.DRIFTED, "error: old"),
        (StoreUnavailable("full"), Exit.STORE, "error: full"),
        (StoreUnavailable("full after 25", 25), Exit.FAILED, "error: full after 25"),
        (UsageRejected("what?"), Exit.USAGE, "error: what?"),
        (EngineError("odd"), Exit.USAGE, "error: odd"),
    ],
)  # fmt: skip
def test_an_error(error: EngineError, code: Exit, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_of(error) is code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.strip().startswith(says)


def test_codes_are_those_of_the_help() -> None:
    """Told in the README, in `engine --help`, and here: one list."""
    from engine.cli.main import root
    from tests.architecture.sources import ROOT

    told = {
        int(code)
        for code in (ROOT / "README.md").read_text().split("## Exit codes")[1].split("##")[0].split("| ")
        if code.strip().isdigit()
    }
    assert told == {code.value for code in Exit}
    assert all(f"{code.value} " in (root.help or "") for code in Exit)
