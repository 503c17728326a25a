"""engine runs"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import click

from engine.cli.options import external_id_option


@click.command("runs")
@click.argument("run", required=False)
@external_id_option
@click.option("-n", "--most", type=click.IntRange(1), default=20, show_default=True, help="how many of the newest runs")
@click.option("--reconcile/--no-reconcile", default=True, help="ask AWS how uncertain changes ended (default)")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="how to print it")
def command(**given: Any) -> None:
    """List runs that changed something; with RUN (or 'last'), each of its changes and how it ended.

    A run that was killed leaves changes whose end is uncertain. They are told from AWS by reading the resource again.

    \b
    engine runs
    engine runs last
    engine runs 20261121-0730 --format json
    """
    sys.exit(_runs(given))


def _runs(given: dict[str, Any]) -> int:
    from engine.cli.exits import Exit
    from engine.cli.history import find_run, opened, run_json, settled, status_of
    from engine.cli.screen import say_json, screen
    from engine.report.document import default

    with opened() as journal:
        if given["run"] is None:
            records = [replace(r, status=status_of(r)) for r in journal.runs(given["most"])]
            if given["form"] == "json":
                say_json([run_json(r, journal.entries(r.id)) for r in records], default=default)
            else:
                from engine.report.runs import print_runs

                print_runs(screen(), [(r, journal.entries(r.id)) for r in records])
            return Exit.DONE
        record = find_run(journal, given["run"])
        entries = settled(journal, record) if given["reconcile"] else journal.entries(record.id)
        record = journal.run(record.id) or record
        record = replace(record, status=status_of(record))
        if given["form"] == "json":
            say_json(run_json(record, entries, whole=True), default=default)
        else:
            from engine.report.runs import print_run

            print_run(screen(), record, entries)
    return Exit.DONE
