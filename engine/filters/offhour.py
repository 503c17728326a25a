"""Is this the hour to stop the resource, by the schedule in its tag?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from engine.filters._schedule import Schedule
from engine.plugin.params import Says


@dataclass(frozen=True, slots=True, kw_only=True)
class Offhour(Schedule):
    """Passes in the hour in which the resource is to be stopped; meant for a policy that runs every hour.

    A resource takes part by its tag: empty or `on` for the default schedule (Monday to Friday at `offhour` in
    `default_tz`), `off` for never, or a schedule such as `off=[(M-H,21),(F,19)];on=(M-F,7);tz=pt`. Days are
    M T W H F S U (H is Thursday, U Sunday), ranges may wrap, `off=never` and `on=never` leave one half out. A tag that
    cannot be read does not match. With `catch-up` a missed hour is made up for.
    """

    PART: ClassVar[str] = "off"
    WEEKEND_DAY: ClassVar[int] = 4
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: offhour, offhour: 19, default_tz: et}",
        "{type: offhour, default_tz: Europe/Berlin, opt-out: true, skip-days: ['2026-12-24'], catch-up: 1}",
    )

    offhour: Annotated[int, Says("the default hour", least=0, most=23)] = 19

    @property
    def hour(self) -> int:
        """The default hour."""
        return self.offhour

    @property
    def state(self) -> str:
        """Only what runs can be stopped."""
        return self.running
