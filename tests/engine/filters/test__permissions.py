"""Permissions taken apart into rules."""

from __future__ import annotations

from engine.filters.ingress import Ingress

from .test_ingress import rule
from .views import PlainView


def test_one_rule_for_each_source() -> None:
    told = rule(22, v4=("10.0.0.0/8", "11.0.0.0/8"), v6=("::/0",), groups=("sg-1",), text="hey")
    rules = list(Ingress()._rules(PlainView({"IpPermissions": [told]})))
    assert len(rules) == 4
    assert all(r["Description"] == "hey" and r["FromPort"] == 22 for r in rules)
    assert [len(r["IpRanges"]) for r in rules] == [1, 1, 0, 0]


def test_a_permission_without_sources_is_no_rule() -> None:
    assert not list(Ingress()._rules(PlainView({"IpPermissions": [rule(22)]})))
    assert not list(Ingress()._rules(PlainView({"IpPermissions": None})))
