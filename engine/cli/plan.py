"""engine plan"""

from __future__ import annotations

import sys
from typing import Any

import click

from engine.cli.options import where, which


@click.command("plan")
@which
@where
@click.option("-o", "--out", metavar="FILE", help="save the changes here, for 'engine apply'")
@click.option("--expires", metavar="TIME", help="how long the saved plan can be applied: 30m, 4h, 2d; a day by default")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="how to print it")
@click.option("-q", "--quiet", is_flag=True, help="no progress, no tables")
def command(**given: Any) -> None:
    """Show each change that a run would make, resource by resource, and whether it can be taken back.

    Nothing is changed. With -o the changes are saved, with the policies' text. 'engine apply FILE' computes them again
    and makes those that are still the same; it works once, and until the plan expires.

    \b
    engine plan policies/idle-ec2.yml
    engine plan policies -p 'idle-*' -o idle.plan && engine apply idle.plan
    engine plan policies/idle-ec2.yml -o idle.plan --expires 4h
    """
    from engine.cli.flow import Flow, Request
    from engine.cli.planning import plan

    expires = given.pop("expires")
    sys.exit(plan(Flow(Request.of({**given, "dry_run": True})), expires))
