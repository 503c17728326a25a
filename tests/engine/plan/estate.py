"""A synthetic account: the door and the connection of real record types over resources held in memory.

The door honours what is pushed down to it (EC2's `Filters` with their wildcards, plain parameters), so that a condition
which should not have been pushed loses resources and shows. It refuses parameters that no record names.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind
from engine.model.fact import Failed
from engine.model.json import Attributes, Json
from engine.model.need import ContentNeed, FacetNeed, MetricNeed, PopulationNeed, RelatedNeed
from engine.model.record import ResourceType
from engine.model.resource import Resource
from engine.plugin.paths import getter, roots
from engine.plugin.protocols import Request, Tell
from engine.plugin.tagging import tags_of
from providers.aws import PROVIDER
from tests.facts import fact as as_fact

MOST_FILTER_VALUES = 200
"""Source: EC2 API, Filter."""


@dataclass
class Thing:
    """One resource: what the listing says, what its facets say (a `Failed` for a denied one), and its series."""

    attributes: dict[str, Json]
    facets: dict[str, Json] = field(default_factory=dict)
    metrics: dict[str, Json] = field(default_factory=dict)


@dataclass
class Estate:
    """Everything in the account: things by type, documents by URL, and the page size of every list call.

    `denied`: types whose list call is refused. It is its own connection.
    """

    things: dict[str, list[Thing]]
    documents: dict[str, Json] = field(default_factory=dict)
    page: int = 1000
    denied: frozenset[str] = frozenset()
    account: str = "123456789012"

    def __post_init__(self) -> None:
        self.known_account = self.account
        self.door = DoubleDoor(self)
        self.asked: list[tuple[str, str]] = []
        self._lock = threading.Lock()

    def regions(self, wanted: Sequence[str]) -> Sequence[str]:
        """Those wanted."""
        return tuple(wanted) or ("us-east-1",)

    def home(self, region: str) -> str:
        """Of the partition that is meant in tests."""
        return "us-gov-west-1" if region.startswith("us-gov-") else "us-east-1"

    def reaches(self, type: ResourceType, region: str) -> bool:
        """Always."""
        return True

    def rows(self, type: ResourceType, body: Json) -> list[dict[str, Json]]:
        """There is no other source here."""
        raise AssertionError(type.list.form)

    def thing(self, type: ResourceType, id: str) -> Thing:
        """One resource by its id."""
        return next(t for t in self.things[type.word] if str(t.attributes[type.identity.id]) == id)

    def gather(self, requests: Sequence[Request], tell: Tell) -> None:
        """Facts as the world has them, each told once."""
        for request in requests:
            for resource, attributes in request.resources:
                with self._lock:
                    self.asked.append((resource.ref.id, repr(request.need)))
                tell(resource, request.need, as_fact(self._fact(request, resource, attributes)))

    def _fact(self, request: Request, resource: Resource, attributes: Attributes) -> Json:
        need, type = request.need, request.type
        thing = self.thing(type, resource.ref.id)
        if isinstance(need, FacetNeed):
            return thing.facets.get(need.facet)
        if isinstance(need, MetricNeed):
            dimensions = type.metrics.dimensions.values() if type.metrics else ()
            if any(getter(path)(attributes) is None for path in dimensions):
                return Failed("it lacks an attribute that its metric's dimensions need")
            return thing.metrics.get(need.name, [])
        if isinstance(need, RelatedNeed):
            join = type.joins[need.join]
            found = {str(getter(join.attribute or PROVIDER.type(join.type).identity.id)(o)): o
                     for o in self._whole(join.type)}  # fmt: skip
            return [(each, found.get(each)) for each in dict.fromkeys(flat(getter(join.ids)(attributes)))]
        if isinstance(need, PopulationNeed):
            if need.type in self.denied:
                return Failed(f"{need.type} could not be listed")
            return frozenset(v for o in self._whole(need.type) for v in flat(getter(need.path)(o)))
        if isinstance(need, ContentNeed):
            return self.documents.get(need.url, Failed(f"{need.url}: there is no such document"))
        raise AssertionError(f"the double cannot gather {need}")

    def _whole(self, word: str) -> list[Attributes]:
        type = PROVIDER.type(word)
        details = [name for name, facet in type.facets.items() if not facet.attribute]
        return [
            {**t.attributes, **{k: v for d in details for k, v in (t.facets.get(d) or {}).items()}}
            for t in self.things.get(type.word, ())
        ]


def flat(value: Json) -> list[str]:
    """Every text in nested lists, nulls left out."""
    if isinstance(value, list | tuple):
        return [each for inner in value for each in flat(inner)]
    return [] if value is None else [str(value)]


class DoubleDoor:
    """Answers list calls, filters honoured; any other call is a mistake of the test or of the engine."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.by_call = {(t.list.service or t.service, t.list.call): t for t in map(PROVIDER.type, estate.things)}
        self.calls: list[Call] = []

    def change(self, call: Call, token: str) -> dict[str, Json]:
        """Once."""
        return self.perform(call)

    def perform(self, call: Call) -> dict[str, Json]:
        """No single call is expected."""
        raise AssertionError(f"a call that the double does not know: {call} {call.params}")

    def pages(self, call: Call) -> Iterator[dict[str, Json]]:
        """The answers to a list call, a page at a time."""
        self.calls.append(call)
        type = self.by_call[call.service, call.operation]
        if type.word in self.estate.denied:
            raise CallFailed(call.service, call.operation, FailureKind.DENIED, "AccessDenied", "no")
        self._check(call, type)
        found = [t.attributes for t in self.estate.things[type.word] if self._answers(t.attributes, call, type)]
        for at in range(0, max(len(found), 1), self.estate.page):
            yield _body(type, found[at : at + self.estate.page])

    def _check(self, call: Call, type: ResourceType) -> None:
        known = {*type.list.page, *type.list.with_, "Filters", *(p.param for p in type.list.push.values())}
        assert set(call.params) <= known, f"parameters that the list call does not have: {call.params}"
        filters = call.params.get("Filters", [])
        if sum(len(f["Values"]) for f in filters) > MOST_FILTER_VALUES:
            raise CallFailed(call.service, call.operation, FailureKind.INVALID, "FilterLimitExceeded", "too many")
        assert all(isinstance(v, str) and v for f in filters for v in f["Values"]), filters

    def _answers(self, attributes: Attributes, call: Call, type: ResourceType) -> bool:
        filters = call.params.get("Filters", [])
        if not all(_passes(each, attributes, type) for each in filters):
            return False
        for key, push in type.list.push.items():
            if push.param and push.param in call.params:
                value, wanted = getter(key)(attributes), call.params[push.param]
                assert isinstance(wanted, str), wanted
                if not (str(value).startswith(wanted) if push.param.endswith("Prefix") else value == wanted):
                    return False
        return True


def _passes(entry: Mapping[str, Json], attributes: Attributes, type: ResourceType) -> bool:
    """EC2's own comparison: case-sensitive, `*` and `?` are wildcards, a backslash takes their meaning away."""
    name = entry["Name"]
    if name.startswith("tag:"):
        value = tags_of(attributes).get(name.removeprefix("tag:"))
    else:
        paths = [key for key, push in type.list.push.items() if push.filter == name and not push.empty]
        assert len(paths) == 1, f"the API has no filter {name}"
        value = getter(paths[0])(attributes)
    if value is None:
        return False
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return any(re.fullmatch(_pattern(v), text, re.DOTALL) for v in entry["Values"])


def _pattern(text: str) -> str:
    parts = re.findall(r"\\.|.", text, re.DOTALL)
    return "".join(".*" if p == "*" else "." if p == "?" else re.escape(p[-1]) for p in parts)


def _body(type: ResourceType, found: Sequence[Attributes]) -> dict[str, Json]:
    items: list[Json] = [dict(each) for each in found]
    if type.list.item:
        items = [each[type.list.item] for each in found]
    if type.list.inner:
        items = [{"ReservationId": f"r-{i}", type.list.inner: [each]} for i, each in enumerate(items)]
    members = roots(type.list.items) - {"@"} if type.list.items else frozenset()
    return {**dict.fromkeys(members, items), type.list.items: items}
