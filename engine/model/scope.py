"""Where a policy runs: one account in one region."""

from __future__ import annotations

from dataclasses import dataclass


def partition_of(region: str) -> str:
    """The partition a region name belongs to.

    Source: botocore `partitions.json`, `regionRegex` of each partition.
    """
    if region.startswith("cn-"):
        return "aws-cn"
    if region.startswith("us-gov-"):
        return "aws-us-gov"
    if region.startswith("us-isob-"):
        return "aws-iso-b"
    if region.startswith("us-iso-"):
        return "aws-iso"
    return "aws"


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """One account and one region; `target` names the credentials (profile or role) they are reached with."""

    account: str
    region: str
    target: str = ""

    @property
    def partition(self) -> str:
        """`aws`, `aws-cn` or `aws-us-gov`."""
        return partition_of(self.region)

    def __str__(self) -> str:
        return f"{self.account}/{self.region}"
