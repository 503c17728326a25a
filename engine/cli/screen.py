"""The terminal: colour only where there is one, width that tables can use."""

from __future__ import annotations

import functools
import os

from rich.console import Console


@functools.cache
def screen(err: bool = False) -> Console:
    """stdout or stderr; wide when it is no terminal, so that piped tables keep their lines."""
    console = Console(stderr=err, highlight=False, soft_wrap=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(stderr=err, highlight=False, emoji=False, width=180)
    return console
