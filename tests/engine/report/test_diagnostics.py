"""Diagnostics for a person, line for line."""

from __future__ import annotations

import pytest

from engine.model.diagnostic import Diagnostic, Severity
from engine.model.span import NOWHERE
from engine.report.diagnostics import Checked, as_text, closing, plain, report, summary

from .checked import checked

EXPECTED = """\
a.yml:4:13  error C201  unknown filter 'metric' for ec2
    4 |   filters: [metric]
      |             ^^^^^^
      did you mean 'metrics'?
a.yml:5:3  warning W340  a tag's value is text: 100% <never> equals it
    5 | - {name: two, resource: ec2}
      |   ^^^^^^^^^^^^^^^^^^^^^^^^^^
a.yml:6:3  error P116  a policy needs 'name'
    6 | - resource: s3
      |   ^^^^^^^^^^^^
      as in 'name: idle-ec2'
b,1.yml:1:4  error P101  this is not YAML: �, �
    1 | x: 100%�[31m, �
      |    ^^^^^^^^^^^^
3 policies in 2 files: 3 errors, 1 warning"""


def test_report() -> None:
    assert report(checked(), color=False) == EXPECTED


def test_color() -> None:
    assert "\x1b[31m\x1b[1merror C201\x1b[0m" in report(checked())
    assert "\x1b" not in report(checked(), color=False)


def test_as_text_counts_diagnostics_alone() -> None:
    found = checked()
    assert as_text(found.diagnostics, found.texts, color=False).splitlines()[-1] == "3 errors, 1 warning"


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0 policies in 0 files: no problems"), (1, "0 policies in 0 files: 1 error")],
)
def test_closing(count: int, expected: str) -> None:
    assert closing(Checked([Diagnostic("C200", "x", NOWHERE)] * count)) == expected


def test_summary() -> None:
    warning = Diagnostic("W300", "x", NOWHERE, severity=Severity.WARNING)
    assert summary([warning, warning]) == "2 warnings"


def test_without_a_place_the_policy_is_named() -> None:
    assert report(Checked([Diagnostic("C200", "x", NOWHERE, policy="p")]), color=False).splitlines()[0] == (
        "<policy>  error C200  x (policy 'p')"
    )


def test_long_lines_are_cut_around_the_place() -> None:
    from engine.lang.source import Text
    from engine.model.span import Span

    text = Text("f", "a" * 500 + "HERE" + "b" * 500)
    lines = report(
        Checked([Diagnostic("C200", "x" * 5000, Span("f", 1, 501, 505))], (), {"f": text}), False
    ).splitlines()
    assert max(map(len, lines)) < 340
    assert lines[1].index("HERE") == lines[2].index("^^^^")


def test_plain() -> None:
    assert plain("a\tb\nc\x7f\ud800\u2028") == "a b�c���"
    assert len(plain("x" * 1000)) == 300
