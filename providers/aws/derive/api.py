"""One service's operations as the rules see them: verb, noun, inputs, outputs; and its operations by noun.

Shapes are botocore's, asked by their attributes only (`type_name`, `members`, `member`, `required_members`, `enum`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from providers.aws.adapter.sdk_model import Pagination, SdkModel
from providers.aws.derive.vocabulary import QUALIFIERS, READS, VERBS, WRAPPERS
from providers.aws.derive.words import flat, low, plural, singular, split

Shape = Any
SCALARS = frozenset({"string", "integer", "long", "float", "double", "boolean", "timestamp"})


def is_text(shape: Shape) -> bool:
    """Whether a shape is a string."""
    return bool(shape.type_name == "string")


def is_table(shape: Shape) -> bool:
    """Whether a shape is a structure."""
    return bool(shape.type_name == "structure")


def is_list(shape: Shape) -> bool:
    """Whether a shape is a list."""
    return bool(shape.type_name == "list")


def members(shape: Shape | None) -> Mapping[str, Shape]:
    """A structure's members; none for anything else."""
    return shape.members if shape is not None and shape.type_name == "structure" else {}


@dataclass(frozen=True)
class Op:
    """One operation.

    `words`: its noun as AWS spells it, the last word in the singular; `many`: that word is a plural; `beside`: what
    follows a qualifier (`ByName`). `streams`: its answer is a content (an object's bytes), not facts.
    """

    name: str
    verb: str
    words: tuple[str, ...]
    beside: tuple[str, ...]
    many: bool
    input: Mapping[str, Shape]
    required: tuple[str, ...]
    output: Mapping[str, Shape]
    errors: tuple[str, ...] = ()
    deprecated: bool = False
    streams: bool = False

    @property
    def noun(self) -> str:
        """The noun in lower case, run together: what nouns are compared by."""
        return "".join(self.words).lower()


def parse(name: str, others: Collection[str] = ()) -> tuple[str, tuple[str, ...], tuple[str, ...], bool]:
    """An operation's name as verb, noun words, qualifier words, and whether the noun is a plural.

    `ListQueueNames` lists queues; `GetDomainNames` lists domain names, as `DeleteDomainName` among the `others` tells.
    """
    parts = [p for p in split(name) if not (p[0] == "V" and p[1:].isdigit())] or [name]
    start = 2 if parts[0] == "Batch" and len(parts) > 1 and parts[1] in VERBS else 1
    rest = parts[start:]
    if len(rest) > 1 and rest[0] == "All":
        rest = rest[1:]
    if len(rest) > 1 and rest[-1] in ("Names", "Arns", "Ids") and f"Delete{''.join(rest)[:-1]}" not in others:
        rest = [*rest[:-2], rest[-2] + "s"]
    cut = next((i for i, p in enumerate(rest) if i and p in QUALIFIERS), len(rest))
    noun, beside = rest[:cut], rest[cut:]
    if not noun:
        return "".join(parts[:start]), (), tuple(beside), False
    last = noun[-1]
    return "".join(parts[:start]), (*noun[:-1], _cased(last)), tuple(beside), plural(last)


def _cased(word: str) -> str:
    one = singular(word)
    return word[: len(one)] if word.lower().startswith(one) else one


def thing_of(shape_name: str) -> str:
    """What a structure's name says it holds: `DBClusterSummary` → `dbcluster`."""
    parts = split(shape_name)
    while len(parts) > 1 and singular(parts[-1]) in WRAPPERS:
        parts = parts[:-1]
    return "".join([*(p.lower() for p in parts[:-1]), singular(parts[-1])]) if parts else ""


def body_of(op: Op, noun: str) -> tuple[str, Mapping[str, Shape]]:
    """The part of an answer that is the thing: its one structure, or the one named so; else the whole answer."""
    tables = {n: s for n, s in op.output.items() if is_table(s) and n != "ResponseMetadata"}
    named = [n for n, s in tables.items() if noun in (flat(n), thing_of(s.name)) or low(n).startswith(noun)]
    if len(op.output) == 1 and len(tables) == 1:
        named = list(tables)
    scalars = [n for n, s in op.output.items() if is_text(s)]
    if named and (len(op.output) - len(named) <= 3 or len(scalars) <= 1):
        return named[0], members(tables[named[0]])
    return "", op.output


@dataclass
class Api:
    """One service's operations."""

    sdk: SdkModel
    service: str
    ops: Mapping[str, Op] = field(init=False)

    def __post_init__(self) -> None:
        """Read every operation."""
        names = frozenset(self.sdk.operations(self.service))
        self.ops = {name: self._op(name, names) for name in sorted(names)}

    def _op(self, name: str, names: Collection[str]) -> Op:
        model = self.sdk.operation(self.service, name)
        assert model is not None
        verb, noun, beside, many = parse(name, names)
        given = members(model.input_shape)
        required = model.input_shape.required_members if model.input_shape is not None else ()
        errors = tuple(sorted(str((e.metadata.get("error") or {}).get("code") or e.name) for e in model.error_shapes))
        return Op(
            name, verb, noun, beside, many, given,
            tuple(m for m in required if not given[m].metadata.get("idempotencyToken")),
            members(model.output_shape), errors, bool(model.deprecated),
            model.has_streaming_output or model.has_event_stream_output,
        )  # fmt: skip

    @cached_property
    def by_noun(self) -> Mapping[str, Sequence[Op]]:
        """Operations by noun, those without a qualifier first."""
        found: dict[str, list[Op]] = {}
        for op in sorted(self.ops.values(), key=lambda o: (bool(o.beside), o.name)):
            if not op.deprecated:
                found.setdefault(op.noun, []).append(op)
        return found

    @cached_property
    def listed(self) -> frozenset[str]:
        """Nouns that a list operation has: what an identifier may be of."""
        return frozenset(
            op.noun for op in self.ops.values() if op.verb in READS and (op.many or op.verb == "List") and not op.beside
        )

    def of(self, noun: str, *verbs: str) -> Iterator[Op]:
        """The noun's operations with one of the verbs, in the verbs' order."""
        known = self.by_noun.get(noun, ())
        for verb in verbs:
            yield from (op for op in known if op.verb == verb)

    def pages(self, op: Op) -> Pagination | None:
        """How an operation pages."""
        return self.sdk.pagination(self.service, op.name)
