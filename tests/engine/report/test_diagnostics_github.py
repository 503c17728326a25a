"""Diagnostics as workflow commands."""

from __future__ import annotations

from engine.report.diagnostics_github import report

from .checked import checked


def test_commands() -> None:
    unknown = "unknown filter 'metric' for ec2%0Adid you mean 'metrics'?"
    assert report(checked()).splitlines() == [
        "::error file=a.yml,line=4,col=13,endColumn=19,title=C201 in policy one::" + unknown,
        "::warning file=a.yml,line=5,col=3,title=W340 in policy two::a tag's value is text: 100%25 <never> equals it",
        "::error file=a.yml,line=6,col=3,title=P116::a policy needs 'name'%0Aas in 'name: idle-ec2'",
        "::error file=b%2C1.yml,line=1,col=4,title=P101::this is not YAML: �, �",
        "3 policies in 2 files: 3 errors, 1 warning",
    ]
