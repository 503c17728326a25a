"""A run as tables for a person: what matched and why, what is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from engine.executor.execute import PolicyResult
from engine.plugin.identity import name_of
from engine.report.document import why
from engine.report.screen import Screen

MOST_ROWS = 50


def print_results(screen: Screen, results: Sequence[PolicyResult]) -> None:
    """One table a policy: matched resources with their reasons, then what could not be judged."""
    for name, group in groupby(results, key=lambda r: r.policy.name):
        together = list(group)
        matched = sum(len(r.matched) for r in together)
        population = sum(r.population for r in together)
        first = together[0]
        pushed = "" if population == 0 else f" of {population} listed"
        description = first.policy.policy.node.get("description")
        screen.line(("bold", name), f"  {first.policy.type.word}: {matched} matched{pushed}")
        if description is not None and isinstance(description.value, str):
            screen.line(("dim", f"  {' '.join(description.value.split())}"))
        if matched:
            screen.table(("id", "name", "region", "why"), _matches(together), folded=("name", "why"))
        _print_troubles(screen, together)
        screen.line()


def _matches(results: Sequence[PolicyResult]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    total = sum(len(r.matched) for r in results)
    for result in results:
        for item in result.matched:
            if len(rows) == MOST_ROWS:
                return [*rows, (f"… {total - MOST_ROWS} more", "", "", "--format json or -s DIR gives all")]
            told = why(result, item).sentence() if result.policy.filters else "no filters"
            ref = item.resource.ref
            rows.append((ref.id, name_of(item.type, item.attributes), ref.scope.region, told))
    return rows


def _print_troubles(screen: Screen, results: Sequence[PolicyResult]) -> None:
    for result in results:
        where = result.scope.region
        if result.skipped:
            screen.line(("yellow", "  skipped"), f" in {where}: {result.skipped}")
        if result.error:
            screen.line(("red", "  could not be listed"), f" in {where}: {result.error}")
        if result.limited:
            screen.line(("red", "  limit exceeded"), f" in {where}: {result.limited}; nothing is changed")
        if result.unknown:
            _print_unknown(screen, result)


def _print_unknown(screen: Screen, result: PolicyResult) -> None:
    """Unknown resources by cause, the commonest first."""
    causes: dict[str, list[str]] = {}
    for item, verdict in result.unknown:
        causes.setdefault("; ".join(verdict.causes), []).append(item.resource.ref.id)
    screen.line(("yellow", "  unknown"), f" in {result.scope.region}: {len(result.unknown)}, never acted on")
    for cause, ids in sorted(causes.items(), key=lambda c: -len(c[1])):
        some = ", ".join(ids[:3]) + (" …" if len(ids) > 3 else "")
        screen.line(f"    {len(ids)} × {cause}  ", ("dim", f"({some})"))
