"""What is known about a need: a value, an absence with its proof, or a failure with its cause. Nothing else is a fact.

`Absent` cannot be made without a proof, and each proof is made in one place (`tests/architecture/test_absence.py`): so
an answer that never came, was refused or was cut short cannot be taken for "there is none".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from engine.model.json import Json


@dataclass(frozen=True, slots=True)
class Answered:
    """A complete answer to `call` (`s3:GetBucketVersioning`) that has nothing at the place that was read."""

    call: str

    def __str__(self) -> str:
        return f"{self.call} answered without it"


@dataclass(frozen=True, slots=True)
class NotFound:
    """An error code of `call` that its API's model, or the record, names as "has none" or "does not exist"."""

    call: str
    code: str

    def __str__(self) -> str:
        return f"{self.call} answered {self.code}"


@dataclass(frozen=True, slots=True)
class Listed:
    """Every page of a listing of `what`, none of whose `count` elements is it."""

    what: str
    count: int

    def __str__(self) -> str:
        return f"it is not among the {self.count} of {self.what}"


@dataclass(frozen=True, slots=True)
class Inapplicable:
    """The record's `condition` (JMESPath over the resource) says that a resource like this one has none."""

    condition: str

    def __str__(self) -> str:
        return f"a resource has none unless {self.condition}"


Proof: TypeAlias = Answered | NotFound | Listed | Inapplicable


@dataclass(frozen=True, slots=True)
class Value:
    """What AWS says. Never None: that is an absence, and needs its proof."""

    value: Json


@dataclass(frozen=True, slots=True)
class Absent:
    """AWS says that there is none."""

    proof: Proof


@dataclass(frozen=True, slots=True)
class Failed:
    """It could not be had; `cause` is a sentence for a person (a `Defect` where our own code is to blame)."""

    cause: str


Fact: TypeAlias = Value | Absent | Failed


class Defect(str):
    """A cause of UNKNOWN or of an error that is a bug of ours: reported, and the command ends with exit code 1."""

    __slots__ = ()


def defect(doing: str, error: Exception) -> Defect:
    """What a bug is reported as: what was being done, the exception, and where it was raised."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = ""
    if at is not None:
        file = at.tb_frame.f_code.co_filename.replace("\\", "/").split("/")
        place = f" at {'/'.join(file[-3:])}:{at.tb_lineno}"
    text = " ".join(str(error).split())[:200]
    return Defect(f"a bug in the engine while {doing}: {type(error).__name__}: {text}{place}; please report it")


def fact_of(value: Json, call: str) -> Fact:
    """What a complete answer to `call` says: the value, or its absence."""
    return Absent(Answered(call)) if value is None else Value(value)


def plain(fact: Fact) -> Json:
    """The value as filters see it, None for an absence. Raises TypeError for a failure: it has no value."""
    if isinstance(fact, Failed):
        raise TypeError(f"a failure has no value: {fact.cause}")
    return fact.value if isinstance(fact, Value) else None
