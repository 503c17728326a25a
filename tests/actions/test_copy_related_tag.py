"""copy-related-tag: what is taken from the other resource."""

from __future__ import annotations

import pytest

from engine.lang.check import check
from engine.lang.load import policy_from
from engine.model.json import Json
from engine.model.need import RelatedNeed
from engine.plugin.discover import catalog

from .table import calls, change, inverse, item, pairs, skip

NEED = RelatedNeed("", ("Tags",), type="vpc", ids="VpcId")
THEIRS = {"Tags": pairs({"Env": "dev", "Owner": "ana", "aws:x": "1"})}


def action(tags: Json) -> Json:
    """From the VPC."""
    return {"type": "copy-related-tag", "resource": "vpc", "key": "VpcId", "tags": tags}


@pytest.mark.parametrize(
    ("tags", "own", "written", "back"),
    [
        ("*", {}, {"Env": "dev", "Owner": "ana"}, [["Env", "Owner"]]),
        (["*"], {"Env": "dev"}, {"Owner": "ana"}, [["Owner"]]),
        (["Env", "Cost"], {"Env": "prod"}, {"Env": "dev"}, [[{"Key": "Env", "Value": "prod"}]]),
    ],
)
def test_what_is_copied(tags: Json, own: dict[str, str], written: dict[str, str], back: Json) -> None:
    """What differs; AWS's own are not copied."""
    found = change(action(tags), item("ec2", own, {NEED: [("vpc-1", THEIRS)]}, VpcId="vpc-1"))
    assert [p["Tags"] for _, p in calls(found)] == [pairs(written)]
    told = [[t["Key"] if "Value" not in t else t for t in p["Tags"]] for _, p in inverse(found)]
    assert told == back


@pytest.mark.parametrize(
    ("fact", "tags", "why"),
    [
        ([], "*", "there is no vpc by its VpcId"),
        ([("vpc-1", None)], "*", "there is no vpc by its VpcId"),
        ([("vpc-1", THEIRS)], ["Cost"], "its vpc has none of these tags"),
        ([("vpc-1", THEIRS)], ["Env"], "it is tagged so already"),
    ],
)
def test_left_alone(fact: Json, tags: Json, why: str) -> None:
    """No such resource, or nothing to copy."""
    assert skip(action(tags), item("ec2", {"Env": "dev"}, {NEED: fact})) == why


def test_an_arn_in_a_tag() -> None:
    """Of whatever type."""
    ids = 'Tags[?Key == `"Stack"`].Value'
    need = RelatedNeed("", ("Tags",), type="resourcegroupstaggingapi", ids=ids)
    on = item("ec2", {"Stack": "arn:x"}, {need: [("arn:x", {"Tags": pairs({"A": "1"})})]})
    given = {"type": "copy-related-tag", "resource": "resourcegroupstaggingapi", "key": "tag:Stack", "tags": "*"}
    assert [p["Tags"] for _, p in calls(change(given, on))] == [pairs({"A": "1"})]


@pytest.mark.parametrize(
    ("options", "says"),
    [({"resource": "aws.vpc"}, ""), ({"resource": "vpcx"}, "no resource type 'vpcx'"), ({"key": "a["}, "is no path")],
)
def test_what_is_wrong(options: Json, says: str) -> None:
    """Told before anything runs."""
    policy, _ = policy_from({"name": "p", "resource": "ec2", "actions": [{**action("*"), **options}]})
    assert policy is not None
    _, problems = check(policy, catalog())
    assert [says in str(p) for p in problems] == ([True] if says else [])
