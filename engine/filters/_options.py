"""The value filter's options and what they mean, shared by every filter that compares values.

`value`, `event`, `attribute`, `related` and the members of `list-item` and of security-group rules differ only in what
they look at; the key, the operators, the value types and where the expected value comes from are the same everywhere.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias

from engine.filters import _compare, _kinds, _texts
from engine.filters._compare import Op, Test
from engine.filters._kinds import ValueType
from engine.model.json import Json
from engine.model.need import AskedNeed, ContentNeed, Need
from engine.model.record import ResourceType
from engine.model.verdict import unknown
from engine.plugin.attributes import needs_of_key, needs_of_roots
from engine.plugin.params import Problem, Says
from engine.plugin.paths import PathRejected, getter
from engine.plugin.patterns import compiled
from engine.plugin.protocols import Missing, View

Reader: TypeAlias = Callable[[Json], Json]
NOT_GIVEN: Json = None
"""The default of an option whose type has no null: a policy cannot write it."""


class Unset:
    """What `value` is when the policy gives none (null is a value)."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Json = Unset()


def asked_need(facet: str, options: Mapping[str, Json] | None) -> AskedNeed:
    """A facet, asked for with a policy's options."""
    return AskedNeed(facet, json.dumps(options or {}, sort_keys=True, default=str))


Transform: TypeAlias = Literal[
    "noop", "capitalize", "lower", "strip", "title", "upper", "nospaces", "nounderscores", "nodashes"
]
TRANSFORMS: Mapping[str, Callable[[str], str]] = {
    "noop": lambda text: text,
    "capitalize": str.capitalize,
    "lower": str.lower,
    "strip": str.strip,
    "title": str.title,
    "upper": str.upper,
    "nospaces": lambda text: text.replace(" ", ""),
    "nounderscores": lambda text: text.replace("_", ""),
    "nodashes": lambda text: text.replace("-", ""),
}
_LITERAL_KEY = re.compile(r"[^.\[\](){}|&@`'\"*?<>=!,\\]+\Z")
"""A key that can only be the literal name of an attribute (`engine-version`), where JMESPath will not have it."""


@dataclass(frozen=True, slots=True)
class ValueFrom:
    """A document whose content is the expected value, read once a run."""

    url: Annotated[str, Says("s3://bucket/key, http(s)://…, file:///…, or dynamodb (with query)")]
    format: Annotated[
        Literal["json", "csv", "csv2dict", "txt"], Says("the document's form (default: by the URL's extension)")
    ] = NOT_GIVEN
    expr: Annotated[str | int, Says("JMESPath into the document, or the number of a CSV column")] = NOT_GIVEN
    headers: Annotated[dict[str, str], Says("HTTP headers to send")] = field(default_factory=dict)
    query: Annotated[str, Says("a PartiQL select, for url: dynamodb")] = ""
    max_size: Annotated[
        int, Says("the most to read, unpacked", key="max-size", unit="bytes", least=1, most=1_000_000_000)
    ] = 10_000_000
    timeout: Annotated[float, Says("how long reading may take (http, file)", unit="seconds", least=0.1, most=600)] = 10

    @property
    def need(self) -> ContentNeed:
        """The document as a need."""
        headers = tuple(sorted(self.headers.items()))
        return ContentNeed(self.url, self.format or "", self.expr, self.query, headers, self.max_size, self.timeout)


@dataclass(frozen=True, slots=True)
class ValueOptions:
    """Compares the value at `key` with an expected value."""

    key: Annotated[str, Says("tag:NAME, a top-level attribute, or a JMESPath expression")] = ""
    value: Annotated[Json, Says("what to compare with; or absent, present, not-null, empty")] = UNSET
    op: Annotated[Op, Says("operator (default: equality)")] = NOT_GIVEN
    value_type: Annotated[ValueType, Says("how to read the value before comparing")] = NOT_GIVEN
    value_regex: Annotated[str, Says("a pattern with one group, matched from the start: the group is the value")] = ""
    value_from: Annotated[ValueFrom, Says("take the expected value from a document")] = NOT_GIVEN
    value_path: Annotated[str, Says("take the expected value from this path on the same resource")] = ""
    tag_key_transforms: Annotated[
        tuple[Transform, ...], Says("changes to make to each tag's key before it is compared, in order")
    ] = ()
    default: Annotated[dict[str, Json], Says("accepted for compatibility; has no effect")] = field(default_factory=dict)
    _read: Reader = field(init=False, repr=False, compare=False)
    _test: Test | None = field(init=False, repr=False, compare=False)
    _other: Reader | None = field(init=False, repr=False, compare=False)
    _held: list[tuple[Json, Test]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        read = reader(self.key, self.tag_key_transforms)
        if self.value_regex:
            read = _through(self.value_regex, read)
        test, other = None, None
        if self.value_type == "expr" and isinstance(self.value, str):
            other = _through(self.value_regex, reader(self.value)) if self.value_regex else reader(self.value)
        elif self.value_path:
            other = reader(self.value_path)
        elif self.value_from is None:
            test = _compare.prepared(self.op or "", self.value_type or "", None if self.value is UNSET else self.value)
        object.__setattr__(self, "_read", read)
        object.__setattr__(self, "_test", test)
        object.__setattr__(self, "_other", other)
        object.__setattr__(self, "_held", [])

    @property
    def asks(self) -> bool:
        """Whether there is anything to compare with."""
        return self.value is not UNSET or self.value_from is not None or bool(self.value_path)

    def read(self, data: Json) -> Json:
        """The value at `key` in this data, after `value_regex`."""
        return self._read(data)

    def passes(self, r: Json, data: Json, view: View, now: datetime) -> bool:
        """Whether a value that was read from `data` passes. Raises Missing when `value_from` could not be read."""
        if self._test is not None:
            return self._test(r, now)
        if self.value_from is not None:
            return self._from_document(view)(r, now)
        v = self._other(data) if self._other is not None else None
        return _compare.matches(self.op or "", self.value_type or "", r, v, now)

    def _from_document(self, view: View) -> Test:
        fact = view.fact(self.value_from.need)
        held = self._held
        if not held or held[0][0] is not fact:
            if fact is None:
                raise Missing(
                    unknown(f"value_from: expr {self.value_from.expr!r} finds nothing in {self.value_from.url}")
                )
            held[:] = [(fact, self._prepared(fact))]
        return held[0][1]

    def _prepared(self, fact: Json) -> Test:
        source = self.value_from
        as_is = source.expr is None and (source.format or source.url.rpartition(".")[2]) == "json"
        return _compare.prepared(self.op or "", self.value_type or "", fact if as_is else _as_set(fact))

    def value_needs(self, type: ResourceType) -> frozenset[Need]:
        """What the expected value needs: a document, attributes of the same resource."""
        if self.value_from is not None:
            return frozenset({self.value_from.need})
        if self.value_type == "expr" and isinstance(self.value, str):
            return needs_of(self.value, type)
        return needs_of(self.value_path, type) if self.value_path else frozenset()

    @property
    def expected(self) -> str:
        """The right side for a person: `> 30 days`."""
        value = _texts.short(self.value)
        if self.value_from is not None:
            value = self.value_from.url
        elif self.value_path or self.value_type == "expr":
            value = f"its own {self.value_path or self.value}"
        return _texts.wanted(self.op or "", self.value_type or "", value)

    @property
    def sentence(self) -> str:
        """The whole comparison for a person: `age of LaunchTime > 30 days`."""
        return f"{_texts.subject(self.key, self.value_type or '')} {self.expected}"

    def observed(self, r: Json, now: datetime) -> str:
        """What was seen, for a person."""
        return _texts.seen_date(r, now) if self.value_type in ("age", "expiration", "date") else _texts.seen(r)

    def problems(self, **_: Json) -> Iterator[Problem]:
        """What is wrong with the options taken together."""
        if not self.key:
            yield Problem("key", "needs 'key'", "a tag (tag:NAME), an attribute or a JMESPath expression")
        if not self.asks:
            yield Problem("value", "needs 'value', 'value_from' or 'value_path'")
        yield from self.value_problems()

    def value_problems(self) -> Iterator[Problem]:
        """The problems of single options, and of the value against its operator and its type."""
        for name in ("key", "value_path"):
            path = getattr(self, name)
            if path and (text := problem_of_path(path)):
                yield Problem(
                    name, f"'{path}' is no path: {text}", 'names with other than letters need quotes: a."b-c"'
                )
        if self.value_regex:
            if text := _compare.problem_of_regex(self.value_regex):
                yield Problem("value_regex", f"'{self.value_regex}' is no pattern: {text}")
            elif re.compile(self.value_regex).groups != 1:
                yield Problem("value_regex", f"'{self.value_regex}' must have exactly one group", "as in 'a=(.*)'")
        if self.value_from is not None and self.op is None:
            yield Problem("value_from", "value_from needs an op", "one of in, not-in, intersect, difference")
        if self.value is not UNSET and self.value_from is None and not self.value_path:
            yield from self._problems_of_value(self.value)

    def _problems_of_value(self, value: Json) -> Iterator[Problem]:
        shown = _texts.short(value)
        word = isinstance(value, str) and value in _kinds.WORDS
        if not (value is None or isinstance(value, str | int | float | list | tuple | date)):
            yield Problem("value", "value cannot be a mapping")
        elif text := _kinds.problem_of(self.value_type or "", value):
            yield Problem("value", f"value {shown} {text}", f"value_type is {self.value_type}")
        elif self.value_type == "expr" and (text := problem_of_path(str(value))):
            yield Problem("value", f"'{value}' is no path: {text}")
        elif self.op in ("regex", "regex-case") and (text := _compare.problem_of_regex(value)):
            yield Problem("value", f"{shown} is no pattern: {text}")
        elif self.op == "mod" and _kinds.is_number(value) and value == 0:
            yield Problem("value", "nothing can be divided by 0")
        elif word and self.op not in (None, "eq", "equal") and self.value_type not in ("swap", "expr"):
            yield Problem("value", f"'{value}' cannot be combined with op {self.op}", _OPPOSITES[str(value)])


_OPPOSITES: Mapping[str, str] = {
    "absent": "leave op out; the opposite of absent is present",
    "present": "leave op out; the opposite of present is absent",
    "not-null": "leave op out; the opposite of not-null is empty",
    "empty": "leave op out; the opposite of empty is not-null",
}


def needs_of(key: str, type: ResourceType) -> frozenset[Need]:
    """Needs of a key; of a key that is only a literal name, those of that attribute."""
    try:
        return needs_of_key(key, type)
    except PathRejected:
        return needs_of_roots(frozenset({key}), type)


def reader(key: str, transforms: tuple[str, ...] = ()) -> Reader:
    """A function that takes a resource's attributes and gives the value at a key, or None.

    `tag:NAME` reads the tags; a key that stands literally at the top level wins; everything else is JMESPath.
    """
    if key.startswith("tag:"):
        return _tag_reader(key[4:], transforms)
    try:
        get = getter(key)
    except PathRejected:
        return lambda data: data.get(key) if isinstance(data, Mapping) else None
    if key.isidentifier():
        return get

    def read(data: Json) -> Json:
        if isinstance(data, Mapping) and key in data:
            return data[key]
        return get(data)

    return read


def _tag_reader(name: str, transforms: tuple[str, ...]) -> Reader:
    changes = tuple(TRANSFORMS[t] for t in transforms if t in TRANSFORMS)

    def changed(key: Json) -> Json:
        return functools.reduce(lambda text, change: change(text), changes, key) if isinstance(key, str) else key

    def read(data: Json) -> Json:
        if not isinstance(data, Mapping):
            return None
        for held in ("Tags", "labels", "tags"):
            if held in data:
                return _tag(data[held], name, changed if changes else None)
        return None

    return read


def _tag(tags: Json, name: str, changed: Callable[[Json], Json] | None) -> Json:
    if isinstance(tags, Mapping):
        if changed is None:
            return tags.get(name)
        return next((value for key, value in tags.items() if changed(key) == name), None)
    for each in tags if isinstance(tags, list | tuple) else ():
        if isinstance(each, Mapping):
            key = each["Key"] if "Key" in each else each.get("key")
            if (key if changed is None else changed(key)) == name:
                return each["Value"] if "Value" in each else each.get("value")
    return None


def tags_of(attributes: Json) -> Iterator[Mapping[str, Json]]:
    """The tags as the view gives them: `{"Key": str, "Value": str}` each."""
    tags = attributes.get("Tags")
    for tag in tags if isinstance(tags, list | tuple) else ():
        if isinstance(tag, Mapping):
            yield tag


def _through(pattern: str, read: Reader) -> Reader:
    try:
        through = compiled(pattern)
    except (re.error, RecursionError, OverflowError):
        return lambda data: None

    def group(data: Json) -> Json:
        text = read(data)
        found = through.match(text) if isinstance(text, str) else None
        return found.group(1) if found is not None and through.groups else None

    return group


def _as_set(fact: Json) -> Json:
    if not isinstance(fact, list | tuple):
        return fact
    kept = [each for each in fact if each != ""]
    try:
        return frozenset(kept)
    except TypeError:
        return kept


def problem_of_path(path: str) -> str:
    """Why a path cannot be read, or empty. A literal attribute name can always be read."""
    if path.startswith("tag:"):
        return "" if len(path) > 4 else "the tag has no name"
    try:
        getter(path)
    except PathRejected as rejected:
        return "" if _LITERAL_KEY.match(path) else str(rejected)
    return ""
