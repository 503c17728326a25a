"""How old is the resource?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, ClassVar

from engine.filters import _dates, _texts
from engine.filters._compare import BROKEN, OPS, SIGNS, Op
from engine.filters._options import Reader, needs_of, problem_of_path, reader
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class Age:
    """Compares the time since the resource's date with days, hours and minutes added up.

    `op: greater-than` (the default) finds what is older, `op: less-than` what is younger. A resource without the date
    does not match. Where the date is a list, the oldest counts.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = ("{type: age, days: 30}", "{type: age, op: less-than, hours: 12}")

    days: Annotated[float, Says("days", unit="days")] = 0
    hours: Annotated[float, Says("hours, added to the days", unit="hours")] = 0
    minutes: Annotated[float, Says("minutes, added to the hours", unit="minutes")] = 0
    op: Annotated[Op, Says("how the age compares")] = "greater-than"
    date: Annotated[str, Says("JMESPath to the date, or to dates", key="-date")] = ""
    _read: Reader = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_read", reader(self.date))

    @property
    def span(self) -> float:
        """The age to compare with, in days."""
        return self.days + self.hours / 24 + self.minutes / 1440

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """What fills the date's attribute."""
        return needs_of(self.date, type)

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when the age passes; NO_MATCH without a date."""
        since = self._since(view, setting.now)
        threshold = _dates.before(setting.now, self.span)
        if since is None or threshold is None:
            return decided(False)
        try:
            return decided(bool(OPS[self.op](threshold, since)))
        except BROKEN:
            return decided(False)

    def _since(self, view: View, now: datetime) -> datetime | None:
        found = self._read(view.attributes)
        if not isinstance(found, list | tuple):
            return _dates.instant(found, now)
        return min((at for each in found if (at := _dates.instant(each, now)) is not None), default=None)

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The date, and how long ago it is."""
        expected = f"{SIGNS.get(self.op, self.op)} {self.span:g} days"
        return Evidence(
            filter=f"age {expected}",
            verdict=self.judge(view, setting),
            expected=expected,
            observed=_texts.seen_date(self._since(view, setting.now), setting.now),
            source=_texts.source(self.date, setting.type),
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """A date to look at, an operator that compares times, a span the calendar has."""
        if not self.date:
            yield Problem("-date", "the type has no date for this filter", "use value with value_type: age")
        elif text := problem_of_path(self.date):
            yield Problem("-date", f"'{self.date}' is no path: {text}")
        if self.op in (
            "in",
            "not-in",
            "ni",
            "glob",
            "regex",
            "regex-case",
            "contains",
            "intersect",
            "difference",
            "mod",
        ):
            yield Problem("op", f"an age cannot be compared with '{self.op}'", "one of gt, ge, lt, le, eq, ne")
        if _dates.before(datetime(2024, 1, 1, tzinfo=UTC), self.span) is None:
            yield Problem("days", f"{self.days:g} is more days than the calendar has")
