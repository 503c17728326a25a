"""Facts written as plain values in tables of tests: None is an absence, a Failed stays what it is."""

from __future__ import annotations

from engine.model.fact import Absent, Answered, Fact, Failed, Value
from engine.model.json import Json


def fact(value: Json) -> Fact:
    """The fact that a plain value, None or a Failed stands for."""
    if isinstance(value, Failed):
        return value
    return Absent(Answered("test:Answer")) if value is None else Value(value)


def plain(known: Fact) -> Json:
    """The inverse of `fact`."""
    if isinstance(known, Value):
        return known.value
    return known if isinstance(known, Failed) else None
