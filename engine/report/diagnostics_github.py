"""Diagnostics as GitHub Actions workflow commands, which show them at their line in a pull request.

Source: GitHub docs, workflow commands:
`::error file={name},line={line},col={col},endColumn={end},title={title}::{text}`,
where `%`, CR and LF are escaped everywhere, `:` and `,` in properties too.
"""

from __future__ import annotations

from engine.model.diagnostic import Diagnostic
from engine.report.diagnostics import Checked, closing, plain


def report(checked: Checked) -> str:
    """One command a diagnostic, and the count as a plain line."""
    return "\n".join([*map(_command, checked.ordered), closing(checked)])


def _command(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    properties = {"file": span.file, "line": span.line, "col": span.column, "endColumn": span.end}
    given = {name: value for name, value in properties.items() if value}
    given["title"] = diagnostic.code + (f" in policy {diagnostic.policy}" if diagnostic.policy else "")
    told = ",".join(f"{name}={_property(str(value))}" for name, value in given.items())
    message = plain(diagnostic.summary) + (f"\n{plain(diagnostic.hint)}" if diagnostic.hint else "")
    return f"::{diagnostic.severity} {told}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(plain(text)).replace(":", "%3A").replace(",", "%2C")
