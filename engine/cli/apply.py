"""engine apply"""

from __future__ import annotations

import sys
from typing import Any

import click

from engine.cli.options import external_id_option


@click.command("apply")
@click.argument("plan")
@external_id_option
@click.option("--vars-file", help="values of the plan's variables that are secrets, which a plan does not store")
@click.option("-y", "--yes", is_flag=True, help="do not ask for confirmation")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="how to print it")
def command(**given: Any) -> None:
    """Make the changes of a saved plan, and no others.

    The plan's policies are run again over its resources first. A change is made if it is computed again and is the same
    as in the plan. Any other is drift: it is listed with its reason and not made, and the command ends with exit code
    8. A plan is applied once; after an apply that was cut short, applying it again makes what is left.

    \b
    engine apply idle.plan
    engine apply idle.plan --yes
    """
    from engine.cli.applying import apply_file

    sys.exit(apply_file(given["plan"], vars_file=given["vars_file"], yes=given["yes"], form=given["form"]))
