"""The evidence of one resource as a tree for a person."""

from __future__ import annotations

from collections.abc import Iterator

from engine.inspection import Told
from engine.model.finding import Evidence
from engine.model.verdict import Kind
from engine.report.screen import Part, Screen

_MARKS: dict[Kind, Part] = {
    Kind.MATCH: ("green", "✓ match"),
    Kind.NO_MATCH: ("red", "✗ no match"),
    Kind.UNKNOWN: ("yellow", "? unknown"),
}


def print_why(screen: Screen, told: Told) -> None:
    """The verdict, then a row a filter: verdict, filter, expected, observed, source."""
    screen.line(
        ("bold", told.policy), f" says of {told.type} ", ("bold", told.id), f" in {told.region}: ",
        _MARKS[told.evidence.verdict.kind],
    )  # fmt: skip
    rows = [
        (
            _MARKS[each.verdict.kind],
            "  " * depth + each.filter,
            each.expected,
            "; ".join(each.verdict.causes) or each.observed,
            "" if each.children else each.source,
        )
        for depth, each in _rows(told.evidence.children, 0)
    ]
    headings = ("verdict", "filter", "expected", "observed", "source")
    screen.table(headings, rows, folded=headings[1:])
    if told.whole:
        screen.line(("dim", "  filters that judge sets (reduce, counts) cannot be judged on one resource alone"))


def _rows(members: tuple[Evidence, ...], depth: int) -> Iterator[tuple[int, Evidence]]:
    for each in members:
        yield depth, each
        yield from _rows(each.children, depth + 1)
