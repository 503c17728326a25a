"""One comparison as its author wrote it: a key, an operator, a value."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.model.diagnostic import Message, Severity
from engine.model.json import Json
from engine.model.node import Node
from engine.model.record import ResourceType
from engine.model.span import Span
from engine.plugin.params import quoted


def warns(code: str, text: str) -> Message:
    """A warning's template."""
    return Message(code, text, Severity.WARNING)


WORDS = ("absent", "present", "not-null", "empty")
"""Values that ask whether there is one."""


_PLAIN = re.compile(r"[A-Za-z_][\w.]*\Z")


@dataclass(frozen=True, slots=True)
class Compared:
    """A value-like filter. `op` is a short name or empty; `negated`: an odd number of `not` stand around it.

    `at` is where the operator stands (else the value); `within` names the list of members it is in, empty: the policy's
    own filters; `mentions`: how many comparisons of that list have the same key.
    """

    word: str
    node: Node
    type: ResourceType
    key: str
    key_span: Span
    at: Span
    value: Node | None
    op: str = ""
    value_type: str = ""
    negated: bool = False
    within: str = ""
    mentions: int = 1

    @property
    def plain(self) -> Json:
        """The value to compare with as plain data; None where there is none."""
        return self.value.data() if self.value is not None else None

    @property
    def value_at(self) -> Span:
        """Where the value stands."""
        return self.value.span if self.value is not None else self.at

    @property
    def word_asked(self) -> bool:
        """Whether it asks only if there is a value."""
        return self.value is not None and self.value.value in WORDS and self.value_type not in ("swap", "expr")

    @property
    def tag(self) -> str:
        """The tag's name, empty if the key is no tag."""
        return self.key[4:] if self.key.startswith("tag:") else ""

    @property
    def shown(self) -> str:
        """The value as messages show it."""
        return "null" if self.value is None else quoted(self.value, plain=True)

    @property
    def presence(self) -> str:
        """The filter to add so that only what has the key is left."""
        quote = "" if _PLAIN.match(self.key) else "'" if '"' in self.key else '"'
        return f"add '- {quote}{self.key}{quote}: present' before it"
