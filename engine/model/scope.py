"""Where a policy runs: one account in one region."""

from __future__ import annotations

from dataclasses import dataclass

_PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
    "eusc-": "aws-eusc",
}
"""Beginning of a region's name → its partition. Source: botocore `partitions.json`, `regionRegex` of each partition."""


def partition_of(region: str) -> str:
    """The partition a region name belongs to: `aws` unless it begins like those of another."""
    return next((partition for start, partition in _PARTITIONS.items() if region.startswith(start)), "aws")


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """One account and one region; `target` names the credentials (profile or role) they are reached with."""

    account: str
    region: str
    target: str = ""

    @property
    def partition(self) -> str:
        """`aws`, `aws-cn`, `aws-us-gov` …"""
        return partition_of(self.region)

    def __str__(self) -> str:
        return f"{self.account}/{self.region}"
