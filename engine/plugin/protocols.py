"""The shapes of the pieces: Filter, Action, Provider and the ports through which the world is reached.

A filter states needs and judges facts; it never fetches and never writes on a resource. An action returns changes as
data. Both are frozen parameter classes (see `engine.plugin.params`): the class is the schema, the reader and the
documentation page at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from engine.model.call import Call
from engine.model.fact import Fact
from engine.model.finding import Evidence
from engine.model.json import Attributes, Json
from engine.model.need import Need
from engine.model.record import Operation, ResourceType
from engine.model.resource import Resource
from engine.model.scope import Scope
from engine.model.verdict import Verdict

if TYPE_CHECKING:
    from engine.model.change import Change, Skip


class Missing(Exception):
    """A fact is not there: `verdict` is what a judge must answer instead.

    Raised by `View.fact`; caught in one place, where a filter is judged, and turned into that verdict.
    """

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict


class View(Protocol):
    """One resource as a filter sees it: its attributes joined with the gathered facets, and its facts."""

    @property
    def resource(self) -> Resource:
        """The frozen snapshot."""

    @property
    def attributes(self) -> Attributes:
        """The listing's attributes and the facets gathered so far, under their attribute names; read-only.

        Tags stand under `Tags` as `[{Key, Value}]`, whatever the service calls them.
        """

    def fact(self, need: Need) -> Json:
        """The gathered fact. Raises Missing when it is pending or could not be had."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a piece may know when it is judged: the type, the scope, the clock, the event, the policy's text.

    `found`: for actions, what the policy's filters have found on the resource (see `Finds`), by its name.
    """

    type: ResourceType
    scope: Scope
    now: datetime
    policy: Mapping[str, Json] = field(default_factory=dict)
    event: Json = None
    types: Callable[[str], ResourceType] | None = None
    found: Mapping[str, Sequence[Json]] = field(default_factory=dict)


@runtime_checkable
class Filter(Protocol):
    """Judges one resource at a time."""

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """What must be known beyond the listing; the same for every resource of the type."""

    def judge(self, view: View, setting: Setting) -> Verdict:
        """The verdict on one resource. No network, no clock, no writes; total: raises nothing but Missing."""

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """Why: expected and observed, for a person."""


@runtime_checkable
class SetFilter(Protocol):
    """Judges all resources that are left at its place in the chain (reduce, resource counts)."""

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """As for Filter."""

    def judge_all(self, views: Sequence[View], setting: Setting) -> Sequence[Verdict]:
        """One verdict for each view, in order."""

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """What the filter asks for (it cannot say more of one resource alone)."""


@runtime_checkable
class Finds(Protocol):
    """A filter that can say which parts of a resource made it match, for actions on what was `matched`."""

    @property
    def finds(self) -> str:
        """What they are: `statements`, `accounts`, or the name of the join that leads to them."""

    def found(self, view: View, setting: Setting) -> Sequence[Json]:
        """Those parts of a resource that matches: ids, or the statements themselves."""


class Action(Protocol):
    """Turns matched resources into changes, as data."""

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """Facts that the change must know (present tags, the value an inverse writes back)."""

    def must_know(self, type: ResourceType) -> frozenset[Need]:
        """Those needs without which it keeps away; the others only serve the inverse and what is skipped."""

    def change(self, view: View, setting: Setting) -> Change | Skip:
        """What to do to this resource, or why nothing."""


@runtime_checkable
class Operates(Protocol):
    """An action that makes operations of its own, so that plans know the calls."""

    def operations(self, type: ResourceType) -> Sequence[Operation]:
        """Every operation it may make on a resource of the type."""


class Door(Protocol):
    """The port to AWS: performs calls. Raises CallFailed, nothing else."""

    def perform(self, call: Call) -> dict[str, Json]:
        """One request, one answer (parsed as botocore does, without ResponseMetadata)."""

    def change(self, call: Call, token: str) -> dict[str, Json]:
        """One call that changes something. `token` is equal for every sending of it and different for any other.

        The failure's `sent` is None where it may have been done.
        """

    def pages(self, call: Call) -> Iterator[dict[str, Json]]:
        """All pages of a list call, one request each."""


Tell: TypeAlias = Callable[[Resource, Need, Fact], None]
"""Where gathered facts go. May be called from any thread."""


@dataclass(frozen=True, slots=True)
class Request:
    """Facts wanted: a need, the resources it is wanted for, and their attributes as joined so far.

    `population` is how many resources the listing gave so far: it decides whether asking for all at once is cheaper.
    """

    need: Need
    type: ResourceType
    resources: Sequence[tuple[Resource, Attributes]]
    setting: Setting
    population: int = 0


class Connection(Protocol):
    """One set of credentials: where it reaches, and how facts are gathered through it."""

    @property
    def door(self) -> Door:
        """Through which every call goes."""

    @property
    def account(self) -> str:
        """The account's id; asks AWS on first use when nothing else told it."""

    @property
    def known_account(self) -> str:
        """The account's id if it is known without asking AWS, else empty."""

    def regions(self, wanted: Sequence[str]) -> Sequence[str]:
        """The regions to run in: those wanted, every enabled one for `all`, the configured one for none."""

    def home(self, region: str) -> str:
        """The region in which the global services of a region's partition are asked."""

    def reaches(self, type: ResourceType, region: str) -> bool:
        """Whether the type's service exists in the region."""

    def rows(self, type: ResourceType, body: Json) -> list[dict[str, Json]]:
        """The resources of an answer whose form only the provider reads (`Listing.form`), as attributes."""

    def gather(self, requests: Sequence[Request], tell: Tell) -> None:
        """Gather facts: one for each resource of each request; a failure is a fact too, and is never raised."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Whom to be: a profile, a role to assume, an endpoint instead of AWS's; or a boto3-like session factory."""

    profile: str = ""
    assume: str = ""
    external_id: str = ""
    endpoint: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    account: str = ""
    factory: Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True)
class TypeLine:
    """One resource type in a list: its word and other names, its service and kind, and who made its record.

    `category`, `kind` and `origin` as in `ResourceType`.
    """

    word: str
    service: str
    summary: str
    category: str = ""
    kind: str = "resource"
    origin: str = "curated"
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Misfit:
    """What a call's parameters have wrong: at which option of the action, in a sentence, and what to do.

    `strange`: the models know no such name, which newer ones may.
    """

    option: str
    text: str
    hint: str
    strange: bool = False


class Retired(KeyError):
    """A resource type that was, and is no more; the text says what has become of it."""

    def __init__(self, word: str, reason: str) -> None:
        super().__init__(reason)
        self.word, self.reason = word, reason


class Provider(Protocol):
    """A cloud: its types by word, and connections to it."""

    def overview(self) -> Sequence[TypeLine]:
        """Every type once, sorted by word; reads all records, makes none."""

    def attributes(self, type: ResourceType) -> Mapping[str, str]:
        """What its resources can have, by path to the second level (`State.Name`), each with its JSON type.

        Told by the provider's own models; empty where they tell nothing.
        """

    def misfits(
        self, service: str, operation: str, params: Mapping[str, Json], later: Set[str] = frozenset()
    ) -> Sequence[Misfit]:
        """What the API would refuse of a call; `later` are parameters whose values come with each resource."""

    def words(self) -> Sequence[str]:
        """Every type's word, aliases included, sorted."""

    def type(self, word: str) -> ResourceType:
        """The record of a word or alias (with or without the provider's prefix). Raises KeyError, Retired among it."""

    def sourced(self, type: ResourceType, source: str, query: Sequence[Mapping[str, Json]] = ()) -> ResourceType | None:
        """The type as another source lists it (`config`, `cloudcontrol`), narrowed by the policy's query.

        None where that source does not know the type. Raises ValueError, with a sentence, for a query it cannot take.
        """

    def iam_actions(self, service: str, operation: str) -> Sequence[str]:
        """The IAM actions that an operation needs."""

    def connect(self, credentials: Credentials) -> Connection:
        """A connection; imports the SDK, makes no call."""
