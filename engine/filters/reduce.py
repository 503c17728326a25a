"""Which of the resources that are left are kept, after sorting them and taking some of each group?"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from engine.filters import _compare, _dates
from engine.filters._options import NOT_GIVEN, Reader, needs_of, problem_of_path, reader
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.verdict import MATCH, NO_MATCH, Verdict, unknown
from engine.plugin.params import Problem, Says
from engine.plugin.paths import bound
from engine.plugin.patterns import Pattern, compiled
from engine.plugin.protocols import Missing, Setting, View


@dataclass(frozen=True, slots=True)
class Key:
    """What to sort or group by."""

    key: Annotated[str, Says("tag:NAME, an attribute or a JMESPath expression")]
    value_type: Annotated[Literal["string", "number", "date"], Says("how to read the value")] = "string"
    value_regex: Annotated[str, Says("a pattern with one group, matched from the start: the group is the value")] = ""
    null_sort_value: Annotated[Json, Says("accepted for compatibility; null-order says where null is sorted")] = None
    _read: Reader = field(init=False, repr=False, compare=False)
    _match: Pattern | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        bad = _compare.problem_of_regex(self.value_regex)
        object.__setattr__(self, "_read", reader(self.key))
        object.__setattr__(self, "_match", compiled(self.value_regex) if self.value_regex and not bad else None)

    def value(self, view: View, setting: Setting) -> Json:
        """A resource's value as text, number or instant; None where there is none."""
        found = self._read(view.attributes)
        if self._match is not None:
            match = self._match.match(found) if isinstance(found, str) else None
            found = match.group(1) if match and self._match.groups else None
        if found is None or self.value_type == "string":
            return None if found is None else str(found)
        if self.value_type == "date":
            return _dates.instant(found, setting.now)
        try:
            number = float(found)
        except (TypeError, ValueError, OverflowError):
            return None
        return None if math.isnan(number) else number

    def problems(self, name: str) -> Iterator[Problem]:
        """A path that cannot be read, a pattern that cannot be used."""
        if text := problem_of_path(self.key):
            yield Problem(name, f"'{self.key}' is no path: {text}")
        if not self.value_regex:
            return
        if text := _compare.problem_of_regex(self.value_regex):
            yield Problem(name, f"value_regex '{self.value_regex}' is no pattern: {text}")
        elif re.compile(self.value_regex).groups != 1:
            yield Problem(name, f"value_regex '{self.value_regex}' must have exactly one group")


@dataclass(frozen=True, slots=True)
class Reduce:
    """Sorts the resources left at this point, groups them, and keeps some of each group.

    In each group: sort, drop the first `discard` (or `discard-percent`, whichever is more), then keep the first `limit`
    (or `limit-percent` of what remains, whichever is fewer). Percentages are rounded down, so 10 percent of 6 is none;
    a limit of 0 is no limit. Resources without the group's key form one group. Values are sorted as text unless
    `value_type` says otherwise. `order: reverse` turns the listed order round; `randomize` draws anew at each run.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: reduce, sort-by: {key: CreateTime, value_type: date}, order: desc, discard: 3}",
        "{type: reduce, group-by: 'tag:App', sort-by: LaunchTime, limit: 1}",
    )

    group_by: Annotated[str | Key, Says("make a group for each value of this key", key="group-by")] = NOT_GIVEN
    sort_by: Annotated[str | Key, Says("sort each group by this key", key="sort-by")] = NOT_GIVEN
    order: Annotated[Literal["asc", "desc", "reverse", "randomize"], Says("how to sort")] = NOT_GIVEN
    null_order: Annotated[
        Literal["first", "last"], Says("where resources without the key are sorted", key="null-order")
    ] = "last"
    limit: Annotated[float, Says("keep at most so many of each group", least=0)] = 0
    limit_percent: Annotated[
        float, Says("keep at most this share of each group", key="limit-percent", unit="percent", least=0, most=100)
    ] = 0
    discard: Annotated[float, Says("drop so many from the front of each group", least=0)] = 0
    discard_percent: Annotated[
        float,
        Says("drop this share from the front of each group", key="discard-percent", unit="percent", least=0, most=100),
    ] = 0
    where: Annotated[str, Says("JMESPath: only resources that it holds for are kept", key="-where")] = ""
    options: Annotated[dict[str, Json] | None, Says("what `where` sees as _options", key="-options")] = None
    _group: Key | None = field(init=False, repr=False, compare=False)
    _sort: Key | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, key in (("_group", self.group_by), ("_sort", self.sort_by)):
            object.__setattr__(self, name, Key(key) if isinstance(key, str) else key)

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """What fills the keys' attributes."""
        keys = [key.key for key in (self._group, self._sort) if key is not None]
        return frozenset(n for key in (*keys, *filter(None, [self._where])) for n in needs_of(key, type))

    @property
    def _where(self) -> str:
        return bound(self.where, self.options or {})

    def judge_all(self, views: Sequence[View], setting: Setting) -> Sequence[Verdict]:
        """MATCH for those kept. A group in which a value to sort by is unknown is unknown as a whole."""
        groups: dict[Json, list[int]] = {}
        holds = reader(self._where) if self.where else None
        try:
            for i, view in enumerate(views):
                if holds is not None and not holds(view.attributes):
                    continue
                group = self._group.value(view, setting) if self._group is not None else None
                groups.setdefault(group, []).append(i)
        except Missing as missing:
            return [_unknown(missing)] * len(views)
        verdicts = [NO_MATCH] * len(views)
        for members in groups.values():
            try:
                kept = self._kept(self._sorted(members, views, setting))
                verdict = MATCH
            except Missing as missing:
                kept, verdict = members, _unknown(missing)
            for i in kept:
                verdicts[i] = verdict
        return verdicts

    def _sorted(self, members: list[int], views: Sequence[View], setting: Setting) -> list[int]:
        if self.order == "reverse":
            return members[::-1]
        if self.order == "randomize":
            drawn = list(members)
            random.Random(setting.now.isoformat()).shuffle(drawn)
            return drawn
        if self._sort is None:
            return members
        values = [(self._sort.value(views[i], setting), i) for i in members]
        given = [(value, i) for value, i in values if value is not None]
        given.sort(key=lambda pair: pair[0], reverse=self.order == "desc")
        ordered, null = [i for _, i in given], [i for value, i in values if value is None]
        return null + ordered if self.null_order == "first" else ordered + null

    def _kept(self, members: list[int]) -> list[int]:
        dropped = max(int(self.discard), int(self.discard_percent / 100 * len(members)))
        left = members[dropped:]
        most = len(left)
        if self.limit_percent:
            most = min(most, int(self.limit_percent / 100 * len(left)))
        if self.limit:
            most = min(most, int(self.limit))
        return left[:most]

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """What is kept of each group; the observed values are this resource's."""
        told = [f"by {self._sort.key}" if self._sort else "in listed order", self.order or "asc"]
        for name, amount in (("discard", self.discard), ("limit", self.limit)):
            told += [f"{name} {amount:g}"] if amount else []
        for name, amount in (("discard", self.discard_percent), ("limit", self.limit_percent)):
            told += [f"{name} {amount:g} percent"] if amount else []
        per = f" of each {self._group.key}" if self._group else ""
        seen = [f"{key.key} is {key.value(view, setting)}" for key in (self._group, self._sort) if key is not None]
        return Evidence(f"reduce{per}", MATCH, expected=", ".join(told), observed=", ".join(seen))

    def problems(self, **_: Json) -> Iterator[Problem]:
        """Keys that cannot be read, limits that are no whole numbers."""
        for name, key in (("group-by", self._group), ("sort-by", self._sort)):
            if key is not None:
                yield from key.problems(name)
        for name, amount in (("limit", self.limit), ("discard", self.discard)):
            if amount != int(amount):
                yield Problem(name, f"{name} {amount} is not a whole number", f"or use {name}-percent")


def _unknown(missing: Missing) -> Verdict:
    return unknown(*missing.verdict.causes, pending=missing.verdict.pending)
