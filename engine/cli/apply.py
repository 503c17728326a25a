"""engine apply"""

from __future__ import annotations

import sys
from typing import Any

import click

from engine.cli.options import external_id_option


@click.command("apply")
@click.argument("plan")
@external_id_option
@click.option("-y", "--yes", is_flag=True, help="do not ask")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="how to print it")
def command(**given: Any) -> None:
    """Make exactly the changes of a saved plan.

    Each resource is read again first. One that is no longer as it was when the plan was made is refused, the others
    go on, and the command ends with exit code 8.

    \b
    engine apply idle.plan
    engine apply idle.plan --yes
    """
    from engine.cli.saving import apply_file

    sys.exit(apply_file(given["plan"], yes=given["yes"], form=given["form"]))
