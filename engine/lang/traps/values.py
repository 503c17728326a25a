"""Comparisons that a missing value passes, and values that nothing can equal."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lang.traps.compared import Compared, warns
from engine.model.diagnostic import Diagnostic

NEGATIVE = warns("W306", "'{op}' also finds what has no {key}")
NOT_ORDERED = warns("W336", "'not' with '{op}' also finds what has no {key}")
MISSING_IS_ZERO = warns("W308", "a missing {key} is read as 0, which passes '{test}'")
WHOLE_LIST = warns("W341", "'{key}' is compared with the whole list at once")
SUBSTRING = warns("W342", "'{op}' with the text '{value}' finds parts of that text")
NORMALIZED = warns("W343", "'{value}' never matches: normalize lowers only the resource's value")
TEXT_ORDER = warns("W344", "'{op}' with the text '{value}' compares letter by letter")

_ORDERS = ("gt", "ge", "lt", "le")
_SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "equal to", "": "equal to", "ne": "not equal to"}


def _named(c: Compared) -> str:
    return f"tag '{c.tag}'" if c.tag else f"'{c.key}'"


def negative(c: Compared) -> Iterator[Diagnostic]:
    """`ne` and `not-in` pass where the key is missing; worth a word where no other filter speaks of an optional key."""
    optional = bool(c.tag) or c.value_type in ("age", "expiration", "date")
    if c.negated or not optional or c.mentions > 1 or c.op not in ("ne", "not-in"):
        return
    asks = c.node.get("value_from") is not None or c.node.get("value_path") is not None
    if c.value is not None and c.plain not in (None, "") and not c.word_asked:
        asks = True
    if not asks:
        return
    yield NEGATIVE.at(c.at, f"if those are not meant, {c.presence}", op=c.op, key=_named(c))


def not_ordered(c: Compared) -> Iterator[Diagnostic]:
    """The `not` of an ordering passes where the key is missing."""
    optional = bool(c.tag) or c.value_type in ("age", "expiration", "date", "integer", "float")
    if c.negated and optional and c.mentions == 1 and c.op in _ORDERS and c.value_type not in ("integer", "float"):
        opposite = {"gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}[c.op]
        hint = f"write 'op: {opposite}' without 'not', or {c.presence}"
        yield NOT_ORDERED.at(c.at, hint, op=c.op, key=_named(c))


def missing_is_zero(c: Compared) -> Iterator[Diagnostic]:
    """integer and float read what is missing, or is no number, as 0."""
    if c.value_type not in ("integer", "float") or c.mentions > 1:
        return
    value = c.plain
    if value == "present":
        yield MISSING_IS_ZERO.at(c.value_at, "leave value_type out", key=_named(c), test="present")
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    passes = {"lt": value > 0, "le": value >= 0, "gt": value < 0, "ge": value <= 0, "ne": value != 0}
    if passes.get(c.op, value == 0 if c.op in ("", "eq") else False) is not c.negated:
        test = f"{'not ' if c.negated else ''}{_SIGNS[c.op]} {value:g}"
        yield MISSING_IS_ZERO.at(c.at, f"if those are not meant, {c.presence}", key=_named(c), test=test)


def whole_list(c: Compared) -> Iterator[Diagnostic]:
    """A list without an operator is compared as one value."""
    if c.value is not None and c.value.items and c.op in ("", "eq") and c.value_type not in ("cidr", "swap"):
        if any(n.items is not None or n.entries is not None for n in c.value.items):
            return
        shown = ", ".join(str(n.value) for n in c.value.items)[:60]
        hint = f"to find any of them: {{type: value, key: '{c.key}', op: in, value: [{shown}]}}"
        yield WHOLE_LIST.at(c.value_at, hint, key=c.key)


def substring(c: Compared) -> Iterator[Diagnostic]:
    """`in` and `not-in` with a text ask whether the resource's value is a part of it."""
    asks = c.op in ("in", "not-in") and c.value_type in ("", "normalize")
    if asks and c.value is not None and isinstance(c.value.value, str):
        yield SUBSTRING.at(c.value_at, f"give a list: [{c.value.value[:60]}]", op=c.op, value=c.shown)


def normalized(c: Compared) -> Iterator[Diagnostic]:
    """normalize changes the resource's side alone."""
    value = c.plain
    several = value if isinstance(value, list) else [value]
    texts = [v for v in several if isinstance(v, str) and v != v.strip().lower()]
    if (
        c.value_type == "normalize"
        and texts
        and c.op in ("", "eq", "in", "contains", "intersect", "glob", "regex-case")
    ):
        yield NORMALIZED.at(c.value_at, f"write '{texts[0].strip().lower()[:60]}'", value=texts[0][:60])


def text_order(c: Compared) -> Iterator[Diagnostic]:
    """A number in quotes is ordered as text: "10" comes before "9"."""
    value = c.plain
    if c.op in _ORDERS and not c.value_type and isinstance(value, str) and _is_number(value):
        hint = f"write 'value: {value}'" + (" and 'value_type: integer'" if c.tag else "")
        yield TEXT_ORDER.at(c.value_at, hint, op=c.op, value=value)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return len(text) < 40


TRAPS = (negative, not_ordered, missing_is_zero, whole_list, substring, normalized, text_order)
