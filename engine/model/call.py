"""The unit of effect: one API operation with its parameters."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.json import Json
from engine.model.scope import Scope


@dataclass(frozen=True, slots=True)
class Call:
    """One operation of one service in one scope; `params` are botocore's, in AWS's spelling.

    `wait`: what is waited for before it is made. `sweep`: it is made for everything that another call lists. `always`:
    it is made even where an earlier call of the same change failed. `already`: error codes that mean it is so already.
    """

    service: str
    operation: str
    params: dict[str, Json]
    scope: Scope
    wait: Wait | None = None
    sweep: Sweeping | None = None
    always: bool = False
    already: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.service}:{self.operation}"


@dataclass(frozen=True, slots=True)
class Wait:
    """`seconds` of pause; with a `call`, at most so many until its answer passes `until` (JMESPath)."""

    seconds: float
    call: Call | None = None
    until: str = ""


@dataclass(frozen=True, slots=True)
class Sweeping:
    """What a call is made for: `items` (JMESPath) in each page of `call`.

    `param` (dotted) takes at most `most` of them at once; empty: one call an element, whose members join the
    parameters. `failures`: JMESPath to what an answer says could not be done.
    """

    call: Call
    items: str
    param: str = ""
    most: int = 1
    failures: str = ""
