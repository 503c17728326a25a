"""engine schema"""

from __future__ import annotations

import dataclasses
import json
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import click

from engine.cli.screen import say, say_json
from engine.lang.vocabulary import (
    Choice,
    Element,
    action_of,
    actions_of,
    filter_of,
    filters_of,
    modes,
    reversal,
    type_text,
)
from engine.model.json import Json
from engine.model.record import ResourceType
from engine.plugin.catalog import Catalog
from engine.plugin.discover import catalog
from engine.plugin.protocols import Retired, TypeLine
from engine.plugin.suggest import one_of

WIDTH = 110


@click.command("schema")
@click.argument("selector", required=False, default="")
@click.option("--json", "editor", is_flag=True, help="the JSON schema for editors (draft-07), of all types")
@click.option("--pages", "folder", type=click.Path(file_okay=False), help="write a reference page for each type here")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="how to print it")
def command(selector: str, editor: bool, folder: str | None, form: str) -> None:
    """Show what policies can name: types, their filters and actions, modes. Asks AWS nothing.

    \b
    engine schema                          categories and services
    engine schema database                 a category's types; so for a service: engine schema glue
    engine schema ec2                      a type's attributes, filters, actions, metrics and query keys
    engine schema ec2.filters.metrics      one filter's options and examples
    engine schema mode.periodic            a mode's options
    engine schema --json > policy.schema.json
    engine schema --pages reference
    """
    shelves = catalog()
    if folder is not None:
        _pages(folder, shelves)
        return
    if editor:
        from engine.lang.schema import policy_schema, schema_text

        say(schema_text(policy_schema(shelves)), newline=False)
        return
    found = _select(selector.removeprefix("aws.").removeprefix("aws"), shelves)
    if form == "json":
        say_json(found.data)
    else:
        say("\n".join(found.lines), styled=True)


def _pages(folder: str, shelves: Catalog) -> None:
    from pathlib import Path

    from engine.report.pages import write_pages

    with click.progressbar(length=len(shelves.provider.overview()), label="pages", file=sys.stderr) as bar:
        count = write_pages(Path(folder), shelves, lambda _: bar.update(1))
    say(f"{count} pages and an index in {folder}")


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What a selector names: as data, and as lines."""

    data: Json
    lines: list[str]


def _select(selector: str, shelves: Catalog) -> Found:
    if not selector:
        return _types(shelves)
    head, *rest = selector.split(".", 2)
    if head in ("mode", "modes"):
        return _elements(modes(), rest, "mode")
    head, rest = _parted(selector)
    if rest == ["*"]:
        return _group(head, shelves)
    try:
        type = shelves.provider.type(head)
    except Retired as gone:
        raise click.UsageError(f"'{head}' is gone: {gone.reason}") from None
    except KeyError:
        return _group(head, shelves)
    if not rest:
        return _type(type, shelves)
    kind = rest[0].removesuffix("s")
    if kind not in ("filter", "action"):
        raise click.UsageError(f"'{rest[0]}' is no part of a type. {one_of(rest[0], ('filters', 'actions'))}")
    if len(rest) == 1:
        return _elements(filters_of(type, shelves) if kind == "filter" else actions_of(type, shelves), [], kind)
    try:
        one = filter_of(rest[1], type, shelves) if kind == "filter" else action_of(rest[1], type, shelves)
    except KeyError:
        every = filters_of(type, shelves) if kind == "filter" else actions_of(type, shelves)
        hint = one_of(rest[1], [e.word for e in every])
        raise click.UsageError(f"{head} has no {kind} '{rest[1]}'. {hint}") from None
    return Found(_data(one), list(_element(one, f"{kind} of {type.word}")))


def _parted(selector: str) -> tuple[str, list[str]]:
    """(the type's word, which may hold a dot, and what follows it): `glue.job.filters.value`."""
    parts = selector.split(".")
    at = next((i for i, part in enumerate(parts) if i and part.removesuffix("s") in ("filter", "action")), None)
    if at is None:
        at = len(parts) if len(parts) < 3 and parts[-1] not in ("*", "") else 1
    return ".".join(parts[:at]), ([parts[at], ".".join(parts[at + 1 :])] if len(parts) > at + 1 else parts[at:])


def _types(shelves: Catalog) -> Found:
    """Every type: as data in full, for a person by category and service."""
    types = shelves.provider.overview()
    services = {t.service for t in types}
    kinds = Counter(t.kind for t in types)
    named = [word for t in types for word in (t.word, *t.aliases) if "." not in word]
    tree: dict[str, dict[str, dict[str, Json]]] = {}
    for t in types:
        tree.setdefault(t.category, {}).setdefault(t.service, {})[t.word] = _line(t)
    data = {
        "types": len(types), "services": len(services), "kinds": dict(kinds), "names_of_c7n": len(named),
        "categories": tree,
    }  # fmt: skip
    lines: list[str] = []
    for category, found in sorted(tree.items()):
        count = sum(map(len, found.values()))
        lines += ["", f"{click.style(category, bold=True)}  {count} types"]
        each = (f"{name} {len(words)}" for name, words in sorted(found.items()))
        lines += textwrap.wrap(", ".join(each), WIDTH, initial_indent="  ", subsequent_indent="  ")
    told = ", ".join(f"{n} {plural}" for kind, plural in _KINDS.items() if (n := kinds.get(kind)))
    lines += [
        "",
        f"{len(types)} types of {len(services)} services: {told}.",
        f"{len(named)} words are those of Cloud Custodian; every other type is SERVICE.THING, as in glue.blueprint.",
        "",
        "engine schema CATEGORY or SERVICE lists types; engine schema TYPE shows one",
    ]
    return Found(data, lines[1:])


_KINDS = {
    "resource": "kinds of resource",
    "activity": "of jobs and runs",
    "setting": "of account settings",
    "relation": "of relations",
}


def _line(t: TypeLine) -> dict[str, Json]:
    return {"summary": t.summary, "kind": t.kind, "origin": t.origin, "aliases": list(t.aliases)}


def _group(head: str, shelves: Catalog) -> Found:
    """The types of a category or a service (`ecs.*` where a type has the service's name)."""
    types = shelves.provider.overview()
    wanted = [t for t in types if head in (t.category, t.service)]
    if not wanted:
        known = {t.word for t in types}
        first, dot, part = head.partition(".")
        if dot and first in known:
            raise click.UsageError(f"'{part}' is no part of a type. {one_of(part, ('filters', 'actions'))}") from None
        words = [*shelves.provider.words(), *{t.category for t in types}, *{t.service for t in types}, "mode"]
        raise click.UsageError(f"no resource type '{head}'. {one_of(head, words)}") from None
    data: dict[str, dict[str, Json]] = {}
    lines: list[str] = []
    width = min(44, max(len(t.word) for t in wanted))
    for service, group in groupby(sorted(wanted, key=lambda t: (t.service, t.word)), key=lambda t: t.service):
        lines += ["", click.style(service, bold=True)]
        for t in group:
            also = f" (also {', '.join(t.aliases)})" if t.aliases else ""
            kind = "" if t.kind == "resource" else f" ({t.kind})"
            lines.append(f"  {t.word:<{width}}  {t.summary}{kind}{also}")
            data.setdefault(service, {})[t.word] = _line(t)
    lines += ["", f"{len(wanted)} type{'s' if len(wanted) != 1 else ''}; one of them: engine schema {wanted[0].word}"]
    return Found(data, lines[1:])


def _type(type: ResourceType, shelves: Catalog) -> Found:
    filters, actions = filters_of(type, shelves), actions_of(type, shelves)
    facets = {f.attribute or name: f.call for name, f in type.facets.items()}
    pushed = {p.filter or p.param: key for key, p in type.list.push.items()}
    attributes = shelves.provider.attributes(type)
    undo = {word: reversal(op, word, type) for word, op in type.operations.items() if not op.hidden}
    data = {
        "type": type.word,
        "service": type.service,
        "summary": type.summary,
        "cfn": type.cfn,
        "id": type.identity.id,
        "listed_by": type.list.call,
        "category": type.category,
        "kind": type.kind,
        "origin": type.origin,
        "attributes": dict(attributes),
        "filters": {e.word: e.summary for e in filters},
        "actions": {e.word: _action(e, type, shelves, undo) for e in actions},
        "facets": facets,
        "metrics": {"namespace": type.metrics.namespace, "dimensions": list(type.metrics.dimensions)}
        if type.metrics
        else None,
        "query": pushed,
    }
    head = click.style(f"aws.{type.word}", bold=True)
    lines = [f"{head}  {type.summary}", ""]
    lines += [f"  listed by {type.service} {type.list.call}, known by {type.identity.id}"]
    lines += [f"  CloudFormation {type.cfn}"] if type.cfn else []
    if type.metrics:
        lines += [f"  metrics in {type.metrics.namespace} by {', '.join(type.metrics.dimensions)}"]
    if type.origin != "curated":
        said = "derived from the SDK's models" + (
            ", just now: nobody has looked at it" if type.origin == "unreviewed" else ""
        )
        lines.append(f"  {said}")
    lines += _attributes(attributes)
    lines += ["", click.style("filters", bold=True), *_table((e.word, e.summary) for e in filters)]
    told = ((e.word, e.summary + _told(e, type, shelves, undo)) for e in actions)
    lines += ["", click.style("actions", bold=True), *_table(told)]
    if facets:
        title = click.style("attributes that cost a call", bold=True)
        lines += ["", f"{title}, made for what is left only", *_table(facets.items())]
    if pushed:
        title = click.style("filters that AWS answers", bold=True)
        lines += ["", f"{title} as it lists", *_table((path, f"as {name}") for name, path in pushed.items())]
    lines += ["", f"options of one: engine schema {type.word}.filters.{filters[-1].word}"]
    return Found(data, lines)


def _action(element: Element, type: ResourceType, shelves: Catalog, undo: Mapping[str, str]) -> dict[str, Json]:
    made: dict[str, Json] = {"summary": element.summary, "undo": undo.get(element.word, "")}
    operation = type.operations.get(element.word)
    if operation is not None:
        service = operation.service or type.service
        made["call"] = f"{service}:{operation.call}"
        made["iam"] = list(shelves.provider.iam_actions(service, operation.call))
    return made


def _told(element: Element, type: ResourceType, shelves: Catalog, undo: Mapping[str, str]) -> str:
    """An action's IAM actions and its way back, in brackets."""
    facts = [*_action(element, type, shelves, undo).get("iam", ()), undo.get(element.word, "")]
    return f" ({'; '.join(fact for fact in facts if fact)})" if any(facts) else ""


def _attributes(attributes: Mapping[str, str]) -> Iterator[str]:
    """The first level in full, each mapping with its members' names."""
    if not attributes:
        return
    yield ""
    yield click.style("attributes", bold=True)
    rows = []
    for name, kind in attributes.items():
        if "." in name or name == "*":
            continue
        inner = [p.rpartition(".")[2] for p in attributes if p.startswith((f"{name}.", f"{name}[]."))]
        rows.append((name, f"{kind} of {', '.join(inner)}" if inner else kind))
    yield from _table(rows)
    if "*" in attributes:
        yield "  and others, which the models do not tell"


def _elements(elements: Sequence[Element], rest: Sequence[str], kind: str) -> Found:
    """A list of elements, or the one of them that `rest` names."""
    if not rest:
        return Found({e.word: e.summary for e in elements}, list(_table((e.word, e.summary) for e in elements)))
    one = next((e for e in elements if e.word == rest[0]), None)
    if one is None:
        raise click.UsageError(f"no {kind} '{rest[0]}'. {one_of(rest[0], [e.word for e in elements])}")
    return Found(_data(one), list(_element(one, kind)))


def _element(element: Element, kind: str) -> Iterator[str]:
    yield f"{click.style(element.word, bold=True)}  ({kind})"
    for paragraph in element.text.split("\n\n"):
        yield ""
        yield from textwrap.wrap(" ".join(paragraph.split()), WIDTH - 2, initial_indent="  ", subsequent_indent="  ")
    if element.facts:
        yield ""
        yield from (f"  - {fact}" for fact in element.facts)
    if element.options:
        yield ""
        yield click.style("options", bold=True)
        for option in element.options:
            yield from _choice(option)
    if element.examples:
        yield ""
        yield click.style("examples", bold=True)
        yield from (f"  - {example}" for example in element.examples)


def _choice(option: Choice) -> Iterator[str]:
    facts = [type_text(option.schema)]
    facts += ["required"] if option.required else []
    facts += [f"default {json.dumps(option.default)}"] if option.default not in (None, "") else []
    facts += [f"in {option.unit}"] if option.unit else []
    yield f"  {option.key}: {', '.join(facts)}"
    if option.text:
        yield from textwrap.wrap(option.text, WIDTH - 6, initial_indent="      ", subsequent_indent="      ")


def _data(element: Element) -> Json:
    return dataclasses.asdict(element)


def _table(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    listed = list(rows)
    width = min(34, max((len(word) for word, _ in listed), default=0))
    for word, text in listed:
        wrapped = textwrap.wrap(text, WIDTH - width - 4) or [""]
        if len(word) > width:
            yield f"  {word}"
            wrapped, word = ["", *wrapped], ""  # noqa: PLW2901 - the text begins below a word too long for its column
        else:
            yield f"  {word:<{width}}  {wrapped[0]}".rstrip()
        yield from (f"  {'':<{width}}  {line}" for line in wrapped[1:])
