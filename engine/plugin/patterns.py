"""Does a text fit a pattern that a policy wrote? As Python's `re` means it, but never for longer than a second.

A pattern such as `(a|aa)+$` takes exponential time on a text that others chose. Patterns that cannot do so on a text of
reasonable length run in `re`; the others in the `regex` package, whose matching can be given a time limit (it is
imported only when one is met). What takes longer is not known: `Missing`, which filters turn into UNKNOWN.
"""

from __future__ import annotations

import functools
import re
import time
import warnings
from typing import Any

from engine.model.verdict import unknown
from engine.plugin.protocols import Missing

LIMIT_S = 1.0
"""The longest that one text may take."""

BUDGET_S = 10.0
HURRIED_S = 0.02
"""Once a pattern has spent its budget on texts that took too long, each further text gets this much."""

LONG = 2_000
"""Characters up to which a simple pattern is at worst quadratic in milliseconds."""

_GROUP_REPEATED = re.compile(r"\)[*+?{]")
_BACK_REFERENCE = re.compile(r"\\[1-9]|\(\?P=")
_VERBOSE = re.compile(r"\(\?[a-zA-Z-]*x")
_LITERAL_BRACE = re.compile(r"(\\.)|\{(?!\d*,?\d*\})", re.DOTALL)


class Pattern:
    """A compiled pattern; equal to `re`'s in what it finds.

    Raises:   re.error, as re.compile does (RecursionError and OverflowError for what is too large for it).
    """

    __slots__ = ("_limited", "_match", "_simple", "_spent", "flags", "groups", "pattern")

    def __init__(self, pattern: str, flags: int = 0) -> None:
        with warnings.catch_warnings():  # what may mean something else in a later Python still means this in ours
            warnings.simplefilter("ignore", FutureWarning)
            plain = re.compile(pattern, flags)
        self.pattern, self.flags, self.groups = pattern, flags, plain.groups
        self._match = plain.match
        self._simple = is_simple(pattern)
        self._limited: Any = None
        self._spent = 0.0

    def match(self, text: str) -> re.Match[str] | None:
        """A match at the text's beginning. Raises Missing where that takes too long."""
        if self._simple and len(text) <= LONG:
            return self._match(text)
        return self._in_time(text)

    def _in_time(self, text: str) -> re.Match[str] | None:
        limit = LIMIT_S if self._spent < BUDGET_S else HURRIED_S
        started = time.monotonic()
        try:
            if self._limited is None:
                self._limited = _limited(self.pattern, self.flags)
            found: re.Match[str] | None = self._limited.match(text, timeout=limit)
            return found
        except TimeoutError as late:
            self._spent += time.monotonic() - started
            raise Missing(unknown(f"the pattern {_short(self.pattern)} took longer than {limit:g} s")) from late
        except MemoryError as large:
            raise Missing(unknown(f"the pattern {_short(self.pattern)} took more memory than there is")) from large


@functools.lru_cache(maxsize=4096)
def compiled(pattern: str, flags: int = 0) -> Pattern:
    """A pattern, compiled once. Raises re.error, RecursionError, OverflowError."""
    return Pattern(pattern, flags)


def is_simple(pattern: str) -> bool:
    """Whether a pattern, however it is read, takes at worst quadratic time.

    Counted over the text, escaped characters too: at most two repetitions, none of a group, few choices, no reference
    back, no free spacing (which would hide a repetition). Most of what people write is (`^prod-.*`, `.*(dev|test).*`).
    """
    repeats = sum(map(pattern.count, "*+{"))
    optional = pattern.count("?") - pattern.count("(?")
    if repeats > 2 or optional > 6 or len(pattern) > LONG:
        return False
    if "|" in pattern and pattern.count("(") > 3:
        return False
    return not any(each.search(pattern) for each in (_GROUP_REPEATED, _BACK_REFERENCE, _VERBOSE))


def _limited(pattern: str, flags: int) -> Any:
    """The pattern in the package `regex`, in the version of its syntax that is `re`'s.

    A brace that repeats nothing is a character in `re`, and a fuzzy match there (`{e<=1}`). What `regex` cannot read is
    as unknown as what takes too long.
    """
    import regex

    spelt = _LITERAL_BRACE.sub(lambda m: m[1] or r"\{", pattern)
    try:
        return regex.compile(spelt, flags | regex.VERSION0)
    except (regex.error, RecursionError, OverflowError) as error:
        cause = f"the pattern {_short(pattern)} cannot be run within a time limit: {error}"
        raise Missing(unknown(cause)) from error


def _short(pattern: str) -> str:
    return repr(pattern if len(pattern) <= 60 else pattern[:59] + "…")
