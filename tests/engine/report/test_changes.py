"""What a person reads of changes."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

import pytest

from engine.executor.intent import Intent, Planned
from engine.model.call import Call
from engine.model.change import Change, Outcome, Skip, Status
from engine.model.json import Json
from engine.model.resource import ResourceRef
from engine.report.changes import (
    MOST_ROWS,
    STATUS,
    change_text,
    count_of,
    outcome_summary,
    plan_summary,
    print_left_alone,
    print_outcomes,
    print_plan,
    value_text,
)
from tests.engine.executor.cloud import SCOPE

from .runs_of import RUNNING, TAG, intent_of, printed


def same(told: str, expected: str) -> None:
    assert told.strip() == dedent(expected).strip()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "(none)"),
        ("x", "x"),
        (5, "5"),
        (True, "True"),
        (["a"], "['a']"),
        ("x" * 61, "x" * 57 + "…"),
        ("x" * 60, "x" * 60),
    ],
)
def test_values(value: Json, expected: str) -> None:
    assert value_text(value) == expected


STOP = Call("ec2", "StopInstances", {}, SCOPE)


def change(id: str = "i-1", **more: Json) -> Change:
    return Change(ResourceRef("ec2", SCOPE, id), "stop", (STOP,), **more)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"State.Name": "running"}, {"State.Name": "stopped"}, "State.Name: running → stopped"),
        ({}, {"tag:A": "1"}, "tag:A: (none) → 1"),
        ({"a": 1}, {"b": 2}, "a: 1 → (none), b: (none) → 2"),
        ({"exists": True}, {"exists": None}, "exists → gone"),
        ({"exists": None}, {"exists": True}, "gone → exists"),
        ({"A.B || `[]` | sort(@)": []}, {}, "A.B: [] → (none)"),
        ({}, {}, "ec2:StopInstances"),
    ],
)
def test_changes(before: dict[str, Json], after: dict[str, Json], expected: str) -> None:
    assert change_text(change(before=before, after=after)) == expected


def test_a_plan_resource_by_resource() -> None:
    intent = intent_of(
        {"resource": "ec2", "filters": [RUNNING], "actions": [TAG, "terminate"]},
        {"resource": "ec2", "actions": [{**TAG, "value": "no"}]},
    )
    same(
        printed(lambda screen: print_plan(screen, intent)),
        """
        p0
          ec2 i-1 us-east-1
            ~ tag  tag:Idle: no → true  (reversible)
            - terminate  State.Name: running → terminated  (cannot be undone: a terminated instance cannot be brought back)
          ec2 i-3 us-east-1
            ~ tag  tag:Idle: (none) → true  (reversible)
            - terminate  State.Name: running → terminated  (cannot be undone: a terminated instance cannot be brought back)
        p1
          ec2 i-1 us-east-1
            ~ tag  tag:Idle: true → no  (reversible)
          ec2 i-2 us-east-1
            ~ tag  tag:Idle: (none) → no  (reversible)
          ec2 i-3 us-east-1
            ~ tag  tag:Idle: true → no  (reversible)
        Plan: 7 changes to 3 resources (2 destructive, 2 cannot be undone), 0 left alone.
        """,
    )


@pytest.mark.parametrize(
    ("planned", "skipped", "expected"),
    [
        ([], 0, "Plan: 0 changes to 0 resources, 0 left alone."),
        ([change(inverse=(STOP,))], 2, "Plan: 1 change to 1 resource, 2 left alone."),
        (
            [change(destructive=True), change("i-2")],
            0,
            "Plan: 2 changes to 2 resources (1 destructive, 2 cannot be undone), 0 left alone.",
        ),
    ],
)
def test_summary_of_a_plan(planned: list[Change], skipped: int, expected: str) -> None:
    assert plan_summary([Planned("p", 0, each) for each in planned], skipped) == expected


def test_one_line_for_many_that_are_left_alone_for_one_reason() -> None:
    def skip(id: str, action: str = "tag", reason: str = "so [already]") -> tuple[str, Skip]:
        return "p", Skip(ResourceRef("ec2", SCOPE, id), action, reason)

    intent = Intent()
    intent.skipped = [
        skip("i-1"),
        skip("i-2"),
        skip("i-3"),
        skip("i-4"),
        skip("i-5", reason="gone"),
        skip("i-6", "guard", "not allowed"),
    ]
    same(
        printed(lambda screen: print_left_alone(screen, intent)),
        """
        p: tag leaves i-1, i-2, i-3 and 1 more alone: so [already]
          p: tag leaves i-5 alone: gone
          p leaves i-6 alone: not allowed
        """,
    )


def test_outcomes() -> None:
    done = change(before={"State.Name": "running"}, after={"State.Name": "stopped"})
    ends = [
        Outcome(done, Status.DONE),
        Outcome(replace(done, ref=replace(done.ref, id="i-2")), Status.FAILED, "denied [x]"),
    ]
    same(
        printed(lambda screen: print_outcomes(screen, ends)),
        """
        change  id   region     outcome  what
          stop    i-1  us-east-1  done     State.Name: running → stopped
          stop    i-2  us-east-1  failed   denied [x]
        """,
    )
    assert printed(lambda screen: print_outcomes(screen, [])) == ""
    many = printed(lambda screen: print_outcomes(screen, [ends[0]] * (MOST_ROWS + 2)))
    assert "… 2 more" in many.splitlines()[-1]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], "nothing to change"),
        ([Status.DONE, Status.FAILED, Status.DONE], "2 done, 1 failed"),
        ([Status.UNCERTAIN], "1 uncertain"),
    ],
)
def test_summary_of_outcomes(statuses: list[Status], expected: str) -> None:
    assert outcome_summary([Outcome(change(), status) for status in statuses]) == expected


def test_every_status_has_its_words() -> None:
    assert set(STATUS) == set(Status)


@pytest.mark.parametrize(("number", "expected"), [(0, "0 changes"), (1, "1 change"), (2, "2 changes")])
def test_plurals(number: int, expected: str) -> None:
    assert count_of(number, "change") == expected
