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
    `mark`: how what it creates is recognised.
    """

    service: str
    operation: str
    params: dict[str, Json]
    scope: Scope
    wait: Wait | None = None
    sweep: Sweeping | None = None
    always: bool = False
    already: tuple[str, ...] = ()
    mark: Mark | None = None

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


@dataclass(frozen=True, slots=True)
class Mark:
    """How what a call creates is found again, when its answer was lost.

    `read` finds it: its answer passes `found` (JMESPath); the error codes `none` mean that there is none. `to` (dotted)
    is the parameter that takes the mark when the call is made, as `form` says: `text` (appended, at most `most`
    characters in all), `pairs` [{Key, Value}], `map`, or `specification` (EC2's, for the resource type `kind`). The
    mark stands in `read` and `found` as `{mark}`. Without `to` the call's own parameters identify what it creates.
    """

    read: Call
    found: str
    none: tuple[str, ...] = ()
    to: str = ""
    form: str = "text"
    kind: str = ""
    most: int = 255
