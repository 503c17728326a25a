"""Where in the user's text a value stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range on one line of a file.

    `line` and `column` count from 1; `end` is the column after the last character, or 0 when unknown.
    A value that came from Python instead of a file has line 0.
    """

    file: str
    line: int = 0
    column: int = 0
    end: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


NOWHERE = Span("<policy>")
