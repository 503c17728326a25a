"""The SDK's API models as plain data: one file read for a service, without importing the SDK.

For what runs before any call is made (checking a policy, showing a type): botocore's own classes cost a hundred
milliseconds there, these files a few.
"""

from __future__ import annotations

import functools
import gzip
import importlib.util
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from engine.model.json import Json

Shape: TypeAlias = Mapping[str, Json]

SERVICE_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}\Z")
"""What a service can be called: its name is that of a folder of botocore's."""


@functools.lru_cache(maxsize=16)
def model(service: str) -> Mapping[str, Json]:
    """The newest model of a service, as its file has it; empty for a service that the SDK does not have."""
    if not SERVICE_NAME.match(service):
        return {}
    spec = importlib.util.find_spec("botocore")
    for place in (spec.submodule_search_locations if spec is not None else None) or ():
        for file in sorted(Path(place, "data", service).glob("*/service-2.json*"), reverse=True):
            data = file.read_bytes()
            found: Mapping[str, Json] = json.loads(gzip.decompress(data) if file.suffix == ".gz" else data)
            return found
    return {}


def shapes(service: str) -> Mapping[str, Shape]:
    """A service's shapes by name."""
    found: Mapping[str, Shape] = model(service).get("shapes", {})
    return found


def operations(service: str) -> Mapping[str, Mapping[str, Json]]:
    """A service's operations by name."""
    found: Mapping[str, Mapping[str, Json]] = model(service).get("operations", {})
    return found


def shape_of(service: str, operation: str, side: str) -> Shape | None:
    """The shape of an operation's `input` or `output`; None where it has none, or there is no such operation."""
    named = operations(service).get(operation, {}).get(side)
    return shapes(service)[named["shape"]] if named else None
