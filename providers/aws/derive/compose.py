"""From a thing to its record: the mapping that a TOML file of the type would hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.model.json import Json
from providers.aws.derive.api import Shape, is_list, is_table, is_text, members
from providers.aws.derive.detail import Detail, find_detail
from providers.aws.derive.facets import facets_of
from providers.aws.derive.matching import best_name
from providers.aws.derive.outside import Joins
from providers.aws.derive.tagging import tags_of
from providers.aws.derive.thing import Thing
from providers.aws.derive.verbs import operations_of
from providers.aws.derive.vocabulary import ABSENT, BORN, CHANGED
from providers.aws.derive.words import low

_NEVER_BORN = ("last", "expir", "latest", "position", "end", "delet", "updat", "modif", "stop", "next")
_NAMING = ("name", "id", "identifier")
"""Endings of what a name is unique inside, where the call that deletes by that name takes it too."""
_DATED = ("date", "time", "at", "timestamp", "on")


def record_of(thing: Thing, others: Mapping[str, Thing], joins: Joins) -> dict[str, Json]:
    """The record of a thing."""
    detail = find_detail(thing)
    known = {**(detail.attributes if detail is not None else {}), **thing.attributes}
    tags, tags_facet = tags_of(thing, detail)
    facets: dict[str, Json] = {}
    if detail is not None:
        facets["detail"] = dict(detail.facet)
    if tags_facet:
        facets["tags"] = tags_facet
    operations = operations_of(thing, others)
    used = {thing.listed.op.name, *(f["call"] for f in facets.values()), *(o["call"] for o in operations.values())}
    facets |= facets_of(thing, others, used, [*known, "Tags"])
    identity = _identity(thing, known, operations)
    record: dict[str, Json] = {
        "kind": "" if thing.kind == "resource" else thing.kind,
        "cfn": thing.cfn,
        "identity": identity,
        "list": _listing(thing, detail, identity),
        "dates": dates_of(thing, known),
        "status": status_of(thing, known),
        "tags": tags,
        "facets": facets,
        "operations": operations,
        "metrics": joins.metrics.get(thing.word, {}),
    }
    return {key: value for key, value in record.items() if value}


def _identity(thing: Thing, known: Mapping[str, Shape], operations: Mapping[str, Json]) -> dict[str, Json]:
    identity: dict[str, Json] = {"id": thing.id}
    if thing.arn or thing.template:
        identity["arn"] = thing.arn or thing.template
    texts = [n for n, s in known.items() if is_text(s)]
    name = best_name(texts, thing.noun, ("name", "displayname", "title"))
    if name and name != thing.id:
        identity["name"] = name
    if thing.above is not None and thing.inner_id:
        parents = (a for a in thing.above.given.values() if a in thing.attributes and a != thing.id)
        identity["within"] = sorted(dict.fromkeys(parents))
    elif thing.above is None and low(thing.id).endswith("name"):
        taken = [path for each in operations.values() if each.get("gone") for path in each["with"].values()]
        names = [a for a in thing.attributes if low(a).endswith(_NAMING) and not low(a).endswith("accountid")]
        around = sorted(a for a in names if a in taken and a != thing.id)
        identity |= {"within": around} if around else {}
    return identity


def _listing(thing: Thing, detail: Detail | None, identity: Mapping[str, Json]) -> dict[str, Json]:
    listed = thing.listed
    made: dict[str, Json] = {"call": listed.op.name, "items": listed.items}
    made |= {"with": thing.list_with} if thing.list_with else {}
    made |= {"inner": listed.inner} if listed.inner else {}
    made |= {"copy": list(listed.copy)} if listed.copy else {}
    made |= {"item": listed.item} if listed.item else {}
    page = _page(thing)
    made |= {"page": page} if page else {}
    if detail is not None:
        made["gives"] = sorted(thing.attributes)
    if thing.above is not None:
        above = thing.above
        given = thing.listed.op.input
        filled = {name: [path] if is_list(given[name]) else path for name, path in above.with_.items()}
        made["parent"] = {"type": above.thing.word, "with": filled}
        if above.copy:
            made["parent"]["copy"] = dict(above.copy)
    elif "within" not in identity:
        look = _by_id(thing, detail)
        made |= {"by_id": look} if look else {}
    return made


def _page(thing: Thing) -> dict[str, int]:
    """The greatest page that the model allows, up to 1000."""
    op = thing.listed.op
    pages = thing.api.pages(op)
    if pages is None or not pages.limit or pages.limit in thing.list_with:
        return {}
    shape = op.input.get(pages.limit)
    most = shape.metadata.get("max") if shape is not None and shape.type_name in ("integer", "long") else None
    return {pages.limit: int(most)} if most is not None and 1 < int(most) <= 1000 else {}


def _by_id(thing: Thing, detail: Detail | None) -> dict[str, Json]:
    """Listing by id: the listing's own optional list of ids, else the detail call where its answer has the id."""
    op = thing.listed.op
    gone = [code for code in op.errors if any(part in code for part in ABSENT)]
    for name, shape in op.input.items():
        if not is_list(shape) or not is_text(shape.member) or getattr(shape.member, "enum", None):
            continue
        strength, attribute = thing.own(name, shape)
        if strength >= 7 and attribute == thing.id and op.verb == "Describe":
            most = min(int(shape.metadata.get("max", 100)), 100)
            return {"param": name, "most": most, **({"gone": gone} if gone else {})} if most > 1 else {}
    if detail is None or "batch" in detail.facet or thing.id not in detail.attributes:
        return {}
    filled = detail.facet["with"]
    if [*filled.values()] != [thing.id]:
        return {}
    missing = [code for code in detail.op.errors if any(part in code for part in ABSENT)]
    items = detail.facet.get("take", "@")
    look = {"param": next(iter(filled)), "most": 1, "call": detail.op.name, "items": items}
    return {**look, **({"gone": missing} if missing else {})}


def dates_of(thing: Thing, known: Mapping[str, Shape]) -> dict[str, Json]:
    """`created` and `modified`: timestamps, or texts and numbers that are named as dates."""
    found: dict[str, Json] = {}
    dated = [n for n, s in known.items() if _dated(n, s)]
    born = [
        n for lead in BORN for n in dated if _lead(thing, n).startswith(lead) and not low(n).startswith(_NEVER_BORN)
    ]
    if born:
        found["created"] = born[0]
    changed = [n for lead in CHANGED for n in dated if _lead(thing, n).startswith(lead)]
    if changed:
        found["modified"] = changed[0]
    return found


def _lead(thing: Thing, name: str) -> str:
    plain = low(name)
    for lead in (thing.noun, thing.words[-1].lower()):
        if plain.startswith(lead) and len(plain) > len(lead):
            return plain[len(lead) :]
    return plain


def _dated(name: str, shape: Shape) -> bool:
    if shape.type_name == "timestamp":
        return True
    return shape.type_name in ("string", "long") and low(name).endswith(_DATED) and _named_date(low(name))


def _named_date(plain: str) -> bool:
    return plain.startswith(("creat", "launch", "lastmodified", "lastupdate", "updat", "modif")) and not (
        plain.endswith(("creator", "created", "update"))
    )


def status_of(thing: Thing, known: Mapping[str, Shape]) -> str:
    """The path to the status: `Status`, `State` or the noun's; where that is a table, its name or code."""
    leads = ("", thing.noun, thing.words[-1].lower())
    for end in ("status", "state", "lifecyclestate", "lifecyclestatus"):
        for name in _named(known, [lead + end for lead in leads]):
            if is_text(known[name]):
                return name
            if is_table(known[name]):
                inside = members(known[name])
                wanted = ("name", "code", "value", "status", "state")
                found = [n for w in wanted for n in inside if low(n) == w and is_text(inside[n])]
                if found:
                    return f"{name}.{found[0]}"
    return ""


def _named(known: Mapping[str, Shape], wanted: Iterable[str]) -> list[str]:
    return [name for want in wanted for name in known if low(name) == want]
