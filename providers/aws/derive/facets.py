"""Extra reads of one thing: Get, Describe and List operations that need no more than which."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.model.json import Json
from providers.aws.derive.api import Op, is_list, is_text
from providers.aws.derive.matching import GENERIC
from providers.aws.derive.outside import table
from providers.aws.derive.thing import Thing
from providers.aws.derive.vocabulary import ABSENT
from providers.aws.derive.words import kebab, low, pascal

SECRET = (
    "credential", "credentials", "password", "passworddata", "token", "secretvalue", "presignedurl", "url", "data",
    "content", "object", "record", "records", "parametersforimport", "session", "connection", "sessiontoken", "random",
    "tag", "event", "logevent", "statistic", "metric", "metricdata", "download", "uri", "authorization",
)  # fmt: skip
"""Nouns of reads that give secrets, contents or figures, not facts about the thing."""

_DOCUMENTS = ("policy", "policydocument", "policytext", "policyjson")
"""Texts that are JSON documents. Source: IAM's are URL-encoded besides (IAM API Reference, GetRolePolicy)."""


def facets_of(
    thing: Thing, others: Mapping[str, Thing], used: Collection[str], taken: Collection[str]
) -> dict[str, dict[str, Json]]:
    """The type's facets by name. `used`: operations that the record calls already; `taken`: attributes it has."""
    found: dict[str, dict[str, Json]] = {}
    had = {low(name) for name in taken}
    for name in sorted(thing.api.ops):
        op = thing.api.ops[name]
        if not _readable(thing, op, others) or name in used:
            continue
        filled = thing.supply(op)
        if filled is None or any(isinstance(v, list) for v in filled.values()):
            continue
        words = _rest(thing, op)
        facet_name, attribute = kebab(words), pascal(words)
        if low(attribute) in had or facet_name in found or facet_name in ("tags", "detail"):
            attribute, facet_name = pascal([op.verb, *words]), kebab([op.verb, *words])
        if low(attribute) in had or facet_name in found:
            continue
        had.add(low(attribute))
        found[facet_name] = {
            "call": name,
            "with": filled,
            "attribute": attribute,
            **_taken(thing, op),
            **_none(thing.api.service, op),
        }
    return found


def _readable(thing: Thing, op: Op, others: Mapping[str, Thing]) -> bool:
    if op.verb not in ("Get", "Describe", "List") or op.deprecated or op.streams or not op.output or not op.words:
        return False
    if not op.required or low(op.words[-1]) in SECRET or "tag" in op.noun:
        return False
    if any(low(name) == "attribute" for name in op.input):  # which one, it must be told (EC2's describe one at a time)
        return False
    if op.noun == thing.noun or (op.noun in others and (op.many or op.verb == "List")):
        return False
    if op.noun in others:
        return False
    generic = all(low(name) in GENERIC for name in op.required)
    return op.noun.startswith(thing.noun) if generic else True


def _rest(thing: Thing, op: Op) -> list[str]:
    """The noun's words without the type's own in front."""
    left, taken = list(op.words), ""
    while left and len(taken) < len(thing.noun):
        taken += left.pop(0).lower()
    return left if taken == thing.noun and left else list(op.words)


def _taken(thing: Thing, op: Op) -> dict[str, Json]:
    """What of the answer is the fact: its one member besides paging tokens; else all of it."""
    pages = thing.api.pages(op)
    tokens = set(pages.output_tokens) if pages is not None else set()
    own = [n for n in op.output if n not in tokens and n != (pages.more if pages is not None else "")]
    told = [n for n in own if low(n) not in {low(p) for p in op.required}]
    if len(told) != 1:
        return {}
    shape = op.output[told[0]]
    if is_text(shape) and op.noun.endswith("policy") and low(told[0]).endswith(_DOCUMENTS):
        return {"take": told[0], "form": "url-json-text" if thing.api.service == "iam" else "json-text"}
    paged = pages is not None and is_list(shape)
    return {"take": told[0], **({"paged": True} if paged else {})}


def _none(service: str, op: Op) -> dict[str, Json]:
    told = table("choices")["none"].get(f"{service}:{op.name}")
    codes = told or [code for code in op.errors if any(part in code for part in ABSENT)]
    return {"none": codes} if codes else {}
