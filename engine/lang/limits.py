"""What do `max-resources` and `max-resources-percent` allow?"""

from __future__ import annotations

from engine.lang.keys import BAD_CHOICE, UNKNOWN_KEY
from engine.lang.syntax import Limits
from engine.model.diagnostic import Message
from engine.model.node import Node
from engine.plugin.params import Reading, quoted
from engine.plugin.suggest import one_of

BAD_LIMIT = Message("C206", "'{key}' is {value}, not {expected}")
NO_LIMIT = Message("C216", "this limit never applies: {reason}")


def read_limits(node: Node, reading: Reading) -> Limits | None:
    """The limits of a policy's mapping, None without any; problems go into `reading`."""
    amount, percent = node.get("max-resources"), node.get("max-resources-percent")
    share = _number(percent, "max-resources-percent", 0, 100, whole=False, reading=reading)
    if percent is not None and share == 0:
        reading.add(
            NO_LIMIT.at(percent.span, "give at least 1, or use max-resources", reason="0 percent means no limit")
        )
    if amount is not None and amount.entries is not None:
        return _limit_map(amount, reading)
    value = _number(amount, "max-resources", 1, None, whole=True, reading=reading)
    if value is None and not share:
        return None
    return Limits(int(value) if value is not None else None, share)


def _limit_map(node: Node, reading: Reading) -> Limits | None:
    for key, entry in (node.entries or {}).items():
        if key not in ("amount", "percent", "op"):
            hint = one_of(key, ("amount", "percent", "op"))
            reading.add(UNKNOWN_KEY.at(entry.key_span, hint, key=key))
    amount = _number(node.get("amount"), "amount", 1, None, whole=True, reading=reading)
    percent = _number(node.get("percent"), "percent", 0, 100, whole=False, reading=reading)
    op = node.get("op")
    if op is not None and op.value not in ("and", "or"):
        shown = quoted(op, plain=True)
        reading.add(BAD_CHOICE.at(op.span, one_of(shown, ("and", "or")), key="op", value=shown))
    joined = "and" if op is not None and op.value == "and" else "or"
    if joined == "and" and (amount is None or not percent):
        reading.add(NO_LIMIT.at(node.span, "give both amount and percent, or op: or", reason="'op: and' needs both"))
    elif joined == "or" and amount is None and not percent:
        reading.add(NO_LIMIT.at(node.span, "give amount, percent or both", reason="it names no number"))
    return Limits(int(amount) if amount is not None else None, percent, joined)


def _number(
    node: Node | None, key: str, least: float, most: float | None, *, whole: bool, reading: Reading
) -> float | None:
    if node is None:
        return None
    value = node.value
    right = isinstance(value, int | float) and not isinstance(value, bool) and (not whole or value == int(value))
    if right and value >= least and (most is None or value <= most):
        return float(value)
    expected = f"{'a whole number' if whole else 'a number'} from {least:g}" + (f" to {most:g}" if most else "")
    reading.add(BAD_LIMIT.at(node.span, key=key, value=quoted(node), expected=expected))
    return None
