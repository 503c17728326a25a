"""remove-permissions: the rules that the policy's own filter found; the tables of `set-permissions` hold the rest."""

from __future__ import annotations

from engine.lang.check import check
from engine.lang.load import policy_from
from engine.model.json import Json
from engine.plugin.discover import catalog
from engine.plugin.protocols import Setting
from engine.plugin.tree import found_by

from .table import NOW, SCOPE, calls, change, item

SSH: Json = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
OPEN: Json = {"CidrIp": "0.0.0.0/0", "Description": "oops"}
GROUP: Json = {"GroupId": "sg-1", "IpPermissions": [{**SSH, "IpRanges": [OPEN, {"CidrIp": "10.0.0.0/8"}]}]}


def test_only_what_was_found_is_taken_off() -> None:
    asked = [{"or": [{"type": "ingress", "Cidr": "0.0.0.0/0"}, {"type": "ingress", "CidrV6": "::/0"}]}]
    policy, _ = policy_from({"name": "p", "resource": "security-group", "filters": asked})
    assert policy is not None
    checked, _ = check(policy, catalog())
    assert checked is not None
    on = item("security-group", {}, **GROUP)
    found = found_by(checked.filters, on, Setting(on.type, SCOPE, NOW, {}))
    assert found == {"ingress": [{**SSH, "IpRanges": [OPEN]}]}
    made = change({"type": "remove-permissions"}, on, found=found)
    wanted = {"GroupId": "sg-1", "IpPermissions": [{**SSH, "IpRanges": [OPEN]}]}
    assert calls(made) == [("ec2:RevokeSecurityGroupIngress", wanted)]
