"""Diagnostics as JUnit XML: a suite for each file, a case for each policy, and one for what is no policy's.

An error is a failure; a case with warnings only passes and carries them as its output.
Source: the format's customary form (`testsuites/testsuite/testcase/failure`), as CI servers read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from engine.lang.syntax import Policy
from engine.model.diagnostic import Diagnostic, Severity
from engine.report.diagnostics import Checked, plain


def report(checked: Checked) -> str:
    """The document."""
    suites = [
        _suite(
            file,
            [p for p in checked.policies if p.span.file == file],
            [d for d in checked.ordered if d.span.file == file],
        )
        for file in dict.fromkeys(
            [*checked.texts, *(p.span.file for p in checked.policies), *(d.span.file for d in checked.ordered)]
        )
    ]
    cases = sum(count for count, _, _ in suites)
    failures = sum(failed for _, failed, _ in suites)
    body = "\n".join(text for _, _, text in suites)
    head = f'<testsuites name="engine validate" tests="{cases}" failures="{failures}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}\n</testsuites>'


def _suite(file: str, policies: Sequence[Policy], diagnostics: Sequence[Diagnostic]) -> tuple[int, int, str]:
    names = dict.fromkeys(p.name or f"policy on line {p.span.line}" for p in policies)
    told: dict[str, list[Diagnostic]] = {name: [] for name in names}
    for diagnostic in diagnostics:
        told.setdefault(diagnostic.policy or _around(diagnostic, policies), []).append(diagnostic)
    cases = [_case(name, file, found) for name, found in told.items()]
    failed = sum(any(d.severity is Severity.ERROR for d in found) for found in told.values())
    head = f'  <testsuite name={_attribute(file)} tests="{len(cases)}" failures="{failed}">'
    return len(cases), failed, "\n".join([head, *cases, "  </testsuite>"])


def _around(diagnostic: Diagnostic, policies: Sequence[Policy]) -> str:
    """The unnamed policy that a diagnostic without a policy's name stands in, or the file."""
    before = [p for p in policies if p.span.line <= diagnostic.span.line]
    if before and not before[-1].name:
        return f"policy on line {before[-1].span.line}"
    return "the file"


def _case(name: str, file: str, diagnostics: Sequence[Diagnostic]) -> str:
    head = f"    <testcase name={_attribute(name)} classname={_attribute(file)} file={_attribute(file)}"
    if not diagnostics:
        return f"{head}/>"
    parts = []
    for severity, tag in ((Severity.ERROR, "failure"), (Severity.WARNING, "system-out")):
        found = [d for d in diagnostics if d.severity is severity]
        if not found:
            continue
        text = escape("\n".join(_told(d) for d in found))
        message = f' message={_attribute(found[0].summary)} type="{found[0].code}"' if tag == "failure" else ""
        parts.append(f"      <{tag}{message}>{text}</{tag}>")
    return "\n".join([f"{head}>", *parts, "    </testcase>"])


def _told(diagnostic: Diagnostic) -> str:
    hint = f" ({plain(diagnostic.hint)})" if diagnostic.hint else ""
    return f"{diagnostic.span} {diagnostic.severity} {diagnostic.code} {plain(diagnostic.summary)}{hint}"


def _attribute(text: str) -> str:
    return quoteattr(plain(text))
