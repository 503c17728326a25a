"""engine version"""

from __future__ import annotations

import click

from engine import __version__
from engine.cli.screen import say


@click.command("version")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="how to print it")
def command(form: str) -> None:
    """Print the engine's version.

    \b
    engine version
    engine version --format json
    """
    say(f'{{"version": "{__version__}"}}' if form == "json" else __version__)
