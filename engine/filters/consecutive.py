"""Was a backup made in each of the last periods?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Annotated, ClassVar, Literal

from engine.filters import _texts
from engine.filters._dates import instant
from engine.filters._options import needs_of, problem_of_path, reader
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.paths import bound
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class Consecutive:
    """Passes when a backup is dated one, two … `count` periods ago, each of them, and has the status.

    Days and weeks are of UTC: `count: 2, period: days` asks for one of yesterday and one of the day before, `weeks` for
    one of this weekday a week ago and two weeks ago; `hours` for one in each of the hours before this one.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = ("{type: consecutive, count: 3, period: days, status: COMPLETED}",)

    count: Annotated[int, Says("for how many periods back", least=1, most=1000)]
    period: Annotated[Literal["hours", "days", "weeks"], Says("how far apart")]
    status: Annotated[str, Says("the status that counts")]
    of: Annotated[str, Says("JMESPath to the backups", key="-of")] = ""
    made: Annotated[str, Says("JMESPath on a backup to when it was made", key="-made")] = ""
    state: Annotated[str, Says("JMESPath on a backup to its status", key="-state")] = "Status"
    options: Annotated[dict[str, Json] | None, Says("what the paths see as _options", key="-options")] = None

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The backups."""
        return needs_of(self.of, type) if self.of else frozenset()

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when none is missing."""
        return decided(not self._missing(view, setting))

    def _missing(self, view: View, setting: Setting) -> list[str]:
        """Days (or hours) without a backup."""
        form = "%Y-%m-%d %H:00" if self.period == "hours" else "%Y-%m-%d"
        now = setting.now.astimezone(UTC)
        wanted = [(now - timedelta(**{self.period: n})).strftime(form) for n in range(1, self.count + 1)]
        there = {made.astimezone(UTC).strftime(form) for each in self._backups(view) if (made := instant(each, now))}
        return [each for each in wanted if each not in there]

    def _backups(self, view: View) -> Iterator[Json]:
        """When those that count were made."""
        found = reader(bound(self.of, self.options or {}))(view.attributes) if self.of else None
        for each in found if isinstance(found, list | tuple) else ():
            if reader(self.state)(each) == self.status:
                yield reader(self.made)(each)

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The periods without one."""
        missing = self._missing(view, setting)
        return Evidence(
            filter=f"a backup in each of the last {self.count} {self.period}",
            verdict=self.judge(view, setting),
            expected=f"one that is {self.status} in each",
            observed=f"none of {_texts.short(', '.join(missing))}" if missing else "one in each",
            source=_texts.source(self.of, setting.type) if self.of else "",
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """A record that says where the backups are."""
        for path in (self.of, self.made, self.state):
            if path and (text := problem_of_path(path)):
                yield Problem("-of", f"'{path}' is no path: {text}")
