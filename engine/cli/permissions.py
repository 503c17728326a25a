"""engine permissions"""

from __future__ import annotations

from typing import Any

import click

from engine.cli.options import which
from engine.cli.screen import say_json


@click.command("permissions")
@which
@click.option("--undo", is_flag=True, help="also what 'engine undo' would need")
def command(**given: Any) -> None:
    """Print the least-privilege IAM policy that these policies need: what they read, and what they change.

    \b
    engine permissions policies/idle-ec2.yml
    engine permissions policies --undo > role.json
    """
    from engine.cli.offline import offline_plan
    from engine.plan.permissions import permissions

    plan, shelves = offline_plan(given)
    provider = shelves.provider
    document = permissions(plan, provider.type, provider.iam_actions, undo=given["undo"])
    say_json(document)
