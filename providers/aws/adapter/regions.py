"""Which regions are there, and where is a service? Answered from botocore's own data, without a session or a call.

Source: botocore's `partitions` (region names and patterns of each partition) and `endpoints` (where a service is).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from engine.model.json import Json
from providers.aws.adapter.sessions import models


def is_region(name: str) -> bool:
    """Whether a name is like a region's; one that botocore has not heard of yet may be one."""
    return any(
        name in partition["regions"] or re.fullmatch(partition["regionRegex"].strip("^$"), name)
        for partition in _data("partitions")["partitions"]
    )


def home_of(region: str) -> str:
    """Where global services of the region's partition are asked: `us-east-1`, `cn-north-1`, `us-gov-west-1` …"""
    for partition in _data("partitions")["partitions"]:
        if region in partition["regions"] or re.fullmatch(partition["regionRegex"].strip("^$"), region):
            return str(partition["outputs"]["implicitGlobalRegion"])
    return region


@functools.cache
def regions_of(service: str, partition: str) -> frozenset[str]:
    """Where botocore's endpoint data knows a service; empty where it knows nothing of it.

    Args:     service: botocore's name of it; its endpoints stand under the prefix of its host (`logs`, `monitoring`).
    """
    found = next((p for p in _data("endpoints")["partitions"] if p["partition"] == partition), None)
    if found is None:
        return frozenset()
    endpoints = found["services"].get(_prefix(service), {}).get("endpoints", {})
    return frozenset(name for name in endpoints if name in found["regions"])


@functools.cache
def _prefix(service: str) -> str:
    metadata = models().load_service_model(service, "service-2")["metadata"]
    return str(metadata["endpointPrefix"])


@functools.cache
def _data(name: str) -> Mapping[str, Json]:
    found: Mapping[str, Json] = models().load_data(name)
    return found
