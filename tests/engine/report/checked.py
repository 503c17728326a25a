"""One validation's result for the tests of all its forms: two errors and a warning in two files."""

from __future__ import annotations

from dataclasses import replace

from engine.lang.parse import parse
from engine.lang.source import loads
from engine.lang.syntax import Policy
from engine.model.diagnostic import Diagnostic, Severity
from engine.model.span import Span
from engine.report.diagnostics import Checked

TEXT = b"policies:\n- name: one\n  resource: ec2\n  filters: [metric]\n- {name: two, resource: ec2}\n- resource: s3\n"


def policies() -> list[Policy]:
    node, _, _ = loads(TEXT, "a.yml")
    return parse(node, "a.yml")[0]


def checked() -> Checked:
    _, text, _ = loads(TEXT, "a.yml")
    _, other, _ = loads(b"x: 100%\x1b[31m, \x00", "b,1.yml")
    unknown = Diagnostic("C201", "unknown filter 'metric' for ec2", Span("a.yml", 4, 13, 19), "did you mean 'metrics'?")
    never = Diagnostic(
        "W340", "a tag's value is text: 100% <never> equals it", Span("a.yml", 5, 3), "", Severity.WARNING
    )
    found = [
        Diagnostic("P116", "a policy needs 'name'", Span("a.yml", 6, 3), "as in 'name: idle-ec2'"),
        replace(unknown, policy="one"),
        replace(never, policy="two"),
        Diagnostic("P101", "this is not YAML: \x1b, \ud800", Span("b,1.yml", 1, 4)),
    ]
    return Checked(found, policies(), {"a.yml": text, "b,1.yml": other})
