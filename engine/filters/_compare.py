"""Compares what a resource says (`r`) with what a policy says (`v`): the words, the operators and the value types.

`matches` is the whole rule; `prepared` is the same rule for a `v` that is known beforehand, with everything that
does not depend on the resource done once. Pure and total: a comparison that makes no sense is false, no exception; only
a pattern that takes too long is unknown (Missing).
The order is the language's: value type, then the words absent / present / not-null / empty, then the operator.
"""

from __future__ import annotations

import fnmatch
import operator
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from engine.filters import _kinds
from engine.filters._kinds import WORDS
from engine.model.json import Json
from engine.plugin.patterns import compiled

Op: TypeAlias = Literal[
    "eq",
    "equal",
    "ne",
    "not-equal",
    "gt",
    "greater-than",
    "ge",
    "gte",
    "le",
    "lte",
    "lt",
    "less-than",
    "glob",
    "regex",
    "regex-case",
    "in",
    "ni",
    "not-in",
    "contains",
    "difference",
    "intersect",
    "mod",
]
Test: TypeAlias = Callable[[Json, datetime], bool]
"""(what the resource says, the clock) → whether it passes."""

BROKEN = (TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)
"""What comparing values of unlike kinds can raise; each means "does not match"."""


def _glob(r: Json, v: Json) -> bool:
    return isinstance(r, str) and isinstance(v, str) and fnmatch.fnmatchcase(r, v)


def _regex(flags: int) -> Callable[[Json, Json], bool]:
    def found(r: Json, v: Json) -> bool:
        return isinstance(r, str) and isinstance(v, str) and compiled(v, flags).match(r) is not None

    return found


def _mod(r: Json, v: Json) -> bool:
    return isinstance(r, int | float) and isinstance(v, int | float) and bool(r % v)


OPS: Mapping[str, Callable[[Json, Json], bool]] = {
    "eq": operator.eq,
    "equal": operator.eq,
    "ne": operator.ne,
    "not-equal": operator.ne,
    "gt": operator.gt,
    "greater-than": operator.gt,
    "ge": operator.ge,
    "gte": operator.ge,
    "lt": operator.lt,
    "less-than": operator.lt,
    "le": operator.le,
    "lte": operator.le,
    "in": lambda r, v: r in v,
    "not-in": lambda r, v: r not in v,
    "ni": lambda r, v: r not in v,
    "contains": lambda r, v: v in r,
    "intersect": lambda r, v: not set(r).isdisjoint(v),
    "difference": lambda r, v: bool(set(r).difference(v)),
    "glob": _glob,
    "regex": _regex(re.IGNORECASE),
    "regex-case": _regex(0),
    "mod": _mod,
}

SIGNS: Mapping[str, str] = {
    "": "=",
    "eq": "=",
    "equal": "=",
    "ne": "!=",
    "not-equal": "!=",
    "gt": ">",
    "greater-than": ">",
    "ge": ">=",
    "gte": ">=",
    "lt": "<",
    "less-than": "<",
    "le": "<=",
    "lte": "<=",
}
"""How an operator is shown to a person; others are shown by their own word."""


def matches(op: str, value_type: str, r: Json, v: Json, now: datetime) -> bool:
    """Whether what the resource says passes: the whole rule, for any `v`."""
    if r is None and op in ("in", "not-in"):
        r = ()
    try:
        kind = _kinds.KINDS.get(value_type)
        if kind is not None:
            found = kind(r, v, op, now)
            if isinstance(found, bool):
                return found
            r, v = found
        return _decide(op, r, v)
    except (*BROKEN, re.error):
        return False


def _decide(op: str, r: Json, v: Json) -> bool:
    if isinstance(v, str) and v in WORDS and word_holds(v, r):
        return True
    return bool(OPS[op](r, v)) if op else bool(r == v)


def word_holds(word: str, r: Json) -> bool:
    """Whether one of the words is true of a value; truth is Python's (0, false, "" and [] are empty)."""
    if word == "absent":
        return r is None
    if word == "present":
        return r is not None
    return bool(r) if word == "not-null" else not r


def prepared(op: str, value_type: str, v: Json) -> Test:
    """The rule for a fixed `v`. Equal to `matches` on every input (a property test holds them together)."""
    if value_type == "":
        quick = _quick(op, v)
        if quick is not None:
            return quick
    return _general(op, value_type, _kinds.prepare(value_type, v))


def _general(op: str, value_type: str, v: Json) -> Test:
    def test(r: Json, now: datetime) -> bool:
        return matches(op, value_type, r, v, now)

    return test


def _quick(op: str, v: Json) -> Test | None:
    if isinstance(v, str):
        if v in WORDS:
            return _quick_word(v) if op in ("", "eq", "equal") else None
        if op == "glob":
            return _quick_glob(v)
        if op in ("regex", "regex-case"):
            return _quick_regex(v, re.IGNORECASE if op == "regex" else 0)
    if op in ("", "eq", "equal"):
        return _quick_equal(v)
    if op in ("in", "not-in", "ni") and isinstance(v, list | tuple | set | frozenset):
        return _quick_in(v, negated=op != "in", as_empty=op != "ni")
    return None


def _quick_word(word: str) -> Test:
    if word == "absent":
        return lambda r, now: r is None or r == "absent"
    if word == "present":
        return lambda r, now: r is not None
    if word == "not-null":
        return lambda r, now: bool(r)
    return lambda r, now: not r or r == "empty"


def _quick_glob(pattern: str) -> Test:
    """In `re`: what fnmatch makes of a glob never goes back behind a `*` that it has passed."""
    match = re.compile(fnmatch.translate(pattern)).match
    return lambda r, now: isinstance(r, str) and match(r) is not None


def _quick_regex(pattern: str, flags: int) -> Test:
    try:
        match = compiled(pattern, flags).match
    except (re.error, *BROKEN):
        return lambda r, now: False
    return lambda r, now: isinstance(r, str) and match(r) is not None


def _quick_equal(v: Json) -> Test:
    def test(r: Json, now: datetime) -> bool:
        try:
            return bool(r == v)
        except BROKEN:
            return False

    return test


def _quick_in(v: Json, negated: bool, as_empty: bool) -> Test | None:
    try:
        members = frozenset(v)
    except TypeError:
        return None
    is_set = isinstance(v, set | frozenset)

    def test(r: Json, now: datetime) -> bool:
        if r is None and as_empty:
            r = ()
        try:
            return (r in members) is not negated
        except TypeError:
            # An unhashable value: a list can be asked for it (it holds only hashable ones), a set cannot.
            return negated and not is_set

    return test


def problem_of_regex(pattern: Json, flags: int = 0) -> str:
    """What is wrong with a pattern, or empty."""
    if not isinstance(pattern, str):
        return "is no text"
    try:
        re.compile(pattern, flags)
    except (re.error, RecursionError, OverflowError) as error:
        return str(error)
    return ""
