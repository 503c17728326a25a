"""Tags are text: what is compared with something else never matches."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lang.traps.compared import Compared, warns
from engine.model.diagnostic import Diagnostic

NOT_TEXT = warns("W340", "a tag's value is text: {value} never equals it")
NOT_A_NUMBER = warns("W345", "a tag's value is text: '{op}' with {value} never holds")


def not_text(c: Compared) -> Iterator[Diagnostic]:
    """`tag:Keep: true` never matches: the tag holds the text "true"."""
    if not c.tag or c.value is None or c.value_type not in ("", "normalize"):
        return
    several = c.value.items if c.value.items is not None and c.op in ("in", "not-in") else (c.value,)
    for each in several:
        if isinstance(each.value, bool | int | float):
            shown = str(each.value).lower()
            if c.op in ("gt", "ge", "lt", "le"):
                yield NOT_A_NUMBER.at(each.span, "add 'value_type: integer'", op=c.op, value=shown)
            elif c.op in ("", "eq", "ne", "in", "not-in"):
                hint = f"put it in quotes: '{shown}'" if not isinstance(each.value, bool) else f'write "{shown}"'
                yield NOT_TEXT.at(each.span, hint, value=shown)


TRAPS = (not_text,)
