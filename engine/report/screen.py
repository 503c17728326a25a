"""What is printed for a person, as data: lines and tables of styled parts; who prints them decides what a style is.

`Plain` prints without styles, a row a line, for pipes and files. The command line has another one for terminals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TextIO, TypeAlias

from engine.model.printable import visible

Part: TypeAlias = "str | tuple[str, str]"
"""A text, or (style, text). Styles are rich's words: `bold`, `dim`, `red`, `green`, `yellow`."""


class Screen(Protocol):
    """Where a report goes."""

    def line(self, *parts: Part) -> None:
        """One line."""

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[Part]], *, folded: Sequence[str], indent: int = 2
    ) -> None:
        """Rows under headings; where there is little room, the columns named `folded` are broken over lines."""


class Plain:
    """A Screen over a text stream: no styles, columns as wide as their widest cell, the last one open.

    `clean` makes each part fit for a line of a terminal.
    """

    GAP = 2

    def __init__(self, stream: TextIO, clean: Callable[[str], str] = visible) -> None:
        self._stream = stream
        self._clean = clean

    def line(self, *parts: Part) -> None:
        """One line."""
        self._write("".join(self._clean(text_of(part)) for part in parts))

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[Part]], *, folded: Sequence[str], indent: int = 2
    ) -> None:
        """Every row on a line of its own, however long."""
        texts = [[self._clean(text_of(cell)) for cell in row] for row in (headings, *rows)]
        widths = [max(len(row[i]) for row in texts) + self.GAP for i in range(len(headings))]
        for row in texts:
            cells = "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self._write(" " * indent + cells)

    def _write(self, text: str) -> None:
        self._stream.write(text.rstrip() + "\n")


def text_of(part: Part) -> str:
    """A part without its style."""
    return part if isinstance(part, str) else part[1]
