"""The call that tells more of one thing (or of several at once) than its listing does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.model.json import Json
from providers.aws.derive.api import Op, Shape, body_of, is_list, is_table, is_text, members
from providers.aws.derive.thing import Thing
from providers.aws.derive.words import flat, low


@dataclass(frozen=True)
class Detail:
    """A detail call: its facet, and the attributes that it gives."""

    op: Op
    facet: Mapping[str, Json]
    attributes: Mapping[str, Shape]


def find_detail(thing: Thing) -> Detail | None:
    """The detail call, if it gives attributes that the listing lacks."""
    best: Detail | None = None
    for detail in [*_single(thing), *_batched(thing)]:
        more = set(detail.attributes) - set(thing.listed.attributes)
        if more and (best is None or len(more) > len(set(best.attributes) - set(thing.listed.attributes))):
            best = detail
    return best


def _single(thing: Thing) -> Iterator[Detail]:
    for op in thing.api.of(thing.noun, "Describe", "Get"):
        if op.many or op.streams or op.name == thing.listed.op.name or op.beside:
            continue
        filled = thing.supply(op)
        if filled is None or any(isinstance(v, list) for v in filled.values()):
            continue
        take, attributes = body_of(op, thing.noun)
        if attributes:
            facet = {"call": op.name, "with": filled, **({"take": take} if take else {})}
            yield Detail(op, facet, attributes)


def _batched(thing: Thing) -> Iterator[Detail]:
    for op in thing.api.of(thing.noun, "BatchGet", "BatchDescribe", "Describe", "Get"):
        if not op.many or op.name == thing.listed.op.name or op.beside:
            continue
        answers = [(n, s) for n, s in op.output.items() if is_list(s) and is_table(s.member)]
        answers = [a for a in answers if flat(a[0]) == thing.noun] or answers[:1]
        for name, shape in op.input.items():
            if not is_list(shape) or not is_text(shape.member) or not answers:
                continue
            strength, attribute = thing.own(name, shape)
            inside = members(answers[0][1].member)
            if strength < 5 or attribute not in (thing.id, thing.arn) or attribute not in inside:
                continue
            filled = _batch_with(thing, op, name, attribute)
            if filled is None:
                continue
            most = min(int(shape.metadata.get("max", 10)), 100)
            batch = {"param": name, "most": max(most, 1), "id": attribute, "items": answers[0][0], "key": attribute}
            yield Detail(op, {"call": op.name, "with": filled, "batch": batch}, inside)


def _batch_with(thing: Thing, op: Op, param: str, attribute: str) -> dict[str, Json] | None:
    filled: dict[str, Json] = {param: [attribute]}
    above = thing.above.given if thing.above is not None else {}
    for name in op.required:
        if name != param and low(name) in above:
            filled[name] = above[low(name)]
        elif name != param:
            return None
    for name in op.input:
        if name not in filled and low(name) in above:
            filled[name] = above[low(name)]
    return filled
