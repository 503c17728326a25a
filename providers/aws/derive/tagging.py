"""How is a type tagged: where its tags stand, and the calls that read, write and remove them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.model.json import Json
from providers.aws.derive.api import Op, Shape, is_list, is_table, is_text, members
from providers.aws.derive.detail import Detail
from providers.aws.derive.thing import Thing
from providers.aws.derive.words import low

_FORMS = {("Key", "Value"): "pairs", ("key", "value"): "lower", ("TagKey", "TagValue"): "tag-pairs"}
_NAMES = ("tags", "taglist", "tagset", "resourcetags", "tagslist")
_WRITES = ("TagResource", "AddTagsToResource", "AddTags", "CreateTags", "AddTagsToOnPremisesInstances", "TagResources")
_REMOVES = ("UntagResource", "RemoveTagsFromResource", "RemoveTags", "DeleteTags", "UntagResources")
_READS = ("ListTagsForResource", "ListTags", "ListResourceTags", "GetTags", "GetResourceTags", "GetTagsForResource",
          "ListTagsForResources")  # fmt: skip


def form_of(shape: Shape) -> str:
    """The form of tags that a shape holds; empty where it holds none."""
    if shape.type_name == "map":
        return "map" if is_text(shape.value) else ""
    if is_list(shape) and is_table(shape.member):
        names = members(shape.member)
        return next((form for pair, form in _FORMS.items() if set(pair) <= set(names)), "")
    return ""


def tags_of(thing: Thing, detail: Detail | None) -> tuple[dict[str, Json], dict[str, Json]]:
    """The record's `tags` and the facet that reads them (each empty where there is none)."""
    write = _write(thing, [*_named(thing, "Tag", "AddTagsTo"), *_WRITES], removal=False)
    remove = _write(thing, [*_named(thing, "Untag", "RemoveTagsFrom"), *_REMOVES], removal=True)
    if not write or not remove:
        return {}, {}
    both = {"write": write, "remove": remove}
    inline = _inline(thing.listed.attributes)
    if inline:
        return {"attribute": inline[0], **_form(inline[1]), **both}, {}
    shown = _inline(detail.attributes) if detail is not None else ()
    if detail is not None and shown:
        inner = detail.facet.get("take", "")
        take = shown[0] if "batch" in detail.facet or not inner else f"{inner}.{shown[0]}"
        return {"facet": "tags", **_form(shown[1]), **both}, {**detail.facet, "take": take, "attribute": "Tags"}
    facet, form = _read(thing)
    return ({"facet": "tags", **_form(form), **both}, facet) if facet else ({}, {})


def _form(form: str) -> dict[str, Json]:
    return {} if form == "pairs" else {"form": form}


def _inline(attributes: Mapping[str, Shape]) -> tuple[str, str] | tuple[()]:
    for name, shape in attributes.items():
        form = form_of(shape) if low(name) in _NAMES else ""
        if form:
            return name, form
    return ()


def _named(thing: Thing, *leads: str) -> list[str]:
    return [f"{lead}{''.join(thing.words)}" for lead in leads]


def _read(thing: Thing) -> tuple[dict[str, Json], str]:
    for name in (f"List{''.join(thing.words)}Tags", f"ListTagsFor{''.join(thing.words)}", *_READS):
        op = thing.api.ops.get(name)
        if op is None:
            continue
        shown = _inline(op.output)
        filled = _which(thing, op, op.required or tuple(op.input))
        if shown and filled:
            facet: dict[str, Json] = {"call": name, "with": filled, "take": shown[0], "attribute": "Tags"}
            if shown[1] != "map" and thing.api.pages(op) is not None:
                facet["paged"] = True
            return facet, shown[1]
    return {}, ""


def _write(thing: Thing, names: list[str], removal: bool) -> dict[str, Json]:
    for name in names:
        op = thing.api.ops.get(name)
        if op is None:
            continue
        for param, form in _tag_params(op, removal):
            filled = _which(thing, op, [n for n in op.required or tuple(op.input) if n != param])
            if filled:
                return {"call": name, "with": filled, "tags": param, "form": form}
    return {}


def _tag_params(op: Op, removal: bool) -> Iterator[tuple[str, str]]:
    for name, shape in op.input.items():
        if "tag" not in low(name):
            continue
        form = form_of(shape)
        if not removal and form:
            yield name, form
        elif removal and is_list(shape) and is_text(shape.member):
            yield name, "keys"
        elif removal and is_list(shape) and "Key" in members(shape.member):
            yield name, "key-maps"


def _which(thing: Thing, op: Op, names: tuple[str, ...] | list[str]) -> dict[str, Json]:
    """What says which resource; everything required must be filled."""
    filled: dict[str, Json] = {}
    for name in names:
        shape = op.input[name]
        if not op.required and filled:
            break
        path = _reference(thing, op, name, shape)
        if path:
            filled[name] = [path] if is_list(shape) else path
        elif op.required:
            return {}
    return filled


def _reference(thing: Thing, op: Op, name: str, shape: Shape) -> str:
    inner = shape.member if is_list(shape) else shape
    if getattr(inner, "enum", None) or not is_text(inner):
        return ""
    strength, attribute = thing.own(name, shape)
    if strength >= 7 and low(name) not in ("name", "id", "arn") and attribute in (thing.id, thing.arn):
        return attribute
    text = f"{getattr(shape, 'documentation', '')} {inner.documentation} {inner.metadata.get('pattern', '')}".lower()
    if "arn" in low(name) or "arn" in low(inner.name) or "amazon resource name" in text or "arn" in text.split():
        return thing.arn or ("_arn" if thing.template else "")
    if low(name) in ("resources", "resourceid", "resource", "resourceids", "resourcename", "resourceidentifier", "id"):
        return thing.id
    if thing.above is not None and low(name) in thing.above.given:
        return thing.above.given[low(name)]
    return attribute if strength >= 7 else ""
