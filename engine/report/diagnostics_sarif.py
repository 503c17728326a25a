"""Diagnostics as SARIF 2.1.0, which code hosts and editors show at their place.

Source: OASIS SARIF 2.1.0, sections 3.13 (log), 3.27 (result), 3.30 (region), 3.49 (rule).
"""

from __future__ import annotations

import json
from pathlib import PurePath
from urllib.parse import quote

from engine import __version__
from engine.lang.codes import Code, codes
from engine.model.diagnostic import Diagnostic
from engine.model.json import Json
from engine.report.diagnostics import Checked, plain

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def report(checked: Checked) -> str:
    """The log as indented JSON: one run, a rule for each code that occurs, a result for each diagnostic."""
    known = codes()
    used = sorted({d.code for d in checked.diagnostics})
    driver = {"name": "engine", "version": __version__, "rules": [_rule(known[code]) for code in used]}
    places = {code: i for i, code in enumerate(used)}
    results = [_result(d, places) for d in checked.ordered]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(code: Code) -> dict[str, Json]:
    return {
        "id": code.code,
        "name": code.name,
        "shortDescription": {"text": code.template},
        "fullDescription": {"text": code.meaning},
        "help": {"text": code.meaning, "markdown": code.meaning},
        "defaultConfiguration": {"level": code.severity.value},
    }


def _result(diagnostic: Diagnostic, places: dict[str, int]) -> dict[str, Json]:
    message = plain(diagnostic.summary) + (f"\n{plain(diagnostic.hint)}" if diagnostic.hint else "")
    found: dict[str, Json] = {
        "ruleId": diagnostic.code,
        "ruleIndex": places[diagnostic.code],
        "level": diagnostic.severity.value,
        "message": {"text": message},
        "locations": [_location(diagnostic)],
    }
    if diagnostic.policy:
        found["properties"] = {"policy": diagnostic.policy}
    return found


def _location(diagnostic: Diagnostic) -> dict[str, Json]:
    span = diagnostic.span
    uri = quote(PurePath(span.file).as_posix())
    place: dict[str, Json] = {"artifactLocation": {"uri": uri}}
    if span.line:
        region = {"startLine": span.line, "startColumn": max(1, span.column)}
        place["region"] = region | ({"endColumn": span.end} if span.end > span.column else {})
    located: dict[str, Json] = {"physicalLocation": place}
    if diagnostic.policy:
        located["logicalLocations"] = [{"name": diagnostic.policy, "kind": "module"}]
    return located
