"""What can be done to one thing, knowing no more than which: operations, their options, and the way back."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.json import Json
from providers.aws.derive.api import Op, Shape, is_list
from providers.aws.derive.thing import Thing
from providers.aws.derive.vocabulary import CHANGING, ENDING, LOSING, PLAIN
from providers.aws.derive.words import kebab, split

OPPOSITES = {
    "start": "stop", "enable": "disable", "pause": "resume", "suspend": "resume", "activate": "deactivate",
    "archive": "unarchive", "lock": "unlock", "attach": "detach", "monitor": "unmonitor",
}  # fmt: skip

_TYPES = {
    "string": "string", "integer": "integer", "long": "integer", "float": "number", "double": "number",
    "boolean": "boolean", "list": "array", "structure": "object", "map": "object", "timestamp": "string",
}  # fmt: skip
_ENUM = 60
"""Longest choice that a record lists; a longer one is left to AWS to check."""


def operations_of(thing: Thing, others: Mapping[str, Thing]) -> dict[str, dict[str, Json]]:
    """The type's operations by word. `others`: the service's types, whose own operations are theirs."""
    found: dict[str, dict[str, Json]] = {}
    for name in sorted(thing.api.ops):
        op = thing.api.ops[name]
        if op.deprecated or op.verb not in ENDING | PLAIN | CHANGING or not _about(thing, op, others):
            continue
        filled = thing.supply(op)
        if filled is None or set(op.required) - set(filled):
            continue
        word = _word(thing, op)
        if word not in found:
            found[word] = _operation(thing, op, filled)
    _pair(found)
    return found


def _about(thing: Thing, op: Op, others: Mapping[str, Thing]) -> bool:
    """Whether the operation is this type's: its noun is the type's, or no other type's."""
    if op.noun == thing.noun:
        return True
    return op.noun not in others and not op.beside


def _word(thing: Thing, op: Op) -> str:
    verb = kebab(split(op.verb))
    if op.noun == thing.noun:
        rest = [*op.beside] if op.beside and op.beside[0] != "From" else []
        return kebab([verb, *rest]) if rest else verb
    words = list(op.words)
    lead = "".join(thing.words).lower()
    if op.noun.startswith(lead):
        left = [*words]
        taken = ""
        while left and len(taken) < len(lead):
            taken += left.pop(0).lower()
        if taken == lead and left:
            words = left
    return kebab([verb, *words])


def _operation(thing: Thing, op: Op, filled: dict[str, Json]) -> dict[str, Json]:
    noun = " ".join(w if w.isupper() or any(c.isdigit() for c in w) else w.lower() for w in op.words)
    made: dict[str, Json] = {"call": op.name, "says": f"{op.verb} the {noun}.", "with": filled}
    for param, value in filled.items():
        most = int(op.input[param].metadata.get("max", 1)) if is_list(op.input[param]) else 1
        if isinstance(value, list) and len(filled) == 1 and 1 < most <= 1000:
            made |= {"batch": param, "most": min(most, 100)}
    ends = op.verb in ENDING
    own = op.noun == thing.noun
    left = {n: s for n, s in sorted(op.input.items()) if n not in filled and _settable(n, s, ends)}
    options = {n: _option(n, s) for n, s in left.items() if op.required or not _names(thing, n, s)}
    if options and (op.verb in CHANGING or ends or own):
        made["options"] = options
    if ends:
        made["destructive"] = True
        made["undo"] = "none: what it takes away is not kept"
        if own and not op.beside:
            made["gone"] = True
    elif op.verb in CHANGING:
        made["undo"] = "none: the former values are not all readable"
    return made


def _names(thing: Thing, name: str, shape: Shape) -> bool:
    """Whether an input is another way to say which thing is meant."""
    strength, attribute = thing.own(name, shape)
    return strength >= 7 and attribute in (thing.id, thing.arn) and not name.lower().startswith("new")


def _settable(name: str, shape: Shape, ends: bool) -> bool:
    if shape.type_name not in _TYPES or shape.metadata.get("idempotencyToken"):
        return False
    if name in ("DryRun", "dryRun", "ClientToken", "clientToken", "ClientRequestToken", "clientRequestToken"):
        return False
    return not ends or shape.type_name in ("boolean", "string", "integer", "long")


def _option(name: str, shape: Shape) -> dict[str, Json]:
    option: dict[str, Json] = {"type": _TYPES[shape.type_name], "to": name}
    choices = [*(getattr(shape, "enum", None) or ())]
    if choices and len(choices) <= _ENUM:
        option["enum"] = choices
    return option


def _pair(found: dict[str, dict[str, Json]]) -> None:
    """Operations that reverse each other name each other; the rest say that nothing does."""
    for word, operation in found.items():
        verb, _, rest = word.partition("-")
        for one, other in OPPOSITES.items():
            for mine, theirs in ((one, other), (other, one)):
                back = f"{theirs}-{rest}" if rest else theirs
                if verb == mine and back in found and "undo" not in operation:
                    operation["undo"] = back
    for word, operation in found.items():
        operation.setdefault("undo", "none: the service has no operation that reverses it")
        if operation["undo"].startswith("none") and word.partition("-")[0] in LOSING:
            operation["destructive"] = True
