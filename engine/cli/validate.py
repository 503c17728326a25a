"""engine validate"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from engine.cli.exits import Exit
from engine.cli.options import which
from engine.cli.screen import say
from engine.model.diagnostic import Severity
from engine.report.diagnostics import Checked

FORMS = ("text", "json", "github", "sarif", "junit")


@click.command("validate")
@which
@click.option("--format", "form", type=click.Choice(FORMS), default="text", help="how to print what is found")
@click.option("--strict", is_flag=True, help="warnings end with exit code 3 too")
@click.option("--lint/--no-lint", default=True, help="look for traps in policies that are right (warnings)")
@click.option("--ignore", "ignored", multiple=True, metavar="CODE", help="leave out warnings of this code; repeatable")
def command(**given: Any) -> None:
    """Check policy files: everything that is wrong at once, each with its place and what to do. Asks AWS nothing.

    \b
    engine validate policies
    engine validate policies --format github --strict
    """
    if not given["paths"]:
        raise click.UsageError("which policies? Give files or directories.")
    checked = validate(**given)
    say(rendered(checked, given["form"]), styled=given["form"] == "text")
    bad = checked.count(Severity.ERROR) or (given["strict"] and checked.count(Severity.WARNING))
    sys.exit(Exit.REJECTED if bad else Exit.DONE)


def validate(**given: Any) -> Checked:
    """What is to be said of the selected policies. Raises UsageRejected, Rejected (a bad vars file)."""
    from engine.lang.check import Environment
    from engine.lang.load import check_all, load_all, read_variables, select, whole
    from engine.plugin.discover import catalog

    variables = read_variables(given["vars_file"])
    loaded = load_all(given["paths"])
    chosen = select(loaded.policies, given["names"], given["types"])
    _refuse_none(given, len(loaded.policies), len(chosen))
    shelves = catalog()
    checked, problems = check_all(chosen, shelves, Environment(variables=variables))
    diagnostics = whole(loaded, problems)
    if given["lint"]:
        from engine.lang.lint import lint

        diagnostics += [warning for policy in checked for warning in lint(policy, shelves.provider.attributes)]
    kept = (
        d
        for d in dict.fromkeys(diagnostics)
        if d.severity is Severity.ERROR or (given["lint"] and d.code not in given["ignored"])
    )
    return Checked(list(kept), chosen, loaded.texts)


def _refuse_none(given: dict[str, Any], loaded: int, chosen: int) -> None:
    """Raises UsageError when a selection selects nothing: that is never what was meant."""
    if loaded and not chosen:
        raise click.UsageError(f"none of the {loaded} policies is selected by -p and -t")


def rendered(checked: Checked, form: str) -> str:
    """The validation's result in one of the forms."""
    module = importlib.import_module("engine.report.diagnostics" + ("" if form == "text" else f"_{form}"))
    text: str = module.report(checked)
    return text
