"""Accounts and units of an organization: what is attached to them and above them, and policies that are attached."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.model.json import Json
from engine.model.need import FacetNeed
from engine.plugin.operate import Operate
from providers.aws import PROVIDER
from providers.aws.adapter.gather.related import ids_in
from tests.actions.table import calls, change, inverse, item, skip
from tests.providers.aws.services.test_filters import kept

KIND = "SERVICE_CONTROL_POLICY"


def policies(attached: dict[str, list[str]]) -> list[Json]:
    """Each with what it is attached to."""
    return [{"Id": f"p-{name}", "Name": name, "Targets": targets} for name, targets in attached.items()]


ATTACHED = policies({"full": ["r-1", "1"], "soup": ["ou-1"], "flow": ["ou-2", "2"]})
ACCOUNTS: dict[str, dict[str, Any]] = {
    name: {"Id": id, "Name": name, **{f"c7n:Parent{n}": above for n, above in enumerate(parents, 1)}}
    for name, id, parents in (("a", "1", ["ou-2", "ou-1", "r-1"]), ("b", "2", ["r-1"]), ("c", "3", ["ou-1", "r-1"]))
}
UNITS: dict[str, dict[str, Any]] = {
    "x": {"Id": "ou-1", "ParentId": "r-1", "Parents": ["r-1"]},
    "y": {"Id": "ou-2", "ParentId": "ou-1", "Parents": ["r-1", "ou-1"]},
}


@pytest.mark.parametrize(
    ("resource", "things", "options", "expected"),
    [
        ("org-account", ACCOUNTS, {"attrs": [{"Name": "full"}]}, "a"),
        ("org-account", ACCOUNTS, {"attrs": [{"Name": "full"}], "inherited": True}, "abc"),
        ("org-account", ACCOUNTS, {"inherited": True, "count": 3}, "a"),
        ("org-account", ACCOUNTS, {"count": 0}, "c"),
        ("org-account", ACCOUNTS, {"count": 0, "attrs": [{"Name": "soup"}], "inherited": True}, "b"),
        ("org-unit", UNITS, {"attrs": [{"Name": "soup"}]}, "x"),
        ("org-unit", UNITS, {"attrs": [{"Name": "soup"}], "inherited": True}, "xy"),
        ("org-unit", UNITS, {"inherited": True, "count": 3}, "y"),
    ],
)
def test_policy(resource: str, things: dict[str, dict[str, Any]], options: dict[str, Json], expected: str) -> None:
    told = {name: {**each, f"c7n:Attached:{KIND}": ATTACHED} for name, each in things.items()}
    assert kept(resource, {"policy-type": KIND, **options}, told, "policy") == expected


def test_units() -> None:
    assert kept("org-account", {"units": ["ou-1", "ou-9"]}, ACCOUNTS, "ou") == "ac"
    assert ids_in(PROVIDER.type("org-account").joins["unit"], ACCOUNTS["a"]) == ["ou-2", "ou-1"]
    assert ids_in(PROVIDER.type("org-unit").joins["unit"], UNITS["y"]) == ["ou-1"]


def account(*attached: Json) -> Any:
    """An account of an organization with these policies."""
    here = [{k: v for k, v in each.items() if k != "Targets"} for each in attached]
    facts = {FacetNeed("all-service-control-policy"): here, FacetNeed("on-service-control-policy"): list(attached)}
    return item("org-account", {}, facts, Id="1", Name="a", Arn="arn")


def attach(**options: Json) -> Json:
    return {"type": "set-policy", "policy-type": KIND, "name": "soup", **options}


def test_set_policy() -> None:
    made = change(attach(), account(*policies({"soup": ["2"]})))
    assert calls(made) == [("organizations:AttachPolicy", {"TargetId": "1"})]
    sweep = made.calls[0].sweep
    assert sweep is not None
    assert (sweep.call.params, sweep.items) == ({"Filter": KIND}, 'Policies[?Name == `"soup"`].{PolicyId: Id}')
    assert [name for name, _ in inverse(made)] == ["organizations:DetachPolicy"]
    assert skip(attach(), account(*policies({"soup": ["1"]}))).startswith("has it attached already")
    assert skip(attach(), account()).startswith("has it attached already, or there is no such policy")
    made = change(attach(contents={"Version": "2012-10-17"}, tags={"Env": "dev"}), account())
    create, put = calls(made)
    assert put == ("organizations:AttachPolicy", {"TargetId": "1"})
    assert create[0] == "organizations:CreatePolicy"
    assert json.loads(create[1].pop("Content")) == {"Version": "2012-10-17"}
    assert create[1] == {
        "Name": "soup", "Type": KIND, "Description": "soup", "Tags": [{"Key": "Env", "Value": "dev"}],
    }  # fmt: skip


def test_only_the_kind_that_is_asked_about_is_read() -> None:
    type = PROVIDER.type("org-account")
    operate = Operate("set-policy", type.operations["set-policy"], {"policy-type": "TAG_POLICY", "name": "soup"})
    needs = operate.needs(type) | operate.must_know(type)
    assert needs == {FacetNeed("all-tag-policy"), FacetNeed("on-tag-policy")}
