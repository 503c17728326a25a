"""The terminal and everything printed on it: colour only where there is one, nothing imported for it elsewhere.

Every text that the command line prints, asks with or shows as progress goes through here: what a terminal would obey
is made visible, and secrets are hidden. An architecture test forbids to print anywhere else.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TextIO

import click

from engine.model.printable import visible, visible_lines, visible_styled
from engine.model.redaction import Redactor, secrets_of
from engine.report.screen import Part, Plain, Screen

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from engine.model.json import Json


@functools.cache
def redactor() -> Redactor:
    """What hides secrets, those in this process's environment too."""
    return Redactor(secrets_of(os.environ))


def clean(text: str) -> str:
    """A value fit for one line: nothing that a terminal obeys, no secrets."""
    return visible(redactor().text(text))


def say(text: str, *, styled: bool = False, newline: bool = True) -> None:
    """Print a whole text on stdout, if somebody still reads. `styled`: it holds colours of our own."""
    _echo(text, styled=styled, newline=newline)


def say_json(value: Json, *, default: Callable[[object], Json] = str) -> None:
    """Print a JSON document on stdout, in ASCII: it holds nothing that a terminal obeys."""
    try:
        click.echo(redactor().dumped(value, default=default, indent=2))
    except BrokenPipeError:
        unread()


def note(text: str, *, styled: bool = False) -> None:
    """Print a text on stderr."""
    _echo(text, styled=styled, err=True)


def error(text: str, *, label: str = "error:") -> None:
    """Print an error on stderr: its label, then the text; further lines of it are indented, so that none is forged."""
    first, *others = visible_lines(redactor().text(text)).split("\n")
    _echo("\n".join([f"{click.style(label, fg='red', bold=True)} {first}", *(f"  {line}" for line in others)]),
          styled=True, err=True)  # fmt: skip


def print_logs() -> None:
    """Print what libraries log (warnings and errors) as everything is printed: a clean line each, without a traceback.

    Only where nobody has set up logging: a library's last resort would print texts of AWS as they are.
    """
    import logging

    class Line(logging.Handler):
        """A handler that prints a line."""

        def emit(self, record: logging.LogRecord) -> None:
            """One record."""
            note(clean(f"{record.levelname.lower()}: {record.name}: {record.getMessage()}"))

    logging.lastResort = Line(logging.WARNING)


def confirm(question: str) -> bool:
    """Ask on stderr for yes or no; no is the default. Raises click.Abort where nobody answers."""
    return click.confirm(clean(question), err=True)


def _echo(text: str, *, styled: bool, err: bool = False, newline: bool = True) -> None:
    safe = visible_styled if styled else visible_lines
    try:
        click.echo(safe(redactor().text(text)), err=err, nl=newline)
    except BrokenPipeError:
        if not err:
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
        super().__init__(stream, clean)

    def _write(self, text: str) -> None:
        """One line, if somebody still reads."""
        try:
            super()._write(text)
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
            table.add_column(clean(heading), overflow="fold", no_wrap=heading not in folded)
        for row in rows:
            table.add_row(*(_text([cell]) for cell in row))
        self._console.print(Padding(table, (0, 0, 0, indent)))


def _text(parts: Sequence[Part]) -> Text:
    from rich.text import Text

    found = Text(overflow="fold")
    for part in parts:
        found.append(clean(part)) if isinstance(part, str) else found.append(clean(part[1]), style=part[0])
    return found
