"""set-waf: what is wrong is told before anything runs; test__web_acls.py has what it does."""

from __future__ import annotations

import pytest

from engine.lang.check import check
from engine.lang.load import policy_from
from engine.model.json import Json
from engine.plugin.discover import catalog


@pytest.mark.parametrize(
    ("resource", "options", "says"),
    [
        ("app-elb", {"web-acl": "a"}, ""),
        ("app-elb", {"state": False}, ""),
        ("app-elb", {"web-acl": "a"}, "no filter asks for the ACL they have"),
        ("app-elb", {}, "there is no name of a web ACL"),
        ("app-elb", {"web-acl": "a", "force": True}, "app-elb has no use for 'force'"),
        ("distribution", {"web-acl": "a", "force": True}, ""),
        ("ec2", {"web-acl": "a"}, "unknown action 'set-waf'"),
    ],
)
def test_what_is_wrong(resource: str, options: Json, says: str) -> None:
    """A name, and a type that can be protected; and a filter, where the change itself does not tell who has one."""
    filters = [] if "no filter" in says or resource in ("ec2", "distribution") else ["waf-enabled"]
    policy, _ = policy_from(
        {"name": "p", "resource": resource, "filters": filters, "actions": [{"type": "set-waf", **options}]}
    )
    assert policy is not None
    _, problems = check(policy, catalog())
    assert [says in str(p) for p in problems] == ([True] if says else [])
