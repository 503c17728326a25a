"""Which kinds of things has a service? Listings grouped by noun, the best of each, parents found, evidence weighed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.model.json import Json
from providers.aws.derive.api import Api, Op, is_list, is_text
from providers.aws.derive.kinds import kind_of
from providers.aws.derive.listing import Listed, is_list_op, read_listing
from providers.aws.derive.matching import ACCOUNT, GENERIC, ending, identifiers
from providers.aws.derive.outside import Joins
from providers.aws.derive.thing import Above, Thing, find_arn, find_id
from providers.aws.derive.vocabulary import PLANE, READS
from providers.aws.derive.words import kebab, low, pascal

DEPTH = 2
"""Most parents above a type."""

_SCOPES = (
    "REGIONAL",
    "Regional",
    "ALL",
    "All",
    "all",
    "SELF",
    "self",
    "ACCOUNT",
    "Account",
    "CUSTOM",
    "Custom",
    "ANY",
    "REGISTERED",
    "USERPOOL",
)
"""Values of a required choice that mean the account's own, or everything."""


def things_of(api: Api, joins: Joins) -> dict[str, Thing]:
    """The service's types by noun, parents before their children."""
    if api.service in PLANE:
        return {}
    found: dict[str, Thing] = {}
    waiting = _candidates(api, joins)
    for depth in range(DEPTH + 1):
        fresh: dict[str, Thing] = {}
        for noun, choices in waiting.items():
            for listed in choices:
                thing = _placed(api, listed, found, depth, joins)
                if thing is not None:
                    fresh[noun] = thing
                    break
        for noun, thing in fresh.items():
            waiting.pop(noun)
            found[noun] = thing
    kept = _without_twins(found)
    return {noun: thing for noun, thing in kept.items() if thing.kind and _rooted(thing, kept)}


def _rooted(thing: Thing, kept: Mapping[str, Thing]) -> bool:
    above = thing.above
    return above is None or (kept.get(above.thing.noun) is above.thing and _rooted(above.thing, kept))


def _candidates(api: Api, joins: Joins) -> dict[str, list[Listed]]:
    groups: dict[str, list[Listed]] = {}
    for op in api.ops.values():
        if is_list_op(op):
            listed = read_listing(api, op)
            if listed is not None:
                groups.setdefault(op.noun, []).append(listed)
    chosen = {noun: _chosen(api, each, joins) for noun, each in groups.items()}
    return {noun: sorted(each, key=lambda one: _order(api, one)) for noun, each in sorted(chosen.items())}


def _chosen(api: Api, choices: list[Listed], joins: Joins) -> list[Listed]:
    """Those worth trying: the one that is told, else all but searches, else all."""
    told = joins.lists.get(f"{api.service}.{kebab(choices[0].op.words)}")
    if told is not None:
        return [one for one in choices if one.op.name == told] or choices
    return [one for one in choices if one.op.verb != "Search"] or choices


def _order(api: Api, listed: Listed) -> tuple[int, bool, bool, bool, int, int, str]:
    op = listed.op
    batch = op.verb == "Describe" and api.pages(op) is None and any(is_list(s) for s in op.input.values())
    rich = 0 if listed.item else -len(listed.attributes)
    return (len(op.required), bool(op.beside), batch, bool(listed.item), rich, READS.index(op.verb), op.name)


def _placed(api: Api, listed: Listed, found: Mapping[str, Thing], depth: int, joins: Joins) -> Thing | None:
    """The thing of a listing, if its inputs can be filled with `depth` parents."""
    thing = Thing(api, listed.op.words, listed)
    needs: list[str] = []
    thing.list_with.update(joins.with_.get(thing.word, {}))
    for name in listed.op.required:
        if name in thing.list_with:
            continue
        filled = _context(thing, listed.op, name)
        if filled is None:
            needs.append(name)
        else:
            thing.list_with[name] = filled
    implicit = joins.implicit.get(thing.word)
    if implicit is not None:
        needs = [*needs, implicit["param"]] if implicit["param"] not in needs else needs
    if bool(needs) != bool(depth):
        return None
    if needs:
        told = implicit["parent"] if implicit is not None else ""
        thing.above = _above(thing, listed.op, needs, found.values(), told)
        if thing.above is None or thing.depth != depth:
            return None
    thing.id = joins.ids.get(thing.word) or find_id(thing)
    thing.arn = find_arn(thing)
    kind_of(thing, joins)
    return thing if thing.id else None


def _context(thing: Thing, op: Op, name: str) -> Json:
    """What fills an input that names no other thing: the account, a page size, the scope that means all."""
    shape = op.input[name]
    if low(name) in ACCOUNT and is_text(shape):
        return "_account"
    if shape.type_name == "integer" and low(name) in ("maxresults", "limit", "pagesize", "maxitems"):
        return min(int(shape.metadata.get("max", 50)), 50)
    choices = getattr(shape, "enum", None) or ()
    if choices:
        one = next((c for c in _SCOPES if c in choices), choices[0] if len(choices) == 1 else "")
        return f"'{one}'" if one else None
    if is_list(shape) and is_text(shape.member) and "self" in (getattr(shape.member, "enum", None) or ()):
        return ["'self'"]
    return None


def _above(thing: Thing, op: Op, needs: list[str], types: Iterable[Thing], only: str) -> Above | None:
    best: tuple[float, str, Above] | None = None
    for other in types:
        if other.noun == thing.noun or (only and other.word != only) or not other.kind:
            continue
        scored = _under(thing, op, needs, other, told=bool(only))
        if scored is not None and (best is None or (-scored[0], other.noun) < (-best[0], best[1])):
            best = (scored[0], other.noun, scored[1])
    return best[2] if best is not None else None


def _under(thing: Thing, op: Op, needs: list[str], other: Thing, told: bool) -> tuple[float, Above] | None:
    with_: dict[str, str] = {}
    copy: dict[str, str] = {}
    given: dict[str, str] = {}
    total, own = 0.0, False
    for name in needs:
        strength, attribute = _parent_fits(op, name, other, told)
        if other.above is not None and low(name) in other.above.given and strength < 10:
            attribute, strength, mine = other.above.given[low(name)], 8.0, False
        else:
            mine = True
        if strength <= 0:
            return None
        total += strength
        own = own or mine
        with_[name] = attribute
        called = _copied_name(thing, name, other, attribute)
        if called not in thing.listed.attributes:
            copy[called] = attribute
        given[low(called)] = called
        if low(name) not in GENERIC:
            given[low(name)] = called
    if other.above is not None:
        for plain, attribute in other.above.given.items():
            if plain not in given and attribute not in thing.listed.attributes:
                copy[attribute] = attribute
                given[plain] = attribute
    return (total, Above(other, with_, copy, given)) if own else None


def _parent_fits(op: Op, name: str, other: Thing, told: bool) -> tuple[float, str]:
    shape = op.input[name]
    strength, attribute = other.own(name, shape)
    if attribute not in (other.id, other.arn) and strength < 8:
        strength = 0
    lead, end = ending(name)
    if low(name) in GENERIC or not strength:
        return (5.0, other.id) if told else (0.0, "")
    if not lead or not (other.noun == lead or other.noun.endswith(lead) or lead.endswith(other.noun)):
        same = strength == 10 and attribute in (other.id, other.arn) and low(name) not in GENERIC
        return (6.0, attribute) if same else (0.0, "")
    if strength < 3 or (strength == 3 and not end):
        return 0.0, ""
    return strength + (4.0 if other.noun == lead else 0.0) - (0 if lead in other.noun else 1), attribute


def _copied_name(thing: Thing, name: str, other: Thing, attribute: str) -> str:
    """What the parent's attribute is called on the child: as the parameter, or as the parent where that is generic."""
    known = {low(n): n for n in thing.listed.attributes}
    if low(name) not in GENERIC:
        return known.get(low(name), name)
    end = ending(attribute)[1] or "id"
    called = pascal(other.words) + end.capitalize()
    return called[:1].lower() + called[1:] if name[:1].islower() else called


def _without_twins(found: Mapping[str, Thing]) -> dict[str, Thing]:
    """Without those that list what another lists: `FooSummary` beside `Foo`; two nouns of one CloudFormation type."""
    kept = dict(found)
    for noun in list(kept):
        for end in ("summary", "metadata", "detail", "list", "info", "definition", "overview"):
            other = kept.get(noun.removesuffix(end)) if noun.endswith(end) else None
            if other is not None and other.kind and not kept[noun].cfn:
                kept.pop(noun, None)
                break
    by_cfn: dict[str, list[Thing]] = {}
    for thing in kept.values():
        if thing.cfn and thing.kind:
            by_cfn.setdefault(thing.cfn, []).append(thing)
    for cfn, things in by_cfn.items():
        last = cfn.rsplit("::", maxsplit=1)[-1].lower()
        best = min(things, key=lambda t: (t.noun != last, t.depth, len(t.noun)))
        for thing in things:
            if thing is not best and not (_made(thing, "Create") and _made(thing, "Delete")):
                kept.pop(thing.noun)
    return {n: t for n, t in kept.items() if identifiers(t.listed.attributes)}


def _made(thing: Thing, verb: str) -> bool:
    return any(True for _ in thing.api.of(thing.noun, verb))
