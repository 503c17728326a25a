"""Diagnostics as JUnit XML."""

from __future__ import annotations

from xml.etree import ElementTree

from engine.report.diagnostics import Checked
from engine.report.diagnostics_junit import report

from .checked import checked, policies


def test_document() -> None:
    root = ElementTree.fromstring(report(checked()).encode())
    assert root.attrib == {"name": "engine validate", "tests": "4", "failures": "3"}
    cases = {case.attrib["name"]: case for case in root.iter("testcase")}
    assert list(cases) == ["one", "two", "policy on line 6", "the file"]
    failure = cases["one"].find("failure")
    assert failure is not None
    assert failure.attrib == {"message": "unknown filter 'metric' for ec2", "type": "C201"}
    assert failure.text == "a.yml:4:13 error C201 unknown filter 'metric' for ec2 (did you mean 'metrics'?)"
    assert cases["two"].find("failure") is None
    assert cases["two"].findtext("system-out", "").endswith("100% <never> equals it")


def test_every_policy_is_a_case() -> None:
    root = ElementTree.fromstring(report(Checked((), policies()[:2], {})).encode())
    assert (root.attrib["tests"], root.attrib["failures"]) == ("2", "0")
