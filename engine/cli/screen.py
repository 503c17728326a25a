"""The terminal: colour only where there is one; elsewhere plain text, and nothing imported for it."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

import click

from engine.report.screen import Part, Plain, Screen

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


def say(text: str) -> None:
    """Print a whole text, if somebody still reads."""
    try:
        click.echo(text)
    except BrokenPipeError:
        unread()


def unread() -> None:
    """Nobody reads stdout any more (`| head`): what is still printed goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def screen(err: bool = False) -> Screen:
    """stdout or stderr: coloured and folded on a terminal (or where FORCE_COLOR asks for it), plain elsewhere."""
    stream = sys.stderr if err else sys.stdout
    if stream.isatty() or os.environ.get("FORCE_COLOR"):
        return _Terminal(console(err))
    return _Pipe(stream)


@functools.cache
def console(err: bool) -> Console:
    """The terminal behind stdout or stderr."""
    from rich.console import Console

    class _Console(Console):
        """A console that whoever reads it may leave."""

        def on_broken_pipe(self) -> None:
            """Go on without a reader: what is under way must come to its end."""
            unread()

    return _Console(stderr=err, highlight=False, soft_wrap=False, emoji=False)


class _Pipe(Plain):
    """A pipe or a file, whose reader may leave."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)

    def line(self, *parts: Part) -> None:
        """One line, if somebody still reads."""
        try:
            super().line(*parts)
            self._stream.flush()
        except BrokenPipeError:
            unread()


class _Terminal:
    """A Screen with colours, folded to the terminal's width."""

    def __init__(self, on: Console) -> None:
        self._console = on

    def line(self, *parts: Part) -> None:
        """One line, wrapped between words."""
        self._console.print(_text(parts))

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[Part]], *, folded: Sequence[str], indent: int = 2
    ) -> None:
        """A table without lines."""
        from rich.padding import Padding
        from rich.table import Table

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold dim")
        for heading in headings:
            table.add_column(heading, overflow="fold", no_wrap=heading not in folded)
        for row in rows:
            table.add_row(*(_text([cell]) for cell in row))
        self._console.print(Padding(table, (0, 0, 0, indent)))


def _text(parts: Sequence[Part]) -> Text:
    from rich.text import Text

    found = Text(overflow="fold")
    for part in parts:
        found.append(part) if isinstance(part, str) else found.append(part[1], style=part[0])
    return found
