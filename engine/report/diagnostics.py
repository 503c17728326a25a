"""Diagnostics for a person: position, code, what is wrong, the quoted line, what to do.

`Checked` is what all forms of a validation's result are made from; the others are `diagnostics_<form>.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import click

from engine.lang.source import Text
from engine.lang.syntax import Policy
from engine.model.diagnostic import Diagnostic, Severity

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
MOST = 300


@dataclass(frozen=True, slots=True)
class Checked:
    """What a validation found: the policies it looked at, in which texts, and every diagnostic."""

    diagnostics: Sequence[Diagnostic] = ()
    policies: Sequence[Policy] = ()
    texts: Mapping[str, Text] = field(default_factory=dict)

    def count(self, severity: Severity) -> int:
        """How many diagnostics are so bad."""
        return sum(d.severity is severity for d in self.diagnostics)

    @property
    def ordered(self) -> list[Diagnostic]:
        """The diagnostics by file and place."""
        return sorted(self.diagnostics, key=lambda d: (d.span, d.code))


def as_text(diagnostics: Sequence[Diagnostic], texts: Mapping[str, Text], color: bool | None) -> str:
    """All diagnostics in the order of the text, two to four lines each, and a count at the end."""
    checked = Checked(diagnostics, (), texts)
    text = "\n".join([*(_one(d, texts.get(d.span.file)) for d in checked.ordered), summary(diagnostics)])
    return text if color is None or color else click.unstyle(text)


def report(checked: Checked, color: bool | None = None) -> str:
    """The same for a validation: what was looked at is counted too."""
    told = [_one(d, checked.texts.get(d.span.file)) for d in checked.ordered]
    text = "\n".join([*told, closing(checked)])
    return text if color is None or color else click.unstyle(text)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`."""
    counts = [(sum(d.severity is s for d in diagnostics), s.value) for s in Severity]
    return ", ".join(_many(n, word) for n, word in counts if n) or "no problems"


def closing(checked: Checked) -> str:
    """`12 policies in 3 files: 2 errors, 1 warning`."""
    policies = _many(len(checked.policies), "policy", "policies")
    return f"{policies} in {_many(len(checked.texts), 'file')}: {summary(checked.diagnostics)}"


def plain(text: str, most: int = MOST) -> str:
    """A text fit for one line of a terminal: no control characters, not longer than `most`."""
    text = _CONTROL.sub(lambda match: "�" if match[0] != "\t" else " ", text)
    return text if len(text) <= most else text[: most - 1] + "…"


def _many(count: int, word: str, several: str = "") -> str:
    return f"{count} {word if count == 1 else several or word + 's'}"


def _one(diagnostic: Diagnostic, text: Text | None) -> str:
    color = _COLORS[diagnostic.severity]
    severity = click.style(f"{diagnostic.severity} {diagnostic.code}", fg=color, bold=True)
    lines = [f"{plain(str(diagnostic.span))}  {severity}  {plain(diagnostic.summary)}"]
    quoted = text.line(diagnostic.span.line) if text is not None and diagnostic.span.line else ""
    if quoted.strip():
        start = diagnostic.span.column - 1
        end = diagnostic.span.end - 1 if diagnostic.span.end else len(quoted.rstrip())
        window = max(0, start - 60)
        marks = "^" * max(1, min(end, window + 110) - start)
        lines.append(f"{diagnostic.span.line:>5} | {plain(quoted[window : window + 110])}".rstrip())
        lines.append(f"      | {' ' * (start - window)}{click.style(marks, fg=color)}")
    elif not diagnostic.span.line and diagnostic.policy:
        lines[0] += f" (policy '{plain(diagnostic.policy)}')"
    if diagnostic.hint:
        lines.append(f"      {plain(diagnostic.hint)}")
    return "\n".join(lines)
