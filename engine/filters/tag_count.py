"""How many tags does the resource have, not counting AWS's own?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from engine.filters import _texts
from engine.filters._compare import OPS, SIGNS, Op, matches
from engine.filters._options import needs_of, tags_of
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class TagCount:
    """Compares the number of tags with `count`; tags whose key begins with `aws:` are not counted."""

    EXAMPLES: ClassVar[tuple[str, ...]] = ("tag-count", "{type: tag-count, count: 50, op: gte}")

    count: Annotated[int, Says("the number to compare with", least=0)] = 10
    op: Annotated[Op, Says("how to compare")] = "gte"

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The tags."""
        return needs_of("tag:", type)

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when the count passes."""
        return decided(matches(self.op, "", _count(view), self.count, setting.now))

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The count."""
        return Evidence(
            filter=f"number of tags {SIGNS.get(self.op, self.op)} {self.count}",
            verdict=self.judge(view, setting),
            expected=f"{SIGNS.get(self.op, self.op)} {self.count}",
            observed=f"{_count(view)} tags",
            source=_texts.source("tag:", setting.type),
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """A count can only be compared as a number."""
        if self.op not in OPS or self.op in ("in", "not-in", "ni", "glob", "regex", "regex-case", "contains"):
            yield Problem("op", f"a count cannot be compared with '{self.op}'", "one of eq, ne, gt, ge, lt, le")


def _count(view: View) -> int:
    return sum(not str(tag.get("Key", "")).startswith("aws:") for tag in tags_of(view.attributes))
