"""set-statements: what is wrong is told before anything runs; test__policy_changes.py has what it does."""

from __future__ import annotations

import pytest

from engine.lang.check import check
from engine.lang.load import policy_from
from engine.model.json import Json
from engine.plugin.discover import catalog


@pytest.mark.parametrize(("more", "says"), [({"Resource": "*"}, ""), ({}, "needs either Resource or NotResource")])
def test_statements_are_whole(more: Json, says: str) -> None:
    """What IAM would refuse."""
    _has({"statements": [{"Sid": "A", "Effect": "Deny", "Principal": "*", "Action": "s3:*", **more}]}, says)


def test_matched_needs_a_filter() -> None:
    """One that finds statements."""
    _has({"remove": "matched"}, "no filter tells what is matched")


def _has(options: Json, says: str) -> None:
    policy, _ = policy_from({"name": "p", "resource": "sqs", "actions": [{"type": "set-statements", **options}]})
    assert policy is not None
    _, problems = check(policy, catalog())
    assert [says in str(p) for p in problems] == ([True] if says else [])
