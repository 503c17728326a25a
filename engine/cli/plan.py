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
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="how to print it")
@click.option("-q", "--quiet", is_flag=True, help="no progress, no tables")
def command(**given: Any) -> None:
    """Show each change that a run would make, resource by resource, and whether it can be taken back.

    Nothing is changed. With -o the changes are saved; 'engine apply FILE' makes exactly these, and none on a resource
    that is no longer as it was.

    \b
    engine plan policies/idle-ec2.yml
    engine plan policies -p 'idle-*' -o idle.plan && engine apply idle.plan
    """
    from engine.cli.flow import Flow, Request
    from engine.cli.saving import plan

    sys.exit(plan(Flow(Request.of({**given, "dry_run": True}))))
