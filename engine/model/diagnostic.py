"""What is wrong with the user's text: many, collected, each with a stable code and a position."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.model.span import Span


class Severity(StrEnum):
    """How bad it is: an error keeps a policy from running, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a policy's text.

    `summary` is a lower-case sentence without a full stop that quotes the offending value; `hint` says what
    was expected or what to do; `policy` is the policy's name where it is known.
    """

    code: str
    summary: str
    span: Span
    hint: str = ""
    severity: Severity = Severity.ERROR
    policy: str = ""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.span} {self.severity} {self.code} {self.summary}{hint}"


@dataclass(frozen=True, slots=True)
class Message:
    """A diagnostic's template: stable code and wording with named fields."""

    code: str
    text: str
    severity: Severity = Severity.ERROR

    def at(self, span: Span, hint: str = "", **fields: object) -> Diagnostic:
        """The diagnostic for these fields at this place."""
        return Diagnostic(self.code, self.text.format(**fields), span, hint, self.severity)
