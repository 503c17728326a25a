"""Ages and dates compared in ways that never hold, and time zones whose name means several."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.lang.traps.compared import Compared, warns
from engine.model.diagnostic import Diagnostic

EXACT_AGE = warns("W309", "without 'op' the {kind} must be {value} days to the microsecond")
DATE_VALUE = warns("W346", "the date {value} never equals a text")


def exact_age(c: Compared) -> Iterator[Diagnostic]:
    """Two instants are hardly ever equal."""
    if c.value_type in ("age", "expiration") and c.op in ("", "eq") and c.value is not None:
        hint = "add 'op: gt' for what is older" if c.value_type == "age" else "add 'op: lt' for what expires within"
        yield EXACT_AGE.at(c.at, hint, kind=c.value_type, value=c.shown)


def date_value(c: Compared) -> Iterator[Diagnostic]:
    """An unquoted YAML date is a date, which no attribute that holds text equals."""
    if c.value is not None and isinstance(c.value.value, date) and not c.value_type:
        shown = c.value.value.isoformat()
        hint = "add 'value_type: date' and an 'op', or put it in quotes if it is meant as text"
        yield DATE_VALUE.at(c.value_at, hint, value=shown)


TRAPS = (exact_age, date_value)
