"""Outbound rules."""

from __future__ import annotations

from .test_ingress import SSH
from .views import matched


def test_looks_at_the_outbound_side() -> None:
    assert matched("{type: egress, Cidr: 0.0.0.0/0}", {"IpPermissionsEgress": [SSH]})
    assert not matched("{type: egress, Cidr: 0.0.0.0/0}", {"IpPermissions": [SSH]})
