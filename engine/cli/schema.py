"""engine schema"""

from __future__ import annotations

import dataclasses
import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import click

from engine.lang.vocabulary import (
    Choice,
    Element,
    action_of,
    actions_of,
    filter_of,
    filters_of,
    modes,
    reversal,
)
from engine.model.json import Json
from engine.model.record import ResourceType
from engine.plugin.catalog import Catalog
from engine.plugin.discover import catalog
from engine.plugin.suggest import one_of

WIDTH = 110


@click.command("schema")
@click.argument("selector", required=False, default="")
@click.option("--json", "editor", is_flag=True, help="the JSON schema for editors (draft-07), of all types")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="how to print it")
def command(selector: str, editor: bool, form: str) -> None:
    """Show what policies can name: types, their filters and actions, modes. Asks AWS nothing.

    \b
    engine schema                          all resource types
    engine schema ec2                      a type's filters, actions, metrics and query keys
    engine schema ec2.filters.metrics      one filter's options and examples
    engine schema mode.periodic            a mode's options
    engine schema --json > policy.schema.json
    """
    shelves = catalog()
    if editor:
        from engine.lang.schema import policy_schema, schema_text

        click.echo(schema_text(policy_schema(shelves)), nl=False)
        return
    found = _select(selector.removeprefix("aws.").removeprefix("aws"), shelves)
    if form == "json":
        click.echo(json.dumps(found.data, indent=2, default=str))
    else:
        click.echo("\n".join(found.lines))


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What a selector names: as data, and as lines."""

    data: Json
    lines: list[str]


def _select(selector: str, shelves: Catalog) -> Found:
    if not selector:
        return _types(shelves)
    head, *rest = selector.split(".", 3)
    if rest and f"{head}.{rest[0]}" in set(shelves.provider.words()):
        head, rest = f"{head}.{rest[0]}", rest[1:]
    rest = [*rest[:1], ".".join(rest[1:])] if rest[1:] else rest
    if head in ("mode", "modes"):
        return _elements(modes(), rest, "mode")
    try:
        type = shelves.provider.type(head)
    except KeyError:
        words = [*shelves.provider.words(), "mode"]
        raise click.UsageError(f"no resource type '{head}'. {one_of(head, words)}") from None
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


def _types(shelves: Catalog) -> Found:
    types = [(word, shelves.provider.type(word)) for word in shelves.provider.words()]
    rows = sorted((type.service, word, type) for word, type in types if word == type.word)
    aliases = {word: type.word for word, type in types if word != type.word}
    lines: list[str] = []
    data: dict[str, Json] = {}
    width = max(len(word) for word, type in types if type.origin == "curated")
    first = next(word for _, word, type in rows if type.origin == "curated")
    derived = [word for _, word, type in rows if type.origin != "curated"]
    for service, group in groupby(rows, key=lambda row: row[0]):
        told = [(word, type) for _, word, type in group if type.origin == "curated"]
        lines += ["", click.style(service, bold=True)] if told else []
        for word, type in told:
            second = [a for a, target in aliases.items() if target == word]
            also = f" (also {', '.join(second)})" if second else ""
            lines.append(f"  {word:<{width}}  {type.summary}{also}")
    for service, word, type in rows:
        second = [a for a, target in aliases.items() if target == word]
        data.setdefault(service, {})[word] = {"summary": type.summary, "aliases": second}
    lines += ["", f"{len(rows) - len(derived)} types; one of them: engine schema {first}"]
    if derived:
        lines += [f"{len(derived)} more are derived from the SDK's models; one of them: engine schema {derived[0]}"]
    return Found(data, lines[1:])


def _type(type: ResourceType, shelves: Catalog) -> Found:
    filters, actions = filters_of(type, shelves), actions_of(type, shelves)
    facets = {f.attribute or name: f.call for name, f in type.facets.items()}
    pushed = {p.filter or p.param: key for key, p in type.list.push.items()}
    undo = {word: reversal(op, word, type) for word, op in type.operations.items() if not op.hidden}
    data = {
        "type": type.word,
        "service": type.service,
        "summary": type.summary,
        "cfn": type.cfn,
        "id": type.identity.id,
        "listed_by": type.list.call,
        "filters": {e.word: e.summary for e in filters},
        "actions": {e.word: {"summary": e.summary, "undo": undo.get(e.word, "")} for e in actions},
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
    lines += ["", click.style("filters", bold=True), *_table((e.word, e.summary) for e in filters)]
    told = ((e.word, e.summary + (f" ({undo[e.word]})" if e.word in undo else "")) for e in actions)
    lines += ["", click.style("actions", bold=True), *_table(told)]
    if facets:
        title = click.style("attributes that cost a call", bold=True)
        lines += ["", f"{title}, made for what is left only", *_table(facets.items())]
    if pushed:
        title = click.style("filters that AWS answers", bold=True)
        lines += ["", f"{title} as it lists", *_table((path, f"as {name}") for name, path in pushed.items())]
    lines += ["", f"options of one: engine schema {type.word}.filters.{filters[-1].word}"]
    return Found(data, lines)


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


def type_text(schema: Json) -> str:
    """A JSON schema in words: `string`, `list of string`, `one of a, b`, `number from 0 to 100`."""
    if "enum" in schema:
        return "one of " + ", ".join(str(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_text(each) for each in schema["anyOf"]))
    if "$ref" in schema:
        return "filter"
    kind = schema.get("type", "any value")
    if kind == "array":
        return f"list of {type_text(schema.get('items', {}))}"
    if kind == "object" and schema.get("properties"):
        return "{" + ", ".join(schema["properties"]) + "}"
    low, high = schema.get("minimum"), schema.get("maximum")
    limits = (f" from {low}" if low is not None else "") + (f" to {high}" if high is not None else "")
    return f"{'mapping' if kind == 'object' else kind}{limits}"


def _data(element: Element) -> Json:
    return dataclasses.asdict(element)


def _table(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    listed = list(rows)
    width = min(34, max((len(word) for word, _ in listed), default=0))
    for word, text in listed:
        wrapped = textwrap.wrap(text, WIDTH - width - 4) or [""]
        yield f"  {word:<{width}}  {wrapped[0]}".rstrip()
        yield from (f"  {'':<{width}}  {line}" for line in wrapped[1:])
