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
    return tuple(known) if known else (f"{table['prefixes'].get(service, service)}:{operation}",)
