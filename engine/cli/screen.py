"""The terminal: colour only where there is one, width that tables can use."""

from __future__ import annotations

import functools
import os
import sys

import click
from rich.console import Console


class _Screen(Console):
    """A console that whoever reads it may leave."""

    def on_broken_pipe(self) -> None:
        """Go on without a reader: what is under way must come to its end."""
        unread()


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


@functools.cache
def screen(err: bool = False) -> Console:
    """stdout or stderr; wide when it is no terminal, so that piped tables keep their lines."""
    console = _Screen(stderr=err, highlight=False, soft_wrap=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = _Screen(stderr=err, highlight=False, emoji=False, width=180)
    return console
