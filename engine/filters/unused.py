"""Does any other resource of the scope use this one?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from engine.filters._options import Reader, needs_of, problem_of_path, reader
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need, PopulationNeed
from engine.model.record import ResourceType
from engine.model.verdict import Kind, Verdict, decided, negate, some, unknown
from engine.plugin.params import Problem, Says
from engine.plugin.paths import getter
from engine.plugin.protocols import Missing, Setting, View


@dataclass(frozen=True, slots=True)
class User:
    """A type whose resources use this one, and where they say so."""

    type: Annotated[str, Says("the other type's word")]
    path: Annotated[str, Says("JMESPath on the other type to what it uses")]
    when: Annotated[str, Says("JMESPath over the word's options: whether it counts")] = ""

    @property
    def need(self) -> PopulationNeed:
        """Everything resources of the other type use."""
        return PopulationNeed(self.type, self.path)


@dataclass(frozen=True, slots=True)
class Unused:
    """Passes when no resource of the account and region uses this one (`value: false`: when one does).

    The types that can use it are listed in its record. If one of them cannot be read, and none of the others uses it,
    the answer is unknown.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = ("unused", "{type: unused, value: false}")

    value: Annotated[bool, Says("false finds what is in use")] = True
    by: Annotated[tuple[User, ...], Says("what can use it", key="-by")] = ()
    used: Annotated[bool, Says("true: the word asks whether it is used", key="-used")] = False
    id: Annotated[str, Says("JMESPath to what the others name it by, one or several (default: its id)", key="-id")] = ""
    options: Annotated[
        dict[str, Json] | None,
        Says("what `when` sees as _options; `state: absent`: the opposite is asked", key="-options"),
    ] = None
    _read: Reader = field(init=False, repr=False, compare=False)
    _users: tuple[User, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        users = (user if isinstance(user, User) else User(**user) for user in self.by)
        seen = {"_options": self.options or {}}
        object.__setattr__(self, "_users", tuple(u for u in users if not u.when or getter(u.when)(seen)))
        object.__setattr__(self, "_read", reader(self.id))

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """What each of the other types uses."""
        own = needs_of(self.id, type) if self.id else frozenset()
        return own | {user.need for user in self._users}

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when nothing uses it (or something does, for `used`)."""
        used = some(verdict for _, verdict in self._uses(view, setting))
        return used if self._asks_used else negate(used)

    @property
    def _asks_used(self) -> bool:
        """Whether it is to be in use; `state: absent` among the options turns that round."""
        return (self.used is self.value) is not ((self.options or {}).get("state") == "absent")

    def _uses(self, view: View, setting: Setting) -> Iterator[tuple[User, Verdict]]:
        name = self._read(view.attributes) if self.id else view.attributes.get(setting.type.identity.id)
        names = [each for each in (name if isinstance(name, list | tuple) else [name]) if isinstance(each, str)]
        if not names and not self.id:
            raise Missing(unknown("what the others would name it by is not known"))
        for user in self._users:
            try:
                yield user, decided(any(each in view.fact(user.need) for each in names))
            except Missing as missing:
                yield user, missing.verdict

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The types that use it, or those that were looked through."""
        uses = list(self._uses(view, setting))
        using = [user.type for user, verdict in uses if verdict.kind is Kind.MATCH]
        asked = "used" if self._asks_used else "unused"
        looked = ", ".join(dict.fromkeys(user.type for user in self._users))
        looked += " in any region" if setting.type.global_ else ""
        return Evidence(
            filter=asked,
            verdict=self.judge(view, setting),
            expected=f"named by {'a' if asked == 'used' else 'no'} resource of {looked}",
            observed=f"named by {', '.join(dict.fromkeys(using))}" if using else "named by none",
            source=looked,
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """Paths that can be read, and something to look through."""
        if not self._users:
            yield Problem("-by", "the record names nothing that could use it")
        for path in (self.id, *(user.path for user in self._users)):
            if path and (text := problem_of_path(path)):
                yield Problem("-by", f"'{path}' is no path: {text}")
