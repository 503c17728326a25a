"""regex is matched from the start only and ignores case; glob is matched as a whole and does not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.lang.traps.compared import Compared, warns
from engine.model.diagnostic import Diagnostic

PLAIN_REGEX = warns("W310", "regex '{value}' is matched at the start only")
END_ANCHORED = warns("W311", "regex '{value}' must match from the start: only the whole text passes")
OPEN_END = warns("W312", "regex '{value}' may end anywhere: it finds '{rest}' in the middle too")
GLOB_CASE = warns("W313", "glob '{value}' tells upper from lower case")

_PLAIN = re.compile(r"[A-Za-z0-9_ -]+\Z")
_ENDED = re.compile(r"[A-Za-z0-9_. \\-]+\$\Z")
_OPEN = re.compile(r"\.\*([A-Za-z0-9_ -]+)\Z")


def regex(c: Compared) -> Iterator[Diagnostic]:
    """Patterns whose author thought of a search, or of an end."""
    value = c.plain
    if c.op not in ("regex", "regex-case") or not isinstance(value, str) or len(value) > 200:
        return
    if _PLAIN.match(value):
        hint = f"write '.*{value}' to find it anywhere, '^{value}' to show that the start is meant"
        yield PLAIN_REGEX.at(c.value_at, hint, value=value)
    elif _ENDED.match(value):
        hint = f"write '.*{value}' for what ends so, '^{value}' to show that the whole is meant"
        yield END_ANCHORED.at(c.value_at, hint, value=value)
    elif (match := _OPEN.match(value)) is not None:
        hint = f"write '{value}$' for what ends so, '{value}.*' to show that it may go on"
        yield OPEN_END.at(c.value_at, hint, value=value, rest=match[1])


def glob(c: Compared) -> Iterator[Diagnostic]:
    """Tags are written by people, in any case."""
    value = c.plain
    if c.op == "glob" and c.tag and not c.value_type and isinstance(value, str) and value != value.lower():
        hint = f"for any case: add 'value_type: normalize' and write '{value.lower()[:60]}'"
        yield GLOB_CASE.at(c.value_at, hint, value=c.shown)


TRAPS = (regex, glob)
