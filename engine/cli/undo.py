"""engine undo"""

from __future__ import annotations

import sys
from typing import Any

import click

from engine.cli.options import external_id_option


@click.command("undo")
@click.argument("run")
@external_id_option
@click.option("-d", "--dry-run", is_flag=True, help="show what would be taken back, change nothing")
@click.option("-y", "--yes", is_flag=True, help="do not ask")
@click.option("--force", is_flag=True, help="also where the resource has changed since")
def command(**given: Any) -> None:
    """Take back what a run changed, newest change first. RUN is an id, the beginning of one, or 'last'.

    Each resource is read again first; one that has changed since is left alone unless --force. What AWS offers no way
    back from is listed. The undoing is a run of its own.

    \b
    engine undo last --dry-run
    engine undo 20261121-073742-58b8 --yes
    """
    from engine.cli.taking_back import undo

    sys.exit(undo(given["run"], dry_run=given["dry_run"], yes=given["yes"], force=given["force"]))
