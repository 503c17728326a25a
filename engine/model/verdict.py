"""Whether a resource matches: MATCH, NO_MATCH, or UNKNOWN with its causes, and their algebra.

Kleene's three-valued logic: a false conjunct decides an `and` whatever else is unknown, a true disjunct
decides an `or`. So the order in which facts arrive never changes a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from engine.model.need import Need


class Kind(StrEnum):
    """The three answers."""

    MATCH = "match"
    NO_MATCH = "no-match"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer. `causes` say why it is unknown; `pending` are needs not gathered yet (only while judging)."""

    kind: Kind
    causes: tuple[str, ...] = ()
    pending: frozenset[Need] = field(default=frozenset())

    def __bool__(self) -> bool:
        raise TypeError("a verdict has three values: compare its kind")


MATCH = Verdict(Kind.MATCH)
NO_MATCH = Verdict(Kind.NO_MATCH)


def unknown(*causes: str, pending: Iterable[Need] = ()) -> Verdict:
    """UNKNOWN because of these causes (sentences), or until these needs are gathered."""
    return Verdict(Kind.UNKNOWN, tuple(dict.fromkeys(causes)), frozenset(pending))


def decided(value: bool) -> Verdict:
    """MATCH for True, NO_MATCH for False."""
    return MATCH if value else NO_MATCH


def negate(verdict: Verdict) -> Verdict:
    """MATCH and NO_MATCH change places; UNKNOWN stays."""
    if verdict.kind is Kind.UNKNOWN:
        return verdict
    return NO_MATCH if verdict.kind is Kind.MATCH else MATCH


def every(verdicts: Iterable[Verdict]) -> Verdict:
    """`and`: NO_MATCH if any is, else UNKNOWN if any is, else MATCH (also for none at all)."""
    return _combine(verdicts, Kind.NO_MATCH, MATCH)


def some(verdicts: Iterable[Verdict]) -> Verdict:
    """`or`: MATCH if any is, else UNKNOWN if any is, else NO_MATCH (also for none at all)."""
    return _combine(verdicts, Kind.MATCH, NO_MATCH)


def _combine(verdicts: Iterable[Verdict], decisive: Kind, otherwise: Verdict) -> Verdict:
    open_: list[Verdict] = []
    for verdict in verdicts:
        if verdict.kind is decisive:
            return verdict
        if verdict.kind is Kind.UNKNOWN:
            open_.append(verdict)
    if not open_:
        return otherwise
    if len(open_) == 1:
        return open_[0]
    return unknown(*(c for v in open_ for c in v.causes), pending=(n for v in open_ for n in v.pending))
