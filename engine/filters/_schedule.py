"""When a resource is to be stopped or started: the schedule in its tag, and whether now is the hour.

`read_tag` reads the tag's text once for each distinct text; `Schedule` holds the options that `offhour` and `onhour`
share and does the asking. A tag that cannot be read never matches.

    value = "" | "on" | "off" | part *( ";" part ) [";"]
    part  = ("off" | "on") "=" (spec | "never") | "tz=" zone
    spec  = group | "[" group *( "," group ) "]"
    group = "(" days "," hour ")"       days = D | D "-" D, D one of m t w h f s u
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Annotated, ClassVar

from engine.filters import _dates, _texts
from engine.filters._options import NOT_GIVEN, Reader, ValueFrom, needs_of, problem_of_path, reader, tags_of
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.verdict import NO_MATCH, Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View

DAYS = "mtwhfsu"
"""Monday to Sunday; h is Thursday and u Sunday."""
ESCAPES: Mapping[str, str] = {
    "u28": "(",
    "u29": ")",
    "u5b": "[",
    "u5d": "]",
    "u2c": ",",
    "u3b": ";",
    "u3d": "=",
    "u2f": "/",
    "u2d": "-",
}
"""Characters that some services refuse in tag values, written by their code. Source: language reference 7.3."""

_GROUP = re.compile(r"\(([mtwhfsu])(?:-([mtwhfsu]))?,(\d{1,2})\)")
_SPEC = re.compile(rf"{_GROUP.pattern}\Z|\[{_GROUP.pattern}(?:,{_GROUP.pattern})*\]\Z")

Slots = frozenset[tuple[int, int]]
"""(weekday, hour) pairs; Monday is 0."""


@dataclass(frozen=True, slots=True)
class Times:
    """What a tag says. None: it leaves that to the policy; `never`: an empty set of slots; `zone` may be unknown."""

    off: Slots | None = None
    on: Slots | None = None
    zone: str = ""
    never: bool = False


@functools.lru_cache(maxsize=4096)
def read_tag(text: str) -> Times | None:
    """The schedule a tag's text means; None if it means none."""
    text = text.strip().lower().strip("'\"").strip()
    for escape, character in ESCAPES.items():
        text = text.replace(escape, character)
    if text in ("", "on"):
        return Times()
    if text == "off":
        return Times(never=True)
    found: dict[str, Slots] = {}
    zone = ""
    for part in text.removesuffix(";").split(";"):
        name, equals, value = part.partition("=")
        if name == "tz" and value and _dates.zone(value) is not None:
            zone = value
        elif name in ("off", "on") and equals:
            slots = _slots(value)
            if slots is None:
                return None
            found[name] = slots
        else:
            return None
    return Times(found.get("off"), found.get("on"), zone)


def _slots(spec: str) -> Slots | None:
    if spec == "never":
        return frozenset()
    if not _SPEC.match(spec):
        return None
    slots = set()
    for first, last, hour in _GROUP.findall(spec):
        if int(hour) > 23:
            return None
        start, end = DAYS.index(first), DAYS.index(last or first)
        slots |= {((start + i) % 7, int(hour)) for i in range((end - start) % 7 + 1)}
    return frozenset(slots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The options that `offhour` and `onhour` share."""

    PART: ClassVar[str] = ""
    WEEKEND_DAY: ClassVar[int] = 0

    default_tz: Annotated[str, Says("the zone where the tag names none: an IANA name or an alias")] = "et"
    tag: Annotated[str, Says("the tag that holds the schedule, in any case")] = "maid_offhours"
    opt_out: Annotated[bool, Says("resources without the tag take part too", key="opt-out")] = False
    weekends: Annotated[bool, Says("leave the weekend out of the default schedule")] = True
    weekends_only: Annotated[
        bool, Says("the default schedule is off on Friday and on on Monday only", key="weekends-only")
    ] = False
    fallback_schedule: Annotated[
        str | None, Says("the schedule, in a tag's words, of resources without the tag", key="fallback-schedule")
    ] = None
    fallback_schedule_old: Annotated[str | None, Says("the same as fallback-schedule", key="fallback_schedule")] = None
    skip_days: Annotated[tuple[str | date, ...], Says("days (YYYY-MM-DD) without this", key="skip-days")] = ()
    skip_days_from: Annotated[ValueFrom, Says("take those days from a document", key="skip-days-from")] = NOT_GIVEN
    state_filter: Annotated[
        bool, Says("look at the resource's state too: offhour sees the running, onhour the stopped", key="state-filter")
    ] = NOT_GIVEN
    catch_up: Annotated[
        int,
        Says(
            "match so many hours later too, for runs that were missed", key="catch-up", unit="hours", least=0, most=23
        ),
    ] = 0
    running: Annotated[str, Says("JMESPath that is true of a running resource", key="-running")] = ""
    stopped: Annotated[str, Says("JMESPath that is true of a stopped resource", key="-stopped")] = ""
    _state: Reader | None = field(init=False, repr=False, compare=False)
    _default: Slots = field(init=False, repr=False, compare=False)
    _zone: tzinfo = field(init=False, repr=False, compare=False)
    _skipped: frozenset[str] = field(init=False, repr=False, compare=False)
    _tag: str = field(init=False, repr=False, compare=False)
    _fallback: str | None = field(init=False, repr=False, compare=False)

    @property
    def hour(self) -> int:
        """The default hour."""
        raise NotImplementedError

    @property
    def state(self) -> str:
        """The expression of the state this looks at."""
        raise NotImplementedError

    def __post_init__(self) -> None:
        days = range(5) if self.weekends else range(7)
        if self.weekends_only:
            days = range(self.WEEKEND_DAY, self.WEEKEND_DAY + 1)
        looks = bool(self.state) and self.state_filter is not False
        fallback = self.fallback_schedule if self.fallback_schedule is not None else self.fallback_schedule_old
        object.__setattr__(self, "_state", reader(self.state) if looks else None)
        object.__setattr__(self, "_default", frozenset((day, self.hour) for day in days))
        object.__setattr__(self, "_zone", _dates.zone(self.default_tz) or UTC)
        object.__setattr__(self, "_skipped", frozenset(str(day)[:10] for day in self.skip_days))
        object.__setattr__(self, "_tag", self.tag.lower())
        object.__setattr__(self, "_fallback", fallback)

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The tags, what fills the state's attribute, and the document of days."""
        state = needs_of(self.state, type) if self._state is not None else frozenset()
        days: set[Need] = {self.skip_days_from.need} if self.skip_days_from is not None else set()
        return needs_of("tag:", type) | state | days

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when this is the hour (or at most `catch-up` hours after it)."""
        times = self._times(view)
        if times is None or times.never:
            return NO_MATCH
        if self._state is not None and not self._state(view.attributes):
            return NO_MATCH
        slots = times.off if self.PART == "off" else times.on
        slots = self._default if slots is None else slots
        zone = _dates.zone(times.zone) if times.zone else self._zone
        return decided(any(self._is_hour(slots, zone, setting.now - timedelta(hours=h), view) for h in self._hours()))

    def _hours(self) -> range:
        return range(self.catch_up + 1)

    def _is_hour(self, slots: Slots, zone: tzinfo | None, at: datetime, view: View) -> bool:
        there = at.astimezone(zone)
        if (there.weekday(), there.hour) not in slots:
            return False
        return there.date().isoformat() not in self._days_off(view)

    def _days_off(self, view: View) -> frozenset[str]:
        if self.skip_days_from is None:
            return self._skipped
        days = view.fact(self.skip_days_from.need)
        return frozenset(str(day).strip()[:10] for day in (days if isinstance(days, list | tuple) else ()))

    def _text(self, view: View) -> str | None:
        for tag in tags_of(view.attributes):
            if str(tag.get("Key", "")).lower() == self._tag:
                return str(tag.get("Value") or "")
        return None

    def _times(self, view: View) -> Times | None:
        text = self._text(view)
        if text is None:
            if self._fallback is None:
                return Times() if self.opt_out else None
            text = self._fallback
        return read_tag(text)

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The tag, and the hour it is there."""
        times, text = self._times(view), self._text(view)
        zone = _dates.zone(times.zone) if times is not None and times.zone else self._zone
        there = setting.now.astimezone(zone)
        observed = _texts.MISSING if text is None else f"'{text}'" + (" (no schedule)" if times is None else "")
        state = "" if self._state is None or self._state(view.attributes) else f", not {self.state}"
        return Evidence(
            filter=f"{self.PART}hour {self.hour}:00 {self.default_tz}, tag:{self.tag}",
            verdict=self.judge(view, setting),
            expected=f"the hour of {self.PART} in the schedule"
            + (f" or {self.catch_up} after" if self.catch_up else ""),
            observed=f"{observed}; it is {there:%a %Y-%m-%d %H:%M} there{state}",
            source=_texts.source("tag:", setting.type),
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """Zones, days and schedules that can be read."""
        if _dates.zone(self.default_tz) is None:
            hint = "an IANA name such as Europe/Berlin, or an alias such as et"
            yield Problem("default_tz", f"'{self.default_tz}' is no time zone", hint)
        if self.skip_days and self.skip_days_from is not None:
            yield Problem("skip-days-from", "skip-days and skip-days-from cannot both be given")
        for day in self.skip_days:
            if isinstance(day, str) and not _is_day(day):
                yield Problem("skip-days", f"'{day}' is no day", "YYYY-MM-DD")
        for key, text in (
            ("fallback-schedule", self.fallback_schedule),
            ("fallback_schedule", self.fallback_schedule_old),
        ):
            if text is not None and read_tag(text) is None:
                yield Problem(key, f"'{text}' is no schedule", "as in off=(M-F,19);on=(M-F,7)")
        if self.state_filter is not None and not self.state:
            yield Problem("state-filter", "the type has no state to look at")
        elif self.state and (text := problem_of_path(self.state)):
            yield Problem("state-filter", f"'{self.state}' is no path: {text}")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return len(text) >= 10 and text[4] == "-"
