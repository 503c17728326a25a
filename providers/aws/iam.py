"""What must a role be allowed, to make a call? IAM's names for botocore's operations."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path

from engine.model.json import Json

TABLE = Path(__file__).parent / "iam_actions.toml"


@functools.cache
def _table() -> Mapping[str, Json]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def iam_actions(service: str, operation: str) -> tuple[str, ...]:
    """The IAM actions of an operation: `prefix:Operation` unless the table knows better."""
    table = _table()
    known = table["actions"].get(f"{service}:{operation}")
    if known:
        return tuple(known)
    for verb, method in table["methods"].get(service, {}).items():
        if operation.startswith(verb):
            return (f"{iam_prefix(service)}:{method}",)
    return (f"{iam_prefix(service)}:{operation}",)


def iam_prefix(service: str) -> str:
    """What the names of the service's IAM actions begin with."""
    return str(_table()["prefixes"].get(service, service))
