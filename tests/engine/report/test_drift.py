"""What of a plan is not made, as lines and as JSON."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

from engine.app.drift import Drift
from engine.app.plan_file import SavedChange
from engine.model.resource import ResourceRef
from engine.model.scope import Scope
from engine.report.drift import already_json, drift_json, print_already, print_drift
from engine.report.table import MOST_ROWS

from .runs_of import printed

SCOPE = Scope("123456789012", "us-east-1")
CHANGE = SavedChange("[p]", 0, ResourceRef("ec2", SCOPE, "i-1"), "tag", {}, {}, [], False, True)


def of(id: str) -> SavedChange:
    return replace(CHANGE, ref=replace(CHANGE.ref, id=id))


def test_a_line_for_each_reason() -> None:
    drifted = [Drift(of(f"i-{n}"), "it is gone") for n in range(5)] + [Drift(of("[b]"), "blocked by guard: [x]")]
    assert printed(lambda screen: print_drift(screen, drifted)) == dedent("""\
        Drift: 6 changes of the plan will not be made
          ! [p]: tag i-0, i-1, i-2 and 2 more: it is gone
          ! [p]: tag [b]: blocked by guard: [x]""")


def test_one_is_one_and_none_is_nothing() -> None:
    assert "Drift: 1 change of the plan" in printed(lambda screen: print_drift(screen, [Drift(CHANGE, "it is gone")]))
    assert printed(lambda screen: print_drift(screen, [])) == ""


def test_many_reasons_end_in_a_number() -> None:
    drifted = [Drift(CHANGE, f"reason {n}") for n in range(MOST_ROWS + 2)]
    assert (
        printed(lambda screen: print_drift(screen, drifted)).splitlines()[-1] == "  … 2 more; --format json shows all"
    )


def test_what_is_so_already() -> None:
    already = [(of(f"i-{n}"), "made by run r") for n in range(2)]
    assert printed(lambda screen: print_already(screen, already)) == "  [p]: tag of i-0, i-1: made by run r"


def test_json() -> None:
    change = {
        "policy": "[p]",
        "type": "ec2",
        "id": "i-1",
        "account": "123456789012",
        "region": "us-east-1",
        "action": "tag",
    }
    assert drift_json(Drift(CHANGE, "it is gone")) == {**change, "reason": "it is gone"}
    assert already_json(CHANGE, "made by run r") == {**change, "reason": "made by run r"}
