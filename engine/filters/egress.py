"""Does one of the security group's outbound rules meet the conditions?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.filters._permissions import Permissions


@dataclass(frozen=True, slots=True)
class Egress(Permissions):
    """Finds security groups with an outbound rule that meets the conditions; the options are those of `ingress`."""

    SIDE: ClassVar[str] = "IpPermissionsEgress"
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: egress, Cidr: 0.0.0.0/0}",
        "{type: egress, Cidr: {value_type: cidr_size, op: lt, value: 24}}",
    )
