"""Reference pages, one a resource type: what can be written about it, made from its record and the catalog.

Markdown, with an index by category and service. Nothing stands in them that is not told elsewhere in the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from engine.lang.vocabulary import Choice, Element, actions_of, filters_of, reversal, type_text
from engine.model.record import ResourceType
from engine.plugin.catalog import Catalog
from engine.plugin.protocols import TypeLine


def write_pages(folder: Path, catalog: Catalog, told: Callable[[str], None] = lambda word: None) -> int:
    """Write `index.md` and a page for each type into a folder; how many there are. `told` hears of each.

    Raises:   OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    types = catalog.provider.overview()
    for each in types:
        (folder / f"{each.word}.md").write_text(page(catalog.provider.type(each.word), catalog), encoding="utf-8")
        told(each.word)
    (folder / "index.md").write_text(index(types), encoding="utf-8")
    return len(types)


def index(types: Sequence[TypeLine]) -> str:
    """Every type, by category and service."""
    lines = ["# Resource types", "", f"{len(types)} types of {len({t.service for t in types})} services."]
    ordered = sorted(types, key=lambda t: (t.category, t.service, t.word))
    for category, of_category in groupby(ordered, key=lambda t: t.category):
        lines += ["", f"## {category}", ""]
        for service, group in groupby(of_category, key=lambda t: t.service):
            lines.append(f"- {service}: " + ", ".join(f"[{t.word}]({t.word}.md)" for t in group))
    return "\n".join(lines) + "\n"


def page(type: ResourceType, catalog: Catalog) -> str:
    """One type's page."""
    lines = [f"# aws.{type.word}", "", type.summary, "", *_facts(type), ""]
    lines += _attributes(catalog.provider.attributes(type))
    if type.facets:
        rows = [(f"`{f.attribute or '(its own)'}`", f"`{f.call}`") for f in type.facets.values()]
        lines += ["## Attributes that cost a call", "", *_table(("attribute", "call"), rows), ""]
    if type.list.push:
        pushed = [(f"`{path}`", f"`{p.filter or p.param}`") for path, p in type.list.push.items()]
        lines += ["## Filters that AWS answers as it lists", "", *_table(("attribute", "asked as"), pushed), ""]
    lines += ["## Filters", ""]
    for element in filters_of(type, catalog):
        lines += _element(element, [])
    lines += ["## Actions", ""]
    for element in actions_of(type, catalog):
        lines += _element(element, _of_operation(element, type, catalog))
    return "\n".join(lines).rstrip() + "\n"


def _facts(type: ResourceType) -> Iterator[str]:
    service = type.list.service or type.service
    yield f"- listed by `{service}:{type.list.call}`, known by `{type.identity.id}`"
    if type.list.parent is not None and type.list.parent.type:
        yield f"- listed inside each [{type.list.parent.type}]({type.list.parent.type}.md)"
    if type.cfn:
        yield f"- CloudFormation: `{type.cfn}`"
    if type.metrics is not None:
        yield f"- metrics in `{type.metrics.namespace}` by {', '.join(f'`{name}`' for name in type.metrics.dimensions)}"
    if type.kind != "resource":
        yield f"- kind: {type.kind}"
    yield f"- record: {type.origin}" + (f"; {type.source}" if type.source else "")


def _attributes(attributes: Mapping[str, str]) -> Iterator[str]:
    if not attributes:
        return
    yield from ("## Attributes", "")
    yield from _table(("path", "kind"), [(f"`{p}`", kind) for p, kind in attributes.items() if p != "*"])
    if "*" in attributes:
        yield from ("", "There may be others, which the models do not tell.")
    yield ""


def _of_operation(element: Element, type: ResourceType, catalog: Catalog) -> list[str]:
    operation = type.operations.get(element.word)
    if operation is None:
        return []
    actions = catalog.provider.iam_actions(operation.service or type.service, operation.call)
    return [f"IAM: {', '.join(f'`{a}`' for a in actions)}", reversal(operation, element.word, type)]


def _element(element: Element, more: Sequence[str]) -> Iterator[str]:
    yield from (f"### {element.word}", "", " ".join(element.summary.split()), "")
    facts = list(dict.fromkeys([*element.facts, *more]))
    if facts:
        yield from (*(f"- {fact}" for fact in facts), "")
    if element.options:
        yield from (*_table(("option", "takes", "meaning"), [_option(o) for o in element.options]), "")
    if element.examples:
        yield from ("```yaml", *(f"- {example}" for example in element.examples), "```", "")


def _option(choice: Choice) -> tuple[str, str, str]:
    takes = type_text(choice.schema) + (", required" if choice.required else "")
    return (
        f"`{choice.key}`",
        takes,
        choice.text + (f" ({choice.unit})" if choice.unit and choice.unit not in choice.text else ""),
    )


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(headings) + " |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        yield "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) + " |"
