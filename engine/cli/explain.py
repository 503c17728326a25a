"""engine explain"""

from __future__ import annotations

from typing import Any

import click

from engine.cli.options import which
from engine.cli.screen import say, say_json


@click.command("explain")
@which
@click.option("-n", "--size", default=1000, show_default=True, help="resources of each type, for the number of calls")
@click.option("--naive", is_flag=True, help="the plan before the passes, to compare")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="how to print it")
def command(**given: Any) -> None:
    """Show the plan of policies as a tree, and the API calls it will make. Asks AWS nothing.

    \b
    engine explain policies/idle-ec2.yml
    engine explain policies -n 50000 --format json
    """
    from engine.cli.offline import offline_plan
    from engine.plan.calls import expected_calls
    from engine.plan.codec import plan_json
    from engine.plan.explain import explain

    plan, shelves = offline_plan(given, optimise=not given["naive"])
    types = shelves.provider.type
    if given["form"] == "json":
        calls = [{"call": str(c), "times": c.times, "why": c.why} for c in expected_calls(plan, given["size"], types)]
        say_json({"plan": plan_json(plan), "size": given["size"], "calls": calls})
    else:
        say(explain(plan, given["size"], types))
