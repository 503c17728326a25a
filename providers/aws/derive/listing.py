"""Where in a list operation's answer do the things stand, and what does each say of itself?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from providers.aws.derive.api import SCALARS, Api, Op, Shape, body_of, is_list, is_table, is_text, members, thing_of
from providers.aws.derive.vocabulary import ID_ENDINGS, READS
from providers.aws.derive.words import flat, low, singular, split

_NEVER = ("error", "warning", "fail", "tag", "message", "unprocessed", "invalid", "notfound", "missing", "metadata")


@dataclass(frozen=True)
class Listed:
    """A list operation read: `items` and `inner` as in a record; `element` is one thing's structure (None: a text).

    `attributes` are the members that a listed thing has; a text stands under `item`.
    """

    op: Op
    items: str
    element: Shape
    inner: str = ""
    copy: tuple[str, ...] = ()
    item: str = ""
    attributes: Mapping[str, Shape] = field(default_factory=dict)


def is_list_op(op: Op) -> bool:
    """Whether the name is that of a listing."""
    return op.verb in READS and bool(op.words) and (op.many or op.verb in ("List", "Search")) and not op.deprecated


def read_listing(api: Api, op: Op) -> Listed | None:
    """What a list operation lists; None where its answer holds no list that its name means."""
    best: tuple[float, str, Shape] | None = None
    choices = list(_lists(op))
    pages = api.pages(op)
    results = pages.results if pages is not None else ()
    for path, shape in choices:
        score = _fit(op, path, shape) + (4 if path in results else 0) + (3 if len(choices) == 1 else 0)
        if best is None or score > best[0]:
            best = (score, path, shape)
    if best is None or best[0] < 3:
        return None
    return _descended(api, op, best[1], best[2].member)


def _lists(op: Op) -> Iterator[tuple[str, Shape]]:
    for name, shape in op.output.items():
        if low(name).startswith(_NEVER) or low(name).endswith(("errors", "warnings", "failures")):
            continue
        if is_list(shape) and (is_table(shape.member) or is_text(shape.member)):
            yield name, shape
        elif is_table(shape):
            inner = [(n, s) for n, s in members(shape).items() if is_list(s) and not low(n).startswith(_NEVER)]
            if len(inner) == 1 and (is_table(inner[0][1].member) or is_text(inner[0][1].member)):
                yield f"{name}.{inner[0][0]}", inner[0][1]


def _fit(op: Op, path: str, shape: Shape) -> float:
    name = path.split(".", maxsplit=1)[0]
    plain = flat(name)
    thing = thing_of(shape.member.name) if is_table(shape.member) else ""
    score = 2.0 if is_table(shape.member) else 0.0
    score -= 1.0 if "." in path else 0.0
    if op.noun in (plain, thing, thing_of(name)):
        score += 6
    elif plain and (op.noun.endswith(plain) or plain.endswith(op.noun)):
        score += 3
    elif thing and (op.noun.endswith(thing) or thing.endswith(op.noun)):
        score += 2
    return score


def _descended(api: Api, op: Op, path: str, element: Shape) -> Listed | None:
    if is_text(element):
        item = _described_name(api, op, _text_name(api, op, path, element))
        return Listed(op, path, None, item=item, attributes={item: element})
    own = members(element)
    if thing_of(element.name) != op.noun:
        for name, shape in own.items():
            if flat(name) != op.noun:
                continue
            if is_list(shape) and is_table(shape.member):
                copy = tuple(n for n, s in own.items() if s.type_name in SCALARS and low(n).endswith(ID_ENDINGS))
                inside = members(shape.member)
                copy = tuple(n for n in copy if n not in inside)
                return Listed(op, path, shape.member, name, copy, "", {**{n: own[n] for n in copy}, **inside})
            if is_table(shape) and len(members(shape)) > 1:
                return Listed(op, f"{path}[].{name}", shape, attributes=members(shape))
    if not any(low(n).endswith(ID_ENDINGS) for n in own):
        deeper = [(n, s) for n, s in own.items() if is_table(s) and low(n) != "owner" and _holds_id(n, s, op.noun)]
        if len(deeper) == 1:
            return Listed(op, f"{path}[].{deeper[0][0]}", deeper[0][1], attributes=members(deeper[0][1]))
    return Listed(op, path, element, attributes=dict(own))


def _holds_id(name: str, shape: Shape, noun: str) -> bool:
    if flat(name) == noun and any(low(n).endswith(ID_ENDINGS) for n in members(shape)):
        return True
    return any(is_text(s) and low(n) in ("id", "arn", f"{noun}id", f"{noun}arn") for n, s in members(shape).items())


def _text_name(api: Api, op: Op, path: str, element: Shape) -> str:
    """What a listed text is called: after its list (`TableNames`), else after the input that takes it, or its shape."""
    name = path.rsplit(".", maxsplit=1)[-1]
    one = name[: len(name) - len(split(name)[-1])] + _one(split(name)[-1])
    if low(one).endswith(ID_ENDINGS):
        return one if low(one) not in ID_ENDINGS else op.words[-1] + one[:1].upper() + one[1:]
    for other in api.of(op.noun, "Delete", "Describe", "Get", "Update"):
        for given in other.required:
            if is_text(other.input[given]) and low(given).startswith(op.noun) and low(given).endswith(ID_ENDINGS):
                return given
    last = split(element.name)[-1].lower() if split(element.name) else ""
    ending = last.capitalize() if last in ID_ENDINGS else "Name"
    lead = "".join(op.words)
    return (lead if name[:1].isupper() else lead[:1].lower() + lead[1:]) + ending


def _described_name(api: Api, op: Op, name: str) -> str:
    """The name that the thing's own description has for it, so that listing and description agree (EKS: `name`)."""
    end = next((e for e in ID_ENDINGS if low(name).endswith(e)), "")
    for other in api.of(op.noun, "Describe", "Get", "BatchGet", "BatchDescribe"):
        if other.name == op.name or other.beside:
            continue
        body = _body(other)
        if name in body:
            return name
        for wanted in (op.noun + end, end):
            found = next((n for n, s in body.items() if low(n) == wanted and is_text(s)), "")
            if found:
                return found
    return name


def _body(op: Op) -> Mapping[str, Shape]:
    if not op.many:
        return body_of(op, op.noun)[1]
    tables = [s.member for n, s in op.output.items() if is_list(s) and is_table(s.member) and flat(n) == op.noun]
    return members(tables[0]) if tables else {}


def _one(word: str) -> str:
    found = singular(word)
    return word[: len(found)] if word.lower().startswith(found) else found
