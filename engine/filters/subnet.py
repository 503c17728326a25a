"""Does a subnet of the resource compare with an expected value, and does it reach the internet?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from engine.filters._options import NOT_GIVEN
from engine.filters.related import Related
from engine.plugin.params import Says


@dataclass(frozen=True, slots=True)
class Subnet(Related):
    """The value filter's comparison on the subnets that the resource is in.

    `igw` and `nat` leave only subnets whose route table (their own, else the VPC's main one) leads to an internet
    gateway, or a NAT gateway, or does not.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = ("{type: subnet, key: SubnetId, value: present, igw: true}",)

    igw: Annotated[bool, Says("whether a route leads to an internet gateway")] = NOT_GIVEN
    nat: Annotated[bool, Says("whether a route leads to a NAT gateway")] = NOT_GIVEN

    def __post_init__(self) -> None:
        Related.__post_init__(self)
        asked = [
            f"length(RouteTable.Routes[?{test}] || `[]`) {'>' if wanted else '=='} `0`"
            for wanted, test in ((self.igw, "starts_with(GatewayId || '', 'igw-')"), (self.nat, "NatGatewayId"))
            if wanted is not None
        ]
        object.__setattr__(self, "where", " && ".join(asked))
