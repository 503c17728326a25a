"""Web ACLs: found by name, given and taken off, and what was comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions._web_acls import all_acls
from engine.model.json import Json
from engine.model.need import FacetNeed, Need
from engine.plugin.discover import catalog

from .table import calls, change, inverse, item, skip

V2 = "arn:aws:wafv2:us-east-1:1:regional/webacl/edge/1"
OLD = "arn:aws:wafv2:us-east-1:1:regional/webacl/old/2"


def acls(word: str, join: str, id: str, *named: tuple[str, str]) -> dict[Need, Json]:
    """The ACLs that there are."""
    need = all_acls(catalog().provider.type(word), join, id)
    return {need: frozenset(json.dumps({"name": name, "id": each}) for name, each in named)}


def balancer(now: Json, **more: Any) -> Any:
    """A load balancer with an ACL, or without."""
    known = acls("app-elb", "wafv2", "ARN", ("edge", V2), ("old", OLD), ("older", "x"))
    facts = {**known, FacetNeed("web-acl"): now, **more}
    return item("app-elb", {}, facts, LoadBalancerArn="arn:b")


GIVE = ("wafv2:AssociateWebACL", {"ResourceArn": "arn:b", "WebACLArn": V2})
GIVE_OLD = ("wafv2:AssociateWebACL", {"ResourceArn": "arn:b", "WebACLArn": OLD})
TAKE = ("wafv2:DisassociateWebACL", {"ResourceArn": "arn:b"})


@pytest.mark.parametrize(
    ("options", "now", "call", "back"),
    [
        ({"web-acl": "ed.e"}, None, GIVE, TAKE),
        ({"web-acl": "edge"}, OLD, GIVE, GIVE_OLD),
        ({"state": False}, OLD, TAKE, GIVE_OLD),
    ],
)
def test_given_and_taken(options: Json, now: Json, call: Json, back: Json) -> None:
    """Undo gives the one before, or none."""
    found = change({"type": "set-wafv2", **options}, balancer(now))
    assert calls(found) == [call]
    assert inverse(found) == [back]


@pytest.mark.parametrize(
    ("options", "now", "why"),
    [
        ({"web-acl": "edge"}, V2, "it is so already"),
        ({"state": False}, None, "it is so already"),
        ({"web-acl": "none"}, None, "there must be one web ACL 'none', there is: none"),
        ({"web-acl": "old"}, None, "there must be one web ACL 'old', there is: old, older"),
    ],
)
def test_left_alone(options: Json, now: Json, why: str) -> None:
    """It is so; or the name is of none, or of several."""
    assert skip({"type": "set-wafv2", **options}, balancer(now)) == why


def test_classic_by_name_or_id() -> None:
    """Stages of an API."""
    known = acls("rest-stage", "waf", "WebACLId", ("edge", "w-1"), ("edge2", "w-2"))
    on = item("rest-stage", {}, known, restApiId="r", stageName="s")
    for called, id in (("edge", "w-1"), ("w-2", "w-2")):
        ((call, params),) = calls(change({"type": "set-waf", "web-acl": called}, on))
        assert call == "waf-regional:AssociateWebACL"
        assert params == {"ResourceArn": "arn:aws:apigateway:us-east-1::/restapis/r/stages/s", "WebACLId": id}


CONFIG: Json = {"ETag": "E1", "DistributionConfig": {"Comment": "c", "WebACLId": ""}}


def test_a_distribution_is_written_whole() -> None:
    """With the version that was read; one that has an ACL only by force."""
    known = {
        **acls("distribution", "wafv2", "ARN", ("edge", V2)),
        FacetNeed("config"): CONFIG,
    }
    action: Json = {"type": "set-wafv2", "web-acl": "edge"}
    ((call, params),) = calls(change(action, item("distribution", {}, known, Id="D", WebACLId="")))
    assert call == "cloudfront:UpdateDistribution"
    assert params == {"Id": "D", "IfMatch": "E1", "DistributionConfig": {"Comment": "c", "WebACLId": V2}}
    other = item("distribution", {}, known, Id="D", WebACLId=OLD)
    assert skip(action, other) == "has a web ACL already; 'force: true' replaces it"
    assert calls(change({**action, "force": True}, other))[0][1]["DistributionConfig"]["WebACLId"] == V2
