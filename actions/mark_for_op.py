"""Mark a resource for an action at a later date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from actions._tag_changes import replaced, tag_needs, write_tags
from engine.model.change import Change, Skip
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.plugin.params import Problem, Says
from engine.plugin.protocols import Setting, View
from engine.plugin.suggest import one_of
from engine.plugin.tagging import TELLING
from engine.plugin.zones import zone_named


@dataclass(frozen=True, slots=True)
class MarkForOp:
    """Writes a tag that says which action is due, and when; the filter `marked-for-op` finds it from then on.

    The delay must be given, in `days`, `hours` or both: c7n marks for today when it is left out, whatever its
    documentation says. With hours the date carries its offset from UTC, so that it means one moment everywhere.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("write",)
    EXAMPLES: ClassVar[tuple[str, ...]] = ("{type: mark-for-op, op: stop, days: 4}",)

    op: Annotated[str, Says("the action that will be due; one of the type's")]
    days: Annotated[float | None, Says("delay", unit="days", least=0, most=3650)] = None
    hours: Annotated[float | None, Says("delay", unit="hours", least=0, most=87600)] = None
    tag: Annotated[str | None, Says("name of the tag")] = None
    key: Annotated[str | None, Says("the same as tag")] = None
    msg: Annotated[str, Says("the tag's text; without ': {op}@{action_date}' no marked-for-op filter finds it")] = (
        "Resource does not meet policy: {op}@{action_date}"
    )
    message: Annotated[str | None, Says("the same as msg")] = None
    tz: Annotated[str, Says("IANA zone or alias in which the date is written")] = "utc"

    def problems(self, *, words: Sequence[str] = (), **_: Json) -> Iterator[Problem]:
        """What is wrong with the options taken together."""
        if self.days is None and self.hours is None:
            yield Problem("op", "there is no delay", "give 'days' or 'hours': c7n would mark for today")
        if words and self.op not in words and self.op not in TELLING:
            yield Problem("op", f"'{self.op}' is no action of this type", one_of(self.op, words))
        if zone_named(self.tz) is None:
            yield Problem(
                "tz", f"'{self.tz}' is no time zone", "give an IANA name such as Europe/Berlin, or utc, et, pt …"
            )

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The present tags."""
        return tag_needs(type)

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """The present tags, where writing replaces them all."""
        return replaced(type)

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """Write the mark."""
        zone = zone_named(self.tz) or ZoneInfo("UTC")
        due = setting.now.astimezone(zone) + timedelta(days=self.days or 0, hours=self.hours or 0)
        offset = "UTC" if not due.utcoffset() else "%z"
        date = due.strftime(f"%Y/%m/%d %H%M {offset}") if self.hours else due.strftime("%Y/%m/%d")
        text = (self.message or self.msg).replace("{op}", self.op).replace("{action_date}", date)
        return write_tags(view, setting, "mark-for-op", {self.tag or self.key or "maid_status": text})
