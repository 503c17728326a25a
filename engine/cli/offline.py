"""Plans without a connection, for the commands that only look at them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from engine.cli.options import chosen
from engine.lang.check import Environment
from engine.lang.load import read_variables
from engine.plan.compile import compile
from engine.plan.steps import Plan
from engine.plugin.catalog import Catalog
from engine.plugin.discover import catalog
from engine.runner import bind


def offline_plan(given: Mapping[str, Any], *, optimise: bool = True) -> tuple[Plan, Catalog]:
    """The plan of the selected policies for a stand-in account. Raises PolicyRejected."""
    if not given["paths"]:
        raise click.UsageError("which policies? Give files or directories.")
    shelves = catalog()
    variables = read_variables(given["vars_file"])
    policies = chosen(given["paths"], shelves, variables, given["names"], given["types"])
    environment = Environment(variables=variables)
    return compile([bind(p, shelves, environment) for p in policies], optimise=optimise), shelves
