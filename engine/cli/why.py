"""engine why"""

from __future__ import annotations

import sys
from typing import Any

import click

from engine.cli.options import where


@click.command("why")
@click.argument("policy")
@click.argument("resource_id")
@where
@click.option("-p", "--policies", "names", multiple=True, help="only policies whose name matches this glob")
@click.option("--vars-file", help="YAML or JSON mapping of variables for the policies")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="how to print it")
def command(**given: Any) -> None:
    """Tell, filter by filter, why a policy matches a resource or does not: expected, observed, verdict.

    \b
    engine why policies/idle-ec2.yml i-0123456789abcdef0
    engine why policies/idle-ec2.yml i-0123456789abcdef0 --sandbox
    """
    sys.exit(_why(given))


def _why(given: dict[str, Any]) -> int:
    from engine.cli.exits import Exit
    from engine.cli.options import Where, chosen, connections
    from engine.cli.screen import note, say_json, screen
    from engine.inspection import inspect
    from engine.lang.load import read_variables
    from engine.plugin.discover import catalog
    from engine.report.document import default, evidence_json
    from engine.runner import Settings

    shelves = catalog()
    variables = read_variables(given["vars_file"])
    policies = chosen([given["policy"]], shelves, variables, given["names"])
    spot = Where(given["regions"], given["profile"], given["assume"], given["external_id"], given["sandbox"])
    there = connections(shelves.provider, spot, keep_world=True)
    settings = Settings(variables=variables, regions=spot.regions)
    told = inspect(policies, given["resource_id"], shelves, there, settings)
    if not told:
        note(f"no resource '{given['resource_id']}' is found by the listings of these policies")
        return Exit.USAGE
    if given["form"] == "json":
        rows = [
            {"policy": t.policy, "type": t.type, "id": t.id, "region": t.region, "verdict": t.evidence.verdict.kind,
             "evidence": evidence_json(t.evidence)}
            for t in told
        ]  # fmt: skip
        say_json(rows, default=default)
        return Exit.DONE
    from engine.report.why import print_why

    for each in told:
        print_why(screen(), each)
    return Exit.DONE
