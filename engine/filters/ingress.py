"""Does one of the security group's inbound rules meet the conditions?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.filters._permissions import Permissions


@dataclass(frozen=True, slots=True)
class Ingress(Permissions):
    """Finds security groups with an inbound rule that meets all conditions (`match-operator: or`: one of them).

    Each source of a permission (an address range, a prefix list, a group) is a rule of its own. `Ports` looks for one
    of the ports inside the rule's range, `OnlyPorts` for a port besides those listed. A rule for all traffic has no
    range: the conditions on ports leave it to the other conditions, so `{Ports: [22], Cidr: 0.0.0.0/0}` finds it and
    `{Ports: [22]}` does not. `Cidr`, `CidrV6`, `IpProtocol`, `FromPort`, `ToPort` and `Description` take a value or the
    options of a value filter. Without conditions nothing matches.
    """

    SIDE: ClassVar[str] = "IpPermissions"
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: ingress, Ports: [22, 3389], Cidr: 0.0.0.0/0}",
        "{type: ingress, OnlyPorts: [443], CidrV6: '::/0'}",
        "{type: ingress, Cidr: {value_type: cidr, op: not-in, value: [10.0.0.0/8, 192.168.0.0/16]}}",
        "{type: ingress, SGReferences: {key: 'tag:Access', value: Public}}",
    )
