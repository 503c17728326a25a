"""The listeners that a filter found, changed and deleted."""

from __future__ import annotations

import pytest

from engine.lang.check import check
from engine.lang.load import policy_from
from engine.model.json import Json
from engine.model.need import FacetNeed
from engine.plugin.discover import catalog
from engine.plugin.protocols import Setting
from engine.plugin.tree import found_by
from tests.actions.table import NOW, SCOPE, calls, change, inverse, item

HTTP: Json = {"ListenerArn": "l/1", "Port": 80, "Protocol": "HTTP"}
HTTPS: Json = {
    "ListenerArn": "l/2",
    "Port": 443,
    "Protocol": "HTTPS",
    "SslPolicy": "old",
    "Certificates": [{"CertificateArn": "c", "IsDefault": True}],
}
BALANCER: Json = {"LoadBalancerArn": "arn:lb/1", "LoadBalancerName": "lb"}


def found(*filters: Json) -> dict[str, list[Json]]:
    """What the filters find on a balancer with both listeners."""
    policy, _ = policy_from({"name": "p", "resource": "app-elb", "filters": list(filters)})
    assert policy is not None
    checked, _ = check(policy, catalog())
    assert checked is not None
    on = item("app-elb", {}, {FacetNeed("listeners"): [HTTP, HTTPS]}, **BALANCER)
    return found_by(checked.filters, on, Setting(on.type, SCOPE, NOW, {}))


def test_what_is_found() -> None:
    assert found({"type": "listener", "key": "Protocol", "value": "HTTPS"}) == {"listeners": [HTTPS]}
    assert found({"type": "listener", "key": "Port", "op": "gt", "value": 1})["listeners"] == [HTTP, HTTPS]


def test_changed_and_back() -> None:
    action: Json = {"type": "modify-listener", "sslpolicy": "new"}
    made = change(action, item("app-elb", {}, **BALANCER), found={"listeners": [HTTPS]})
    assert calls(made) == [("elbv2:ModifyListener", {"ListenerArn": "l/2", "SslPolicy": "new"})]
    before = {"Port": 443, "Protocol": "HTTPS", "SslPolicy": "old", "Certificates": [{"CertificateArn": "c"}]}
    assert inverse(made) == [("elbv2:ModifyListener", {"ListenerArn": "l/2", **before})]


def test_deleted_for_good() -> None:
    made = change({"type": "delete-listener"}, item("app-elb", {}, **BALANCER), found={"listeners": [HTTP]})
    assert calls(made) == [("elbv2:DeleteListener", {"ListenerArn": "l/1"})]
    assert made.irreversible == "their rules are gone"


@pytest.mark.parametrize("word", ["delete-listener", "modify-listener"])
def test_a_filter_must_find_them(word: str) -> None:
    action = {"type": word, **({"port": 1} if word == "modify-listener" else {})}
    policy, _ = policy_from({"name": "p", "resource": "app-elb", "actions": [action]})
    assert policy is not None
    checked, told = check(policy, catalog())
    assert checked is None
    assert "no filter tells what is matched" in told[0].summary
