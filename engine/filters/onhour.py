"""Is this the hour to start the resource, by the schedule in its tag?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from engine.filters._schedule import Schedule
from engine.plugin.params import Says


@dataclass(frozen=True, slots=True, kw_only=True)
class Onhour(Schedule):
    """Passes in the hour in which the resource is to be started; the tag and the options are those of `offhour`."""

    PART: ClassVar[str] = "on"
    WEEKEND_DAY: ClassVar[int] = 0
    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: onhour, onhour: 7, default_tz: et}",
        "{type: onhour, onhour: 7, default_tz: Europe/Berlin, fallback-schedule: 'on=(M-F,7);off=(M-F,19)'}",
    )

    onhour: Annotated[int, Says("the default hour", least=0, most=23)] = 7

    @property
    def hour(self) -> int:
        """The default hour."""
        return self.onhour

    @property
    def state(self) -> str:
        """Only what is stopped can be started."""
        return self.stopped
