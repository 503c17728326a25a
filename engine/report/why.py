"""The evidence of one resource as a tree for a person."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from engine.inspection import Told
from engine.model.finding import Evidence
from engine.model.verdict import Kind

_MARKS = {Kind.MATCH: "[green]✓ match[/]", Kind.NO_MATCH: "[red]✗ no match[/]", Kind.UNKNOWN: "[yellow]? unknown[/]"}


def print_why(console: Console, told: Told) -> None:
    """The verdict, then a row a filter: verdict, filter, expected, observed, source."""
    console.print(
        f"[bold]{escape(told.policy)}[/] says of {told.type} [bold]{escape(told.id)}[/] in {told.region}: "
        f"{_MARKS[told.evidence.verdict.kind]}"
    )
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 2), header_style="bold dim")
    for heading in ("verdict", "filter", "expected", "observed", "source"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "verdict")
    for depth, each in _rows(told.evidence.children, 0):
        observed = "; ".join(each.verdict.causes) if each.verdict.causes else each.observed
        source = "" if each.children else each.source
        table.add_row(
            _MARKS[each.verdict.kind],
            "  " * depth + escape(each.filter),
            escape(each.expected),
            escape(observed),
            source,
        )
    console.print(table)
    if told.whole:
        console.print("  [dim]filters that judge sets (reduce, counts) cannot be judged on one resource alone[/]")


def _rows(members: tuple[Evidence, ...], depth: int) -> Iterator[tuple[int, Evidence]]:
    for each in members:
        yield depth, each
        yield from _rows(each.children, depth + 1)
