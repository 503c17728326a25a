"""Does a subnet of the resource compare with an expected value, and does it reach the internet?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from engine.filters._options import NOT_GIVEN
from engine.filters.related import Related
from engine.model.json import Json
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class Subnet(Related):
    """The value filter's comparison on the subnets that the resource is in.

    `igw` and `nat` leave only subnets whose route table (their own, else the VPC's main one) leads to an internet
    gateway, or a NAT gateway, or does not. Without a key they ask whether there is such a subnet.
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

    @property
    def _bare(self) -> bool:
        return bool(self.where) and not self.key and not self.asks and not self.match_resource and not self.value_type

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when one of the subnets that are left (or all) passes."""
        return decided(any(self._found(view).values())) if self._bare else Related.judge(self, view, setting)

    def found(self, view: View, setting: Setting) -> list[Json]:
        """The ids of those that pass."""
        return list(self._found(view)) if self._bare else Related.found(self, view, setting)

    def problems(self, type: ResourceType | None = None, **known: Json) -> Iterator[Problem]:
        """What is wrong with the options taken together."""
        if not self._bare:
            yield from Related.problems(self, type, **known)
