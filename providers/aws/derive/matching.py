"""Which attribute of a thing goes into which input of an operation? Names first, then shapes.

A match has a strength: 10 the same name, 9 and 8 the noun left out on one side, 7 the same kind of identifier with a
noun that fits, 6 an `Identifier` that takes any, 5 the same telling shape, 3 an id that also takes an ARN or a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from providers.aws.derive.api import Shape, is_list, is_text
from providers.aws.derive.vocabulary import ID_ENDINGS
from providers.aws.derive.words import flat, low

GENERIC = frozenset({
    "id", "ids", "arn", "arns", "name", "names", "identifier", "identifiers", "resourcearn", "resourceid", "resource",
    "resourcename", "resourceidentifier", "resourcearnlist", "resources", "url", "key", "type",
})  # fmt: skip
"""Inputs whose names do not say of what."""

RANK = {"id": 0, "identifier": 1, "arn": 2, "url": 3, "name": 4, "": 5}
"""Identifiers in the order of preference where several fit."""

BARE = {**RANK, "name": 2, "arn": 4}
"""The same for an input that says no more than what it is (`Bucket`, `domain`)."""

ACCOUNT = frozenset({"accountid", "awsaccountid"})

_PLAIN_SHAPES = (
    "string",
    "name",
    "arn",
    "id",
    "identifier",
    "resourcename",
    "resourcearn",
    "resourceid",
    "text",
    "token",
)


def ending(name: str) -> tuple[str, str]:
    """A name in lower case as its beginning and the word for an identifier at its end (or none)."""
    plain = low(name)
    for end in ID_ENDINGS:
        if plain.endswith(end):
            return plain[: -len(end)], end
    return plain, ""


def fits(prefix: str, noun: str) -> bool:
    """Whether a name's beginning says this noun, the noun's end, or nothing."""
    return (
        not prefix
        or prefix == noun
        or (len(prefix) > 2 and (noun.endswith(prefix) or prefix.endswith(noun)))
        or (len(prefix) > 5 and noun.startswith(prefix))
    )


def identifiers(attributes: Mapping[str, Shape]) -> dict[str, Shape]:
    """The attributes that can identify: texts and whole numbers."""
    return {n: s for n, s in attributes.items() if s.type_name in ("string", "integer", "long")}


def match(name: str, shape: Shape, attributes: Mapping[str, Shape], noun: str) -> tuple[int, str]:
    """The best attribute for an input: (strength, attribute); (0, "") for none."""
    plain = flat(name) if is_list(shape) else low(name)
    inner = shape.member if is_list(shape) else shape
    if inner.type_name not in ("string", "integer", "long"):
        return 0, ""
    best = (0, 0, "")
    for attribute, own in attributes.items():
        score = _score(plain, inner, attribute, own, noun)
        rank = -(RANK if ending(plain)[1] else BARE)[ending(attribute)[1]]
        if score and (score, rank) > best[:2]:
            best = (score, rank, attribute)
    return best[0], best[2]


def _score(plain: str, inner: Shape, attribute: str, own: Shape, noun: str) -> int:
    if own.type_name not in ("string", "integer", "long") or is_text(own) != is_text(inner):
        return 0
    had = low(attribute)
    if had == plain:
        return 10
    if had == noun + plain:
        return 9
    if plain == noun + had:
        return 8
    (lead, end), (mine, my_end) = ending(plain), ending(attribute)
    if my_end and fits(lead, noun) and fits(mine, noun) and (lead or mine or end):
        if end == my_end:
            return 7
        if end in ("identifier", "") and (lead or end):
            return 6
        if end == "id" and my_end in ("arn", "name", "identifier"):
            return 3
    if own.name == inner.name and low(own.name) not in _PLAIN_SHAPES and not low(own.name).endswith("string"):
        return 5 if end == my_end or not end else 0
    return 0


def best_name(attributes: Iterable[str], noun: str, endings: Iterable[str]) -> str:
    """The first attribute that is the noun (or its end, or nothing) and one of the endings; empty for none."""
    known = {low(a): a for a in attributes}
    leads = [noun, *(noun[i:] for i in range(1, len(noun) - 2)), ""]
    for end in endings:
        for lead in leads:
            if lead + end in known:
                return known[lead + end]
    return ""
