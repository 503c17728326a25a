"""Does something that belongs to the resource (an extra read, a part of it) compare with an expected value?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from engine.filters import _texts
from engine.filters._options import UNSET, Reader, ValueOptions, asked_need, needs_of, problem_of_path, reader
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import AskedNeed, ContentNeed, Need
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.attributes import needs_to_ask
from engine.plugin.params import Problem, Says
from engine.plugin.paths import bound
from engine.plugin.protocols import Setting, View


@dataclass(frozen=True, slots=True)
class Attribute(ValueOptions):
    """The value filter's comparison, made on something that belongs to the resource.

    Where that is a list, one element (or, with `operator: and`, every element) must pass; an empty list passes only
    `value: absent`. Without a key the thing itself is compared.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "{type: attribute, key: Status, value: Enabled}",
        "{type: attribute, key: State, op: in, value: [active, pending], operator: and}",
    )

    NARROWS: ClassVar[bool] = True

    operator: Annotated[Literal["or", "and"], Says("whether one or every element of a list must pass")] = "or"
    of: Annotated[str, Says("JMESPath to what is compared; empty: the resource", key="-of")] = ""
    each: Annotated[bool, Says("compare each element of a list", key="-each")] = False
    keyless: Annotated[bool, Says("what is compared has no parts, so a key is not needed", key="-keyless")] = False
    default_present: Annotated[
        bool, Says("without key and value: match when there is such a thing", key="-default-present")
    ] = False
    called: Annotated[str, Says("what later actions see the elements that pass under", key="-called")] = ""
    options: Annotated[dict[str, Json] | None, Says("what the path sees as _options", key="-options")] = None
    ask: Annotated[str, Says("the facet, asked with the options, that `of` is read from", key="-ask")] = ""
    parts: Annotated[tuple[str, ...], Says("lists: a key that begins with one is its elements' own", key="-parts")] = ()
    _of: Reader = field(init=False, repr=False, compare=False)
    _before: tuple[Attribute, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first, _, rest = self.key.partition(".")
        if rest and first in self.parts:
            object.__setattr__(self, "of", f"{self.of}.{first}" if self.of else first)
            object.__setattr__(self, "key", rest)
            object.__setattr__(self, "each", True)
        ValueOptions.__post_init__(self)
        object.__setattr__(self, "_of", reader(self._path) if self.of else _itself)
        object.__setattr__(self, "_before", ())

    def after(self, earlier: Sequence[object]) -> Attribute:
        """The filter where it stands: `match-operator: and`, or `matched`: only elements that those before it find."""
        asked = self.options or {}
        if asked.get("match-operator") != "and" and not asked.get("matched"):
            return self
        narrowed = copy(self)
        same = tuple(each for each in earlier if isinstance(each, Attribute) and each.finds == self.finds)
        object.__setattr__(narrowed, "_before", same)
        return narrowed

    @property
    def _path(self) -> str:
        return bound(self.of, self.options or {})

    @property
    def _asked(self) -> AskedNeed:
        return asked_need(self.ask, self.options)

    def _thing(self, view: View) -> Json:
        return self._of(view.fact(self._asked) if self.ask else view.attributes)

    @property
    def _bare(self) -> bool:
        return self.default_present and not self.key and not self.asks

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """What fills the thing's attribute, and the document the expected value comes from."""
        if self.ask:
            documents = {need for need in self.value_needs(type) if isinstance(need, ContentNeed)}
            return needs_to_ask(self.ask, type) | documents | {self._asked}
        of = needs_of(self._path or self.key, type) if self.of or self.key else frozenset()
        if not self.of:
            return of | self.value_needs(type)
        return of | {need for need in self.value_needs(type) if isinstance(need, ContentNeed)}

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when the thing (or one of them, or all) passes."""
        thing = self._thing(view)
        if self._bare:
            return decided(thing is not None and thing != [])
        if not self.each or not isinstance(thing, list | tuple | None):
            return decided(self._passes(thing, view, setting))
        if not thing:
            return decided(self.value == "absent" and self.op in (None, "eq", "equal"))
        held = (self._counts(each, view, setting) for each in thing)
        return decided(all(held) if self.operator == "and" else any(held))

    @property
    def finds(self) -> str:
        """The elements, by the name that the record gives them, else by the path to their list."""
        return self.called or self.of

    def found(self, view: View, setting: Setting) -> list[Json]:
        """The elements that pass; none where the thing is no list."""
        thing = self._thing(view)
        if not (self.called or self.each) or not isinstance(thing, list | tuple):
            return []
        return [each for each in thing if self._counts(each, view, setting)]

    def _counts(self, element: Json, view: View, setting: Setting) -> bool:
        return all(each._passes(element, view, setting) for each in (*self._before, self))

    def _passes(self, thing: Json, view: View, setting: Setting) -> bool:
        return self.passes(self._value(thing), thing, view, setting.now)

    def _value(self, thing: Json) -> Json:
        return self._read(thing) if self.key else thing

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The comparison, and the values."""
        thing = self._thing(view)
        if self.each and isinstance(thing, list | tuple):
            observed = _texts.short([self._value(each) for each in thing])
        else:
            observed = self.observed(self._value(thing), setting.now)
        return Evidence(
            filter=f"{self.of} is present" if self._bare else f"{self.of} {self.sentence}".strip(),
            verdict=self.judge(view, setting),
            expected="present" if self._bare else self.expected,
            observed=observed,
            source=_texts.source(self.of or self.key, setting.type),
        )

    def problems(self, **_: Json) -> Iterator[Problem]:
        """What is wrong with the options taken together."""
        if self.of and (text := problem_of_path(self._path)):
            yield Problem("-of", f"'{self.of}' is no path: {text}")
        if self.value_type == "resource_count":
            yield Problem("value_type", "resource_count counts resources: use the value filter")
        elif not self._bare:
            if self.value is UNSET and not self.asks:
                yield Problem("value", "needs 'value', 'value_from' or 'value_path'")
            if not self.key and not (self.keyless and self.of):
                yield Problem("key", "needs 'key'", "an attribute or a JMESPath expression")
            yield from self.value_problems()


def _itself(attributes: Json) -> Json:
    return attributes
