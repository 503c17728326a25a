"""A kind of thing on its way to a record: its listing, what identifies it, and how operations are told which one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.model.json import Json
from providers.aws.derive.api import Api, Op, Shape, is_list, is_text
from providers.aws.derive.listing import Listed
from providers.aws.derive.matching import ACCOUNT, BARE, GENERIC, RANK, best_name, ending, fits, identifiers, match
from providers.aws.derive.vocabulary import LIFECYCLE
from providers.aws.derive.words import flat, kebab, low


@dataclass(frozen=True)
class Above:
    """The parent: its thing, the list parameters it fills (parameter → its attribute), and what it leaves on the child.

    `copy`: child's attribute → attribute of the parent. `given`: parameter's plain name → attribute of the child.
    """

    thing: Thing
    with_: Mapping[str, str]
    copy: Mapping[str, str]
    given: Mapping[str, str]


@dataclass
class Thing:
    """One kind of thing of one service."""

    api: Api
    words: tuple[str, ...]
    listed: Listed
    id: str = ""
    arn: str = ""
    template: str = ""
    above: Above | None = None
    list_with: dict[str, Json] = field(default_factory=dict)
    kind: str = ""
    cfn: str = ""
    iam: str = ""

    @property
    def noun(self) -> str:
        """The noun as nouns are compared."""
        return "".join(self.words).lower()

    @property
    def word(self) -> str:
        """The policy's word."""
        return f"{self.api.service}.{kebab(self.words)}"

    @property
    def attributes(self) -> Mapping[str, Shape]:
        """What a listed thing has, its parent's copies included."""
        if self.above is None:
            return self.listed.attributes
        above = self.above.thing.attributes
        return {**{n: above[a] for n, a in self.above.copy.items()}, **self.listed.attributes}

    @property
    def depth(self) -> int:
        """How many parents there are above it."""
        return 0 if self.above is None else 1 + self.above.thing.depth

    def own(self, name: str, shape: Shape) -> tuple[int, str]:
        """The attribute of the thing itself that goes into an input."""
        return match(name, shape, identifiers(self.listed.attributes), self.noun)

    def supply(self, op: Op, least: int = 5) -> dict[str, Json] | None:
        """What fills everything that an operation requires, by parameter; None where something is missing.

        One of the parameters must say which of the things is meant.
        """
        required = op.required or self._optional(op)
        filled: dict[str, Json] = {}
        which = False
        for name in required:
            shape = op.input[name]
            path, is_own = self._filling(op, name, shape, least)
            if not path:
                return None
            which = which or is_own
            filled[name] = [path] if is_list(shape) else path
        return {**filled, **self._inside(op, filled)} if which else None

    def _inside(self, op: Op, filled: Mapping[str, Json]) -> dict[str, Json]:
        """Optional inputs that say inside which parent, for a thing whose id says it to nobody else.

        Left out, the service takes the caller's own (IAM's UserName), its default, or refuses.
        """
        if self.above is None or not self.inner_id or self.arn in filled.values():
            return {}
        left = {n: s for n, s in op.input.items() if n not in filled and is_text(s)}
        given = {name: self.above.given.get(low(name), "") for name in left}
        return {name: path for name, path in given.items() if path}

    @property
    def inner_id(self) -> bool:
        """Whether the id tells which only inside the parent."""
        return self.above is not None and self.id != self.arn and ending(self.id)[1] != "arn"

    def _filling(self, op: Op, name: str, shape: Shape, least: int) -> tuple[str, bool]:
        inner = shape.member if is_list(shape) else shape
        if getattr(inner, "enum", None):
            return "", False
        strength, attribute = self.own(name, shape)
        if op.noun != self.noun and not self._named(op, name, strength):
            strength = 0
        if self.above is not None and low(name) in self.above.given and strength < 9:
            return self.above.given[low(name)], False
        if strength == 3 and op.noun == self.noun and attribute == self.id and _takes(shape, attribute):
            strength = least
        is_another = attribute != self.id and low(attribute) not in ACCOUNT
        if low(name) in ACCOUNT and is_text(inner) and (strength < least or is_another):
            return "_account", False
        if strength >= least and attribute:
            return attribute, attribute in (self.id, self.arn)
        return "", False

    def _named(self, op: Op, name: str, strength: int) -> bool:
        """Whether an input of another noun's operation says this thing and no other: `clusterName`, not `WorkspaceId`
        of a workspace image.

        One called just Name or Id does where the operation's noun begins with the thing's and is nothing that is
        listed itself: GetQueuePolicy, but not DeleteJobRun of a job.
        """
        if low(name) in GENERIC:
            return strength >= 9 and op.noun.startswith(self.noun) and op.noun not in self.api.listed
        lead, end = ending(flat(name))
        if lead == self.noun:
            return strength >= 5
        return strength == 10 and bool(lead and end) and lead not in self.api.listed

    def _optional(self, op: Op) -> tuple[str, ...]:
        """Where nothing is required, the one optional input that is the id (Kinesis).

        It is the ARN, where that can be given: a name or id alone need not do (WAF's want the scope too).
        """
        found = [
            (attribute, name)
            for name, shape in op.input.items()
            for strength, attribute in [self.own(name, shape)]
            if strength >= 7 and attribute in (self.id, self.arn)
        ]
        if self.arn:
            found.sort(key=lambda each: each[0] != self.arn)
        return (found[0][1],) if found else ()


def _takes(shape: Shape, attribute: str) -> bool:
    """Whether an id's documentation or pattern says that it takes what the attribute is: an ARN, a name."""
    inner = shape.member if is_list(shape) else shape
    told = f"{shape.documentation} {inner.documentation} {inner.metadata.get('pattern', '')}".lower()
    end = ending(attribute)[1]
    return (end == "arn" and ("arn" in told or "amazon resource name" in told)) or (end == "name" and "name" in told)


def find_id(thing: Thing) -> str:
    """The attribute that the type's own operations take; else the one that is named like an id."""
    above = set(thing.above.given.values()) if thing.above is not None else set()
    own = {n: s for n, s in identifiers(thing.listed.attributes).items() if n not in above}
    for op in thing.api.of(thing.noun, *LIFECYCLE):
        if op.many and op.verb in ("Describe", "Get") and op.name == thing.listed.op.name:
            continue
        found = _from_inputs(thing, op, own)
        if found:
            return found
    return best_name(own, thing.noun, ("id", "identifier", "arn", "name", "url"))


def _from_inputs(thing: Thing, op: Op, own: Mapping[str, Shape]) -> str:
    best: tuple[float, int, str] = (0.0, 0, "")
    for name in op.required or tuple(op.input):
        shape = op.input[name]
        if getattr(shape, "enum", None) or "token" in low(name):
            continue
        strength, attribute = match(name, shape, own, thing.noun)
        if strength < 3 or not ending(attribute)[1]:
            continue
        lead, end = ending(flat(name))
        about = 2.0 if lead and fits(lead, thing.noun) else 0.0 if not lead else -4.0
        if not end and not fits(lead, thing.noun):
            about -= 2
        if lead != thing.noun and lead in thing.api.listed and len(op.required) > 1:
            about -= 6
        bare = not end or not op.required
        worth = (strength + about, -(BARE if bare else RANK)[ending(attribute)[1]])
        if worth > best[:2] and strength + about >= 3:
            best = (*worth, attribute)
    return best[2]


_OF_OTHERS = frozenset("association attachment assignment binding permission finding recommendation".split())  # noqa: SIM905


def _subject(thing: Thing) -> bool:
    """Whether a `ResourceArn` is what the thing is about, not the thing: whoever makes it gives it."""
    makers = thing.api.of(thing.noun, "Create", "Put", "Start", "Register", "Associate")
    return any(low(name) == "resourcearn" for op in makers for name in op.input)


def find_arn(thing: Thing) -> str:
    """The attribute that is the thing's ARN."""
    own = [n for n, s in thing.listed.attributes.items() if is_text(s)]
    found = best_name(own, thing.noun, ("arn",))
    if found or thing.words[-1].lower() in _OF_OTHERS or _subject(thing):
        return found
    return next((n for n in own if low(n) == "resourcearn"), "")
