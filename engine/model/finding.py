"""What a policy says of one resource, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.model.json import Json
from engine.model.resource import Resource
from engine.model.verdict import Kind, Verdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why one filter said what it said of one resource.

    `filter` is the filter in the policy's words, `expected` and `observed` are short texts, `source` is where the
    observation came from (`listing`, an API call, a metric). `children` are the members of and/or/not blocks.
    """

    filter: str
    verdict: Verdict
    expected: str = ""
    observed: str = ""
    source: str = "listing"
    children: tuple[Evidence, ...] = ()

    def sentence(self) -> str:
        """One line for a person: `State.Name = running: running`; for a block, its members joined."""
        if self.children:
            same = [c for c in self.children if c.verdict.kind is self.verdict.kind] or list(self.children)
            told = self.children if self.filter == "not" else same
            text = "; ".join(c.sentence() for c in told)
            return f"not ({text})" if self.filter == "not" else text
        if self.verdict.kind is Kind.UNKNOWN:
            return f"{self.filter}: unknown: {'; '.join(self.verdict.causes)}"
        return f"{self.filter}: {self.observed}" if self.observed else self.filter


@dataclass(frozen=True, slots=True)
class Finding:
    """One resource that a policy matched, or could not judge.

    `facts` are the gathered attributes that belong beside the resource's own in output (facet name → value),
    `annotations` the `c7n:` keys that c7n-shaped output adds.
    """

    policy: str
    resource: Resource
    verdict: Verdict
    evidence: Evidence
    facts: dict[str, Json] = field(default_factory=dict)
    annotations: dict[str, Json] = field(default_factory=dict)
