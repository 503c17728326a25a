"""Diagnostics as SARIF 2.1.0."""

from __future__ import annotations

import json

from engine.report.diagnostics import Checked
from engine.report.diagnostics_sarif import report

from .checked import checked


def test_log() -> None:
    found = json.loads(report(checked()))
    assert found["version"] == "2.1.0"
    (run,) = found["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["C201", "P101", "P116", "W340"]
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)
    assert [rule["defaultConfiguration"]["level"] for rule in rules] == ["error", "error", "error", "warning"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == ["C201", "W340", "P116", "P101"]
    assert run["results"][0] == {
        "ruleId": "C201",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "unknown filter 'metric' for ec2\ndid you mean 'metrics'?"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "a.yml"},
                    "region": {"startLine": 4, "startColumn": 13, "endColumn": 19},
                },
                "logicalLocations": [{"name": "one", "kind": "module"}],
            }
        ],
        "properties": {"policy": "one"},
    }
    assert run["results"][3]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "b%2C1.yml"


def test_nothing_found() -> None:
    (run,) = json.loads(report(Checked()))["runs"]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])
