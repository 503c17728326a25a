"""Has the day come for which the resource was marked?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Annotated, ClassVar

from engine.filters import _dates, _texts
from engine.filters._options import Reader, needs_of, reader
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View
from engine.plugin.tagging import TELLING


@dataclass(frozen=True, slots=True)
class MarkedForOp:
    """Passes when a mark made by `mark-for-op` names this operation and its date, less the skew, has come.

    A mark is a tag whose value ends in `: OPERATION@DATE`; the date is `2026/11/21`, `2026/11/21 1900 PST`, or ISO
    8601. A date without a zone is read in `tz`. A mark that cannot be read does not match.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: marked-for-op, op: stop}",
        "{type: marked-for-op, op: terminate, tag: c7n_cleanup, skew: 3, tz: Europe/Berlin}",
    )

    op: Annotated[str, Says("the operation: an action of the type")]
    tag: Annotated[str, Says("the tag that holds the mark")] = "maid_status"
    tz: Annotated[str, Says("zone of dates that name none: an IANA name or an alias such as et")] = "utc"
    skew: Annotated[float, Says("match so long before the date", unit="days", least=0)] = 0
    skew_hours: Annotated[float, Says("hours added to the skew", unit="hours", least=0)] = 0
    _read: Reader = field(init=False, repr=False, compare=False)
    _zone: tzinfo = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_read", reader(f"tag:{self.tag}"))
        object.__setattr__(self, "_zone", _dates.zone(self.tz) or UTC)

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The tags."""
        return needs_of("tag:", type)

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when the mark names the operation and its time has come."""
        due = self._due(view, setting)
        return decided(due is not None and setting.now >= due)

    def _due(self, view: View, setting: Setting) -> datetime | None:
        mark = self._read(view.attributes)
        if not isinstance(mark, str):
            return None
        head, at, when = mark.rpartition("@")
        _, colon, op = head.rpartition(":")
        if not at or not colon or op.strip() != self.op:
            return None
        date = _dates.mark_date(when, self._zone, setting.now)
        try:
            return None if date is None else date - timedelta(days=self.skew, hours=self.skew_hours)
        except OverflowError:
            return None

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The mark as it stands in the tag."""
        early = self.skew + self.skew_hours / 24
        return Evidence(
            filter=f"tag:{self.tag} marked for {self.op}",
            verdict=self.judge(view, setting),
            expected=f": {self.op}@ a date that has come" + (f" or comes within {early:g} days" if early else ""),
            observed=_texts.seen(self._read(view.attributes)),
            source=_texts.source("tag:", setting.type),
        )

    def problems(self, **known: Json) -> Iterator[Problem]:
        """A zone there is, and (where the type's operations are given) an operation of the type."""
        if _dates.zone(self.tz) is None:
            yield Problem(
                "tz", f"'{self.tz}' is no time zone", "an IANA name such as Europe/Berlin, or an alias such as et"
            )
        ops = known.get("ops")
        if ops is not None and self.op not in ops and self.op not in TELLING:
            yield Problem("op", f"'{self.op}' is no action of the type", f"one of {', '.join(sorted(ops))}")
