"""Is this what an option of a record takes? For actions and filters that are written as data."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.json import Json
from engine.model.node import Node
from engine.model.record import Option
from engine.plugin.params import NOT_ALLOWED, OUT_OF_RANGE, PROBLEM, WRONG_TYPE, Reading, limits_text, quoted
from engine.plugin.paths import bound, getter
from engine.plugin.suggest import did_you_mean

_RIGHT: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}

_TYPES = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


def hold_to(rules: Mapping[str, str], options: Mapping[str, Json], node: Node, what: str, reading: Reading) -> None:
    """What a record says of options taken together, and of the policy they stand in (see `Reading.seen`)."""
    for rule, problem in rules.items():
        if not getter(bound(rule, options))({**reading.seen, "_options": options}):
            reading.add(PROBLEM.at(node.span, text=f"{what}: {problem}"))


def option_fits(option: Option, node: Node, key: str, what: str, reading: Reading) -> bool:
    """Whether a value is what an option of a record takes; if not, why is in `reading`."""
    value = node.data()
    if isinstance(value, str) and value in option.words:
        return True
    right = _RIGHT.get(option.type)
    boolean = isinstance(value, bool)
    whole = option.type == "integer" and isinstance(value, float) and value.is_integer()
    if right and not whole and (not isinstance(value, right) or (boolean and option.type != "boolean")):
        expected = " or ".join([_TYPES.get(option.type, option.type), *option.words])
        hint = option.says or (_one_of(option) if option.enum else "")
        reading.add(WRONG_TYPE.at(node.span, hint, key=key, what=what, found=quoted(node), expected=expected))
        return False
    wrong = [v for v in (value if option.type == "array" else [value]) if v not in option.enum]
    if option.enum and wrong:
        value = wrong[0]
        hint = did_you_mean(str(value), map(str, option.enum)) or _one_of(option)
        reading.add(NOT_ALLOWED.at(node.span, hint, key=key, what=what, value=quoted(node)))
        return False
    low, high = option.least, option.most
    if (
        isinstance(value, int | float)
        and not boolean
        and ((low is not None and value < low) or (high is not None and value > high))
    ):
        limits = limits_text(low, high)
        reading.add(OUT_OF_RANGE.at(node.span, option.says, key=key, what=what, value=value, range=limits))
        return False
    return True


def _one_of(option: Option) -> str:
    return "expected one of: " + ", ".join(map(str, option.enum))
