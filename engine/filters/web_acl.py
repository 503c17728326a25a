"""Is the resource protected by a web ACL, and by which?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from engine.filters import _compare, _texts
from engine.filters._options import UNSET, Reader, ValueOptions, needs_of, reader
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import ContentNeed, Need, PopulationNeed, RelatedNeed
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem, Says
from engine.plugin.patterns import compiled
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class WebAcl(ValueOptions):
    """Finds resources that have no web ACL (`state: true`: that have one); with `web-acl`, none of that name.

    With a `key` the value filter's comparison is made on the ACL itself instead; a resource without one has nothing
    there.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "web-acl",
        "{type: web-acl, state: true, web-acl: edge}",
        "{type: web-acl, key: length(Rules), op: gte, value: 1}",
    )

    state: Annotated[bool, Says("whether it has such an ACL")] = False
    web_acl: Annotated[str, Says("the ACL's name", key="web-acl")] = ""
    join: Annotated[str, Says("the join that leads to the ACL", key="-join")] = ""
    name: Annotated[str, Says("JMESPath to the ACL's name, where the resource tells it", key="-name")] = ""
    acls: Annotated[str, Says("the ACLs' type, where it is they that name the resources", key="-acls")] = ""
    at: Annotated[str, Says("JMESPath on an ACL to the resources' ARNs", key="-at")] = ""
    pattern: Annotated[bool, Says("whether web-acl is a regular expression", key="-pattern")] = False
    _name: Reader = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ValueOptions.__post_init__(self)
        object.__setattr__(self, "_name", reader(self.name))

    @property
    def _others(self) -> PopulationNeed:
        told = f"{{Name: Name, on: {self.at}}}"
        return PopulationNeed(self.acls, f"to_string({f'merge(@, {told})' if self.key else told})")

    @property
    def _related(self) -> RelatedNeed:
        return RelatedNeed(self.join, (self.key or "Name",))

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """The ACL's name, or the ACL, or all of them."""
        documents = {need for need in self.value_needs(type) if isinstance(need, ContentNeed)}
        if self.acls:
            return frozenset(documents | {self._others})
        if self.name and not self.key:
            return needs_of(self.name, type)
        ids = needs_of(type.joins[self.join].ids, type) if self.join in type.joins else frozenset()
        return ids | documents | {self._related}

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when it has such an ACL, or (the default) has not; or when the ACL passes."""
        if self.key:
            acl = self._acl(view)
            return decided(self.passes(self._read(acl), acl, view, setting.now))
        return decided(self._is(self._called(view)) is self.state)

    def _called(self, view: View) -> str:
        """The ACL's name; empty for none."""
        if self.name and not self.acls:
            return str(self._name(view.attributes) or "")
        return str(self._acl(view).get("Name") or "")

    def _is(self, name: str) -> bool:
        if not self.web_acl or not name:
            return bool(name)
        return compiled(self.web_acl).match(name) is not None if self.pattern else name == self.web_acl

    def _acl(self, view: View) -> Mapping[str, Json]:
        if not self.acls:
            return next((acl for _, acl in view.fact(self._related) if acl is not None), {})
        acls = (json.loads(text) for text in sorted(view.fact(self._others)))
        return next((acl for acl in acls if view.resource.ref.id in (acl.get("on") or ())), {})

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The ACL's name, or the value that was compared."""
        which = f"web ACL {self.web_acl}" if self.web_acl else "a web ACL"
        asked = f"web ACL: {self.sentence}" if self.key else f"has {which}" if self.state else f"lacks {which}"
        observed = self._called(view) or "no web ACL"
        if self.key:
            observed = self.observed(self._read(self._acl(view)), setting.now)
        return Evidence(asked, self.judge(view, setting), expected=self.expected if self.key else which,
                        observed=_texts.short(observed), source=self.join or self.acls)  # fmt: skip

    def problems(self, **_: Json) -> Iterator[Problem]:
        """One way to ask, not both; a pattern that can be used."""
        if self.key and self.web_acl:
            yield Problem("web-acl", "'web-acl' and 'key' are two ways to ask", "give one of them")
        if self.key and not self.asks:
            yield Problem("value", "needs 'value', 'value_from' or 'value_path'")
        if not self.key and self.value is not UNSET:
            yield Problem("key", "needs 'key'", "an attribute of the web ACL")
        if self.key:
            yield from self.value_problems()
        if self.pattern and self.web_acl and (text := _compare.problem_of_regex(self.web_acl)):
            yield Problem("web-acl", f"'{self.web_acl}' is no pattern: {text}")
