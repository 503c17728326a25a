"""What a person reads of a run."""

from __future__ import annotations

from textwrap import dedent

import pytest

from engine.model.json import Json
from engine.report.table import (
    MOST_ROWS,
    print_results,
)
from tests.engine.executor.cloud import Cloud

from .runs_of import RUNNING, denied, printed, results


def same(told: str, expected: str) -> None:
    assert told.strip() == dedent(expected).strip()


def shown(*policies: dict[str, Json], on: Cloud | None = None) -> str:
    found = [result for _, result in results(*policies, on=on)]
    return printed(lambda screen: print_results(screen, found))


def test_what_matched_and_why() -> None:
    """Names and descriptions are text, never markup."""
    same(
        shown({"resource": "ec2", "description": "All of [bold]them[/]\n that run", "filters": [RUNNING]}),
        """
        p0  ec2: 2 matched of 3 listed
          All of [bold]them[/] that run
          id   name       region     why
          i-1  web        us-east-1  State.Name = running: running
          i-3  [red]x[/]  us-east-1  State.Name = running: running
        """,
    )


def test_what_could_not_be_judged_by_cause() -> None:
    same(
        shown({"resource": "ec2", "filters": ["termination-protected"]}, on=denied("DescribeInstanceAttribute")),
        """
        p0  ec2: 0 matched of 3 listed
          unknown in us-east-1: 3, never acted on
            3 × ec2:DescribeInstanceAttribute denied: UnauthorizedOperation: no  (i-1, i-2, i-3)
        """,
    )


@pytest.mark.parametrize(
    ("policy", "on", "expected"),
    [
        ({"conditions": [{"region": "eu-west-1"}]}, None, "skipped in us-east-1: "),
        ({}, denied("DescribeInstances"), "could not be listed in us-east-1: ec2:DescribeInstances denied"),
        ({"max-resources": 1}, None, "limit exceeded in us-east-1: "),
    ],
)
def test_troubles(policy: dict[str, Json], on: Cloud | None, expected: str) -> None:
    assert f"\n  {expected}" in shown({"resource": "ec2", **policy}, on=on)


def test_long_lists_are_cut() -> None:
    many = Cloud()
    for number in range(MOST_ROWS + 5):
        many.instance(f"i-{number:03}")
    lines = shown({"resource": "ec2"}, on=many).splitlines()
    assert lines[-1].split()[:3] == ["…", "5", "more"]
    assert "--format json or -s DIR gives all" in lines[-1]
    assert len(lines) == 2 + MOST_ROWS + 1
