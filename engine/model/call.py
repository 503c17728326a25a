"""The unit of effect: one API operation with its parameters."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.json import Json
from engine.model.scope import Scope


@dataclass(frozen=True, slots=True)
class Call:
    """One operation of one service in one scope; `params` are botocore's, in AWS's spelling."""

    service: str
    operation: str
    params: dict[str, Json]
    scope: Scope

    def __str__(self) -> str:
        return f"{self.service}:{self.operation}"
