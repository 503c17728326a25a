"""One set of credentials at work: its account, its regions, its door, and what it gathers."""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.model.call import Call
from engine.model.errors import UsageRejected
from engine.model.json import Json
from engine.model.record import ResourceType
from engine.model.scope import Scope
from engine.plugin.listing import elements, incomplete
from engine.plugin.protocols import Credentials, Request, Tell
from engine.plugin.suggest import did_you_mean
from providers.aws.adapter.door import AwsDoor
from providers.aws.adapter.flights import Flights
from providers.aws.adapter.gather import gather
from providers.aws.adapter.regions import home_of, is_region, regions_of
from providers.aws.adapter.sessions import creator

if TYPE_CHECKING:
    from providers.aws.adapter.sdk_model import SdkModel

CALLS_AT_ONCE = 32


class AwsConnection:
    """A Connection over botocore. Makes no call until one is needed."""

    def __init__(self, credentials: Credentials) -> None:
        create, self._region = creator(credentials)
        self.door = AwsDoor(create)
        self.known_account = credentials.account or _account_in(credentials.assume)
        self._lock = threading.Lock()
        self.shared = Flights()

    @property
    def account(self) -> str:
        """The account's id: given, told by the role's ARN, or asked of STS once. Raises CallFailed."""
        with self._lock:
            if not self.known_account:
                scope = Scope("", self._region or "us-east-1")
                call = Call("sts", "GetCallerIdentity", {}, scope)
                account = self.door.perform(call).get("Account")
                if not account:
                    raise incomplete(call, "Account")
                self.known_account = str(account)
            return self.known_account

    def with_account(self, scope: Scope) -> Scope:
        """The scope with its account filled in."""
        return scope if scope.account else replace(scope, account=self.account)

    @functools.cached_property
    def pool(self) -> ThreadPoolExecutor:
        """Where single calls run side by side. Its tasks wait for nothing but AWS."""
        return ThreadPoolExecutor(CALLS_AT_ONCE, "call")

    @functools.cached_property
    def waiting(self) -> ThreadPoolExecutor:
        """Where work runs that itself waits for calls in `pool`."""
        return ThreadPoolExecutor(CALLS_AT_ONCE, "wait")

    def regions(self, wanted: Sequence[str]) -> Sequence[str]:
        """The regions to run in.

        Raises:   UsageRejected when none is given or configured, or one is not a region; CallFailed for `all`.
        """
        if not wanted:
            if not self._region:
                raise UsageRejected("no region: give -r REGION, or set AWS_DEFAULT_REGION or the profile's region")
            return (self._region,)
        if "all" not in wanted:
            unknown = [region for region in wanted if not is_region(region)]
            if unknown:
                known = regions_of("ec2", "aws")
                raise UsageRejected(f"there is no region '{unknown[0]}'. {did_you_mean(unknown[0], known)}".strip())
            return tuple(dict.fromkeys(wanted))
        home = Scope(self.known_account, self._region or "us-east-1")
        enabled = [{"Name": "opt-in-status", "Values": ["opt-in-not-required", "opted-in"]}]
        call = Call("ec2", "DescribeRegions", {"Filters": enabled}, home)
        names = [each.get("RegionName") for each in elements(call, self.door.perform(call), "Regions")]
        if not names or not all(names):
            raise incomplete(call, "RegionName")
        return tuple(sorted(names))

    def home(self, region: str) -> str:
        """The region in which the global services of a region's partition are asked."""
        return home_of(region)

    def reaches(self, type: ResourceType, region: str) -> bool:
        """Whether botocore's endpoint data knows the type's service in the region (True where it knows nothing)."""
        partition = Scope("", region).partition
        known = regions_of(type.service, partition)
        unheard_of = region not in regions_of("ec2", partition) and is_region(region)
        return not known or region in known or type.global_ or unheard_of

    def rows(self, type: ResourceType, body: Json) -> list[dict[str, Json]]:
        """The resources of an answer of AWS Config or Cloud Control, as attributes."""
        from providers.aws.adapter.rows import rows

        return rows(self.sdk, type, body)

    @functools.cached_property
    def sdk(self) -> SdkModel:
        """What the SDK knows of each API."""
        from providers.aws.adapter.sdk_model import SdkModel

        return SdkModel()

    def gather(self, requests: Sequence[Request], tell: Tell) -> None:
        """Gather facts; failures are told, not raised."""
        gather(self, requests, tell)


def _account_in(arn: str) -> str:
    parts = arn.split(":")
    return parts[4] if len(parts) > 5 else ""
