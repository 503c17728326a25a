"""engine list"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from engine.cli.options import where
from engine.cli.screen import note, say_json, screen

if TYPE_CHECKING:
    from engine.executor.execute import PolicyResult
    from engine.executor.item import Item
    from engine.model.json import Json
    from engine.model.record import ResourceType
    from engine.plugin.catalog import Catalog
    from engine.plugin.protocols import TypeLine


@click.command("list")
@click.argument("names", nargs=-1, metavar="SERVICE-OR-TYPE…")
@where
@click.option("--kind", "kinds", multiple=True, type=click.Choice(["resource", "activity", "setting", "relation"]),
              help="of a service's types, also those of this kind; 'resource' alone when not given")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="how to print it")
def command(**given: Any) -> None:
    """Show what is there: an inventory of one type, of a whole service, or of several.

    \b
    engine list ec2 -r all
    engine list glue lambda --profile audit
    engine list ebs-snapshot --format json
    engine list sqs --sandbox
    """
    sys.exit(_list(given))


def _list(given: dict[str, Any]) -> int:
    from engine.cli.flow import exit_code
    from engine.cli.options import Where, connections
    from engine.cli.progress import watching
    from engine.lang.load import policy_from
    from engine.plugin.discover import catalog
    from engine.runner import Settings, run_policies

    shelves = catalog()
    sandbox, names = _names(given["sandbox"], given["names"])
    words = _words(names, given["kinds"] or ("resource",), shelves)
    policies = [p for w in words if (p := policy_from({"name": f"list{len(w)}", "resource": w})[0]) is not None]
    spot = Where(given["regions"], given["profile"], given["assume"], given["external_id"], sandbox)
    with watching() as observer:
        settings = Settings(regions=spot.regions, observer=observer)
        there = connections(shelves.provider, spot, keep_world=True)
        ran = run_policies(policies, shelves, there, settings)
    results = sorted((r for _, r in ran.results), key=lambda r: words.index(r.policy.policy.resource))
    if given["form"] == "json":
        from engine.report.document import default

        rows = [row for r in results for row in _json_rows(r)]
        say_json(rows, default=default)
        _tell_failures(results)
    else:
        _print(results)
    return exit_code(results, [])


def _names(sandbox: str | None, names: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """A type after a bare --sandbox is a type, not a world: no world's file is called like one."""
    from pathlib import Path

    from engine.cli.options import DEFAULT_WORLD

    if sandbox not in (None, DEFAULT_WORLD) and not Path(str(sandbox)).exists():
        sandbox, names = DEFAULT_WORLD, (str(sandbox), *names)
    if not names:
        raise click.UsageError("of what? Name types or services: engine schema")
    return sandbox, names


def _words(names: Sequence[str], kinds: Sequence[str], shelves: Catalog) -> list[str]:
    """The words of types that the names mean: a type's own, or all of a service. A type comes before a service."""
    known: dict[str, TypeLine] = {}
    found: list[str] = []
    for name in (n.removeprefix("aws.") for n in names):
        own = None if name.endswith(".*") else _own(name, shelves)
        if own is not None:
            found.append(own)
            continue
        known = known or {t.word: t for t in shelves.provider.overview()}
        service = name.removesuffix(".*")
        of_service = [t.word for t in known.values() if service == t.service and t.kind in kinds]
        if not of_service:
            from engine.plugin.suggest import did_you_mean

            near = did_you_mean(name, [*shelves.provider.words(), *{t.service for t in known.values()}])
            raise click.UsageError(f"there is no type or service '{name}'. {near or 'All of them: engine schema'}")
        found += of_service
    return list(dict.fromkeys(found))


def _own(name: str, shelves: Catalog) -> str | None:
    """The word of the type of this name; None where there is no such type."""
    try:
        return shelves.provider.type(name).word
    except KeyError:
        return None


def _print(results: Sequence[PolicyResult]) -> None:
    out = screen()
    empty: list[str] = []
    for type, group in _by_type(results):
        rows = [_row(item) for r in group for item in r.matched]
        if rows:
            out.line(("bold", type.word), f"  {len(rows)}")
            columns = [i for i in range(len(_HEADINGS)) if i == 0 or any(row[i] for row in rows)]
            cells = [[row[i] for i in columns] for row in rows]
            out.table([_HEADINGS[i] for i in columns], cells, folded=("name",))
            out.line()
        elif not any(r.error for r in group):
            empty.append(type.word)
    if empty:
        out.line(("dim", f"none of: {', '.join(empty)}"))
    _tell_failures(results)


_HEADINGS = ("id", "name", "region", "state", "created", "tags")


def _row(item: Item) -> list[str]:
    from engine.plugin.identity import name_of
    from engine.plugin.paths import getter
    from engine.plugin.tagging import tags_of

    type, ref = item.type, item.resource.ref
    name = name_of(type, item.attributes)
    state = getter(type.status)(item.attributes) if type.status else ""
    created = getter(type.dates["created"])(item.attributes) if "created" in type.dates else ""
    tags = tags_of(item.attributes)
    others = ", ".join(f"{key}={value}" for key, value in sorted(tags.items()) if key != "Name")
    region = "" if type.global_ else ref.scope.region
    return [ref.id, name if name != ref.id else "", region, _text(state), _text(created), others]


def _text(value: Json) -> str:
    from datetime import datetime

    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value) if isinstance(value, str | int | float) else ""


def _json_rows(result: PolicyResult) -> Iterable[dict[str, Json]]:
    from engine.plugin.identity import arn_of, name_of

    for item in result.matched:
        ref = item.resource.ref
        yield {
            "type": item.type.word, "id": ref.id, "name": name_of(item.type, item.attributes),
            "arn": arn_of(item.type, item.attributes, ref.scope), "account": ref.scope.account,
            "region": ref.scope.region, "attributes": dict(item.attributes),
        }  # fmt: skip


def _by_type(results: Sequence[PolicyResult]) -> list[tuple[ResourceType, list[PolicyResult]]]:
    found: dict[str, tuple[ResourceType, list[PolicyResult]]] = {}
    for result in results:
        found.setdefault(result.policy.type.word, (result.policy.type, []))[1].append(result)
    return list(found.values())


def _tell_failures(results: Sequence[PolicyResult]) -> None:
    for result in results:
        if result.error:
            where_ = f"{result.policy.type.word} in {result.scope.region}"
            note(f"{where_} could not be listed: {result.error}")
