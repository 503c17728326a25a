"""Diagnostics for a person: position, code, what is wrong, the quoted line, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from engine.lang.source import Text
from engine.model.diagnostic import Diagnostic, Severity

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def as_text(diagnostics: Sequence[Diagnostic], texts: Mapping[str, Text], color: bool | None) -> str:
    """All diagnostics in the order of the text, two to four lines each, and a count at the end."""
    told = [_one(d, texts.get(d.span.file)) for d in sorted(diagnostics, key=lambda d: (d.span, d.code))]
    text = "\n".join([*told, summary(diagnostics)])
    return text if color is None or color else click.unstyle(text)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`."""
    counts = [(sum(d.severity is s for d in diagnostics), s.value) for s in Severity]
    return ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts if n) or "no problems"


def _one(diagnostic: Diagnostic, text: Text | None) -> str:
    severity = click.style(f"{diagnostic.severity} {diagnostic.code}", fg=_COLORS[diagnostic.severity], bold=True)
    lines = [f"{diagnostic.span}  {severity}  {diagnostic.summary}"]
    quoted = text.line(diagnostic.span.line) if text is not None and diagnostic.span.line else ""
    if quoted:
        start = diagnostic.span.column - 1
        end = diagnostic.span.end - 1 if diagnostic.span.end else len(quoted.rstrip())
        window = max(0, start - 60)
        shown = quoted[window : window + 110]
        marks = "^" * max(1, min(end, window + 110) - start)
        lines.append(f"{diagnostic.span.line:>5} | {shown}")
        lines.append(f"      | {' ' * (start - window)}{click.style(marks, fg=_COLORS[diagnostic.severity])}")
    if diagnostic.hint:
        lines.append(f"      {diagnostic.hint}")
    return "\n".join(lines)
