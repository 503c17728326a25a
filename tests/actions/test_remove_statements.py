"""remove-statements: what is wrong is told before anything runs; test__policy_changes.py has what it does."""

from __future__ import annotations

import pytest

from engine.lang.check import check
from engine.lang.load import policy_from
from engine.model.json import Json
from engine.plugin.discover import catalog


@pytest.mark.parametrize(
    ("resource", "filters", "ids", "says"),
    [
        ("sns", [], "matched", "no filter tells what is matched"),
        ("sns", [{"not": ["cross-account"]}], "matched", "no filter tells what is matched"),
        ("s3", [], "matched", "no filter tells what is matched"),
        ("sns", ["cross-account"], "matched", ""),
        ("sns", [{"or": [{"type": "has-statement", "statement_ids": ["a"]}, "cross-account"]}], "matched", ""),
        ("lambda", [], ["a"], ""),
        ("ebs", [], ["a"], "unknown action 'remove-statements'"),
    ],
)
def test_what_is_wrong(resource: str, filters: Json, ids: Json, says: str) -> None:
    """A type without a policy does not have the word."""
    text = {"name": "p", "resource": resource, "filters": filters}
    policy, _ = policy_from({**text, "actions": [{"type": "remove-statements", "statement_ids": ids}]})
    assert policy is not None
    _, problems = check(policy, catalog())
    assert [says in str(p) for p in problems] == ([True] if says else [])
