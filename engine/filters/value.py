"""Does an attribute, a tag or a path of the resource compare with an expected value?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.filters import _texts
from engine.filters._options import ValueOptions, needs_of
from engine.filters._resource_count import ResourceCount
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import Need
from engine.model.record import ResourceType
from engine.model.verdict import Verdict, decided
from engine.plugin.params import Problem
from engine.plugin.protocols import Setting, View


def choose(options: Mapping[str, Json]) -> type[Any]:
    """The class to read a value filter's options with: counting resources needs all of them at once."""
    return ResourceCount if options.get("value_type") == "resource_count" else Value


@dataclass(frozen=True, slots=True)
class Value(ValueOptions):
    """Compares the value at `key` with an expected value.

    The key is `tag:NAME`, an attribute, or JMESPath (with `split(separator, text)` and `from_json(text)`). The words
    `absent`, `present`, `not-null` and `empty` ask whether there is a value; truth is Python's, so 0, false, "" and []
    are empty. Without `op` the two must be equal; nothing is converted, so `5` is not `"5"`.

    A key that is missing does not pass `gt`, `in` or `regex`, but it passes `ne` and `not-in`, and so does the `not` of
    a comparison. `regex` is matched from the start and ignores case (`regex-case` does not); `glob` is matched against
    the whole text. `value_type: integer` reads a missing or unreadable value as 0. `age` with `gt` 30 means older than
    30 days; `expiration` with `lt` 30 means within the next 30 days or past. Dates without a zone are UTC.

    `{key: value}` is short for `{type: value, key: key, value: value}`.
    """

    EXAMPLES: ClassVar[tuple[str, ...]] = (
        "State.Name: running",
        "tag:Owner: absent",
        "{type: value, key: CreateTime, value_type: age, op: gt, value: 30}",
        "{type: value, key: Engine, op: in, value: [mysql, postgres]}",
        "{type: value, key: 'length(SecurityGroups)', op: gte, value: 2}",
        "{type: value, key: tag:CostCenter, op: not-in, value_from: {url: 's3://lists/centers.csv', expr: 0}}",
    )

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """Facets that fill the key's attribute, those of the expected value's path, and the document it comes from."""
        return needs_of(self.key, type) | self.value_needs(type)

    def judge(self, view: View, setting: Setting) -> Verdict:
        """MATCH when the value passes."""
        attributes = view.attributes
        return decided(self.passes(self._read(attributes), attributes, view, setting.now))

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """The comparison, and the value as it was found."""
        return Evidence(
            filter=self.sentence,
            verdict=self.judge(view, setting),
            expected=self.expected,
            observed=self.observed(self._read(view.attributes), setting.now),
            source=_texts.source(self.key, setting.type),
        )

    def problems(self, **known: Json) -> Iterator[Problem]:
        """What is wrong with the options taken together."""
        if self.value_type == "resource_count":
            yield Problem("value_type", "resource_count counts all resources and cannot stand here")
            return
        yield from ValueOptions.problems(self, **known)
