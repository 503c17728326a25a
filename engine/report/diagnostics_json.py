"""Diagnostics for a program: one JSON document, the same fields for every diagnostic.

    {"version": 1, "files": int, "policies": [{"name", "resource", "file", "line"}], "errors": int, "warnings": int,
     "diagnostics": [{"severity", "code", "summary", "hint", "file", "line", "column", "end_column", "policy"}]}

`line` and `column` count from 1 and are 0 where unknown; `end_column` is the column after the last character.
"""

from __future__ import annotations

import json

from engine.model.diagnostic import Severity
from engine.report.diagnostics import Checked


def report(checked: Checked) -> str:
    """The document as indented JSON."""
    policies = [
        {"name": p.name, "resource": p.resource, "file": p.span.file, "line": p.span.line} for p in checked.policies
    ]
    diagnostics = [
        {
            "severity": d.severity.value,
            "code": d.code,
            "summary": d.summary,
            "hint": d.hint,
            "file": d.span.file,
            "line": d.span.line,
            "column": d.span.column,
            "end_column": d.span.end,
            "policy": d.policy,
        }
        for d in checked.ordered
    ]
    document = {
        "version": 1,
        "files": len(checked.texts),
        "policies": policies,
        "errors": checked.count(Severity.ERROR),
        "warnings": checked.count(Severity.WARNING),
        "diagnostics": diagnostics,
    }
    return json.dumps(document, indent=2)
