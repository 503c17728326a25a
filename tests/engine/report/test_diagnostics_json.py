"""Diagnostics for a program."""

from __future__ import annotations

import json

from engine.report.diagnostics_json import report

from .checked import checked


def test_document() -> None:
    found = json.loads(report(checked()))
    assert {k: found[k] for k in ("version", "files", "errors", "warnings")} == {
        "version": 1,
        "files": 2,
        "errors": 3,
        "warnings": 1,
    }
    assert [p["name"] for p in found["policies"]] == ["one", "two", ""]
    assert found["diagnostics"][0] == {
        "severity": "error",
        "code": "C201",
        "summary": "unknown filter 'metric' for ec2",
        "hint": "did you mean 'metrics'?",
        "file": "a.yml",
        "line": 4,
        "column": 13,
        "end_column": 19,
        "policy": "one",
    }
    report(checked()).encode()
