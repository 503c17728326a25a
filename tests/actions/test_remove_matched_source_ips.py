"""remove-matched-source-ips: what the policy says afterwards, and that it comes back."""

from __future__ import annotations

import json

import pytest

from engine.lang.check import check
from engine.lang.load import policy_from
from engine.model.json import Json
from engine.model.need import FacetNeed
from engine.plugin.discover import catalog

from .table import calls, change, inverse, item, skip


def statement(addresses: Json, effect: str = "Allow", **more: Json) -> Json:
    """One that is about these addresses."""
    return {
        "Effect": effect,
        "Principal": {"AWS": "*"},
        "Condition": {"IpAddress": {"aws:SourceIp": addresses}, **more},
    }


OTHER: Json = {"Effect": "Allow", "Principal": {"AWS": "1"}, "Action": "es:*"}


def domain(*statements: Json) -> Json:
    """A domain with a policy."""
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return item("elasticsearch", {}, {FacetNeed("detail"): {"AccessPolicies": policy}}, DomainName="d")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([statement(["a", "b"])], [statement(["b"])]),
        ([OTHER, statement("a")], [OTHER]),
        ([statement(["a", "b"], Bool={"x": "true"})], [statement(["b"], Bool={"x": "true"})]),
        ([statement(["a"]), statement(["a", "c"], "Deny")], [statement(["a", "c"], "Deny")]),
        ([statement(["a"])], None),
    ],
)
def test_what_the_policy_says(before: list[Json], after: list[Json] | None) -> None:
    """What would be open to every address without its condition goes; what denies stays."""
    made = change("remove-matched-source-ips", domain(*before), found={"source-ips": ["a", "z"]})
    ((_, params),) = calls(made)
    text = params["AccessPolicies"]
    assert (json.loads(text)["Statement"] if text else None) == after
    ((_, back),) = inverse(made)
    assert json.loads(back["AccessPolicies"])["Statement"] == before


def test_nothing_to_take_off() -> None:
    """A policy that lets none of them in is not written."""
    assert skip("remove-matched-source-ips", domain(OTHER), found={"source-ips": ["a"]}).startswith(
        "its policy lets none"
    )


@pytest.mark.parametrize(
    ("resource", "filters", "says"),
    [
        ("elasticsearch", [], "no filter tells what is matched"),
        ("elasticsearch", [{"type": "source-ip", "op": "not-in", "value": ["10.0.0.0/8"]}], ""),
        ("sqs", [], "unknown action"),
    ],
)
def test_what_is_wrong(resource: str, filters: Json, says: str) -> None:
    """A filter tells which addresses; types without it do not have the word."""
    text = {"name": "p", "resource": resource, "filters": filters, "actions": ["remove-matched-source-ips"]}
    policy, _ = policy_from(text)
    assert policy is not None
    _, problems = check(policy, catalog())
    assert [says in str(p) for p in problems] == ([True] if says else [])
