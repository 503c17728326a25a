"""set-permissions and remove-permissions: which rules are added and taken off, and that they come back."""

from __future__ import annotations

import pytest

from engine.lang.check import check
from engine.lang.load import policy_from
from engine.model.json import Json
from engine.plugin.discover import catalog

from .table import calls, change, inverse, item, skip

WEB: Json = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
SSH: Json = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
OPEN: Json = {**SSH, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "oops"}]}
HOME: Json = {**SSH, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
BOTH: Json = {**SSH, "IpRanges": [*OPEN["IpRanges"], *HOME["IpRanges"]]}
OUT: Json = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
GROUP: Json = {"GroupId": "sg-1", "GroupName": "web", "IpPermissions": [BOTH], "IpPermissionsEgress": [OUT]}
FOUND: dict[str, Json] = {"ingress": [OPEN]}


def call(verb: str, *rules: Json) -> tuple[str, Json]:
    return (f"ec2:{verb}", {"GroupId": "sg-1", "IpPermissions": list(rules)})


IN, OFF = "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"
IN_OUT, OFF_OUT = "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupEgress"


@pytest.mark.parametrize(
    ("action", "made", "back"),
    [
        ({"type": "remove-permissions", "ingress": "matched"}, [call(OFF, OPEN)], [call(IN, OPEN)]),
        (
            {"type": "remove-permissions", "ingress": "all", "egress": "all"},
            [call(OFF, OPEN, HOME), call(OFF_OUT, OUT)],
            [call(IN_OUT, OUT), call(IN, OPEN, HOME)],
        ),
        ({"type": "set-permissions", "remove-ingress": "matched"}, [call(OFF, OPEN)], [call(IN, OPEN)]),
        (
            {"type": "set-permissions", "remove-ingress": [{**SSH, "CidrIp": "10.0.0.0/8"}, WEB]},
            [call(OFF, HOME)],
            [call(IN, HOME)],
        ),
        (
            {"type": "set-permissions", "add-ingress": [WEB, HOME], "remove-ingress": "matched"},
            [call(IN, WEB), call(OFF, OPEN)],
            [call(IN, OPEN), call(OFF, WEB)],
        ),
        (
            {"type": "set-permissions", "add-egress": [{"IpPermissions": [WEB]}], "remove-egress": "all"},
            [call(IN_OUT, WEB), call(OFF_OUT, OUT)],
            [call(IN_OUT, OUT), call(OFF_OUT, WEB)],
        ),
    ],
)
def test_which_rules(action: Json, made: list[Json], back: list[Json]) -> None:
    found = change(action, item("security-group", {}, **GROUP), found=FOUND)
    assert calls(found) == made
    assert inverse(found) == back


@pytest.mark.parametrize(
    ("action", "found"),
    [
        ({"type": "set-permissions", "add-ingress": [HOME]}, {}),
        ({"type": "set-permissions", "remove-ingress": [WEB]}, {}),
        ({"type": "remove-permissions", "ingress": "matched"}, {"ingress": []}),
    ],
)
def test_nothing_to_do(action: Json, found: dict[str, Json]) -> None:
    assert skip(action, item("security-group", {}, **GROUP), found=found) == "its rules are so already"


@pytest.mark.parametrize(
    ("filters", "action", "summary"),
    [
        (["ingress"], {"type": "remove-permissions"}, ""),
        ([], {"type": "remove-permissions"}, "no filter tells what is matched"),
        ([], {"type": "remove-permissions", "egress": "all"}, ""),
        (["egress"], {"type": "set-permissions", "remove-ingress": "matched"}, "no filter tells what is matched"),
        ([], {"type": "set-permissions"}, "there is nothing to do"),
        ([], {"type": "set-permissions", "add-ingress": [{**SSH, "Cidrs": "a"}]}, "a rule has no 'Cidrs'"),
        ([], {"type": "set-permissions", "add-ingress": [WEB], "remove-egress": "all"}, ""),
    ],
)
def test_problems(filters: list[str], action: Json, summary: str) -> None:
    asked = [{"type": word, "Ports": [22]} for word in filters]
    policy, _ = policy_from({"name": "p", "resource": "security-group", "filters": asked, "actions": [action]})
    assert policy is not None
    _, told = check(policy, catalog())
    assert [d.summary for d in told if d.code[0] in "CE" and summary in d.summary] or (not summary and not told)
