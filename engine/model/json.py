"""JSON: the alias for values whose shape AWS decides, and reading texts of it that others wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

Json: TypeAlias = Any
Attributes: TypeAlias = Mapping[str, Any]

MOST_DEPTH = 100
"""No document of AWS comes near it; what nests deeper would end the interpreter's stack somewhere on its way."""


class TooDeep(ValueError):
    """A text or value that nests deeper than anything here can work with."""

    def __init__(self) -> None:
        super().__init__(f"it nests more than {MOST_DEPTH} levels deep")


def parsed(text: str | bytes) -> Json:
    """The value of a JSON text. Raises TooDeep, and ValueError for what is not JSON."""
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise TooDeep from error
    except ValueError as error:
        if "set_int_max_str_digits" in str(error):
            raise ValueError("it has a number of more than 4300 digits") from error
        raise
    brackets = text.count("[") + text.count("{") if isinstance(text, str) else text.count(b"[") + text.count(b"{")
    if brackets > MOST_DEPTH and is_too_deep(value):
        raise TooDeep
    return value


def is_too_deep(value: Json) -> bool:
    """Whether a value nests deeper than `MOST_DEPTH`. Walks level by level, so it does not recurse itself."""
    level = [value]
    for _ in range(MOST_DEPTH):
        below: list[Json] = []
        for each in level:
            if isinstance(each, Mapping):
                below += [v for v in each.values() if isinstance(v, Mapping | list | tuple)]
            elif isinstance(each, list | tuple):
                below += [v for v in each if isinstance(v, Mapping | list | tuple)]
        if not below:
            return False
        level = below
    return True
