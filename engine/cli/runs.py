"""engine runs"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import click

from engine.cli.options import external_id_option


@click.command("runs")
@click.argument("words", nargs=-1, metavar="[RUN | settle RUN CHANGE done|not-done]")
@external_id_option
@click.option("-n", "--most", type=click.IntRange(1), default=20, show_default=True, help="how many of the newest runs")
@click.option("--reconcile/--no-reconcile", default=True, help="read AWS to settle uncertain changes (default)")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="how to print it")
def command(**given: Any) -> None:
    """List runs that changed something; with RUN (or 'last'), each of its changes and its outcome.

    A run that was killed leaves changes whose outcome is uncertain. They are settled by reading AWS; what AWS does not
    show holds every later change of the resource, until you check it and say so with 'settle'.

    \b
    engine runs
    engine runs last
    engine runs 20261121-0730 --format json
    engine runs settle 20261121-073742-58b8 3 done
    """
    words = given["words"]
    if words[:1] == ("settle",):
        sys.exit(_settle(words[1:]))
    if len(words) > 1:
        raise click.UsageError("give one RUN, or 'settle RUN CHANGE done|not-done'")
    sys.exit(_runs({**given, "run": words[0] if words else None}))


def _settle(words: tuple[str, ...]) -> int:
    from engine.cli.exits import Exit
    from engine.cli.history import settle_by_hand
    from engine.cli.screen import screen

    if len(words) != 3 or not words[1].isdecimal() or words[2] not in ("done", "not-done"):
        raise click.UsageError(
            "write 'engine runs settle RUN CHANGE done|not-done', where CHANGE is a number of 'engine runs RUN'"
        )
    screen().line(settle_by_hand(words[0], int(words[1]), done=words[2] == "done"))
    return Exit.DONE


def _runs(given: dict[str, Any]) -> int:
    from engine.cli.exits import Exit
    from engine.cli.history import find_run, opened, run_json, settled, status_of
    from engine.cli.screen import say_json, screen
    from engine.report.document import default

    with opened() as journal:
        if given["run"] is None:
            records = [(replace(r, status=status_of(r)), journal.counts(r.id)) for r in journal.runs(given["most"])]
            if given["form"] == "json":
                say_json([run_json(*each) for each in records], default=default)
            else:
                from engine.report.runs import print_runs

                print_runs(screen(), records)
            return Exit.DONE
        record = find_run(journal, given["run"])
        entries = settled(journal, record) if given["reconcile"] else journal.entries(record.id)
        record = journal.run(record.id) or record
        record = replace(record, status=status_of(record))
        if given["form"] == "json":
            say_json(run_json(record, journal.counts(record.id), entries), default=default)
        else:
            from engine.report.runs import print_run

            print_run(screen(), record, entries)
    return Exit.DONE
