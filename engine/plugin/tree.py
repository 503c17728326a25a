"""A filter tree: leaves are filters, blocks are and / or / not. Read by `lang`, judged here one resource at a time.

`engine.executor.judge` judges whole sets (for reduce and counts); this is the part that filters themselves need, for
trees inside a filter (`list-item`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from engine.model.fact import defect
from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import FacetNeed, Need
from engine.model.node import Node
from engine.model.record import ResourceType
from engine.model.span import Span
from engine.model.verdict import Kind, Verdict, every, negate, some, unknown
from engine.plugin.attributes import prerequisites
from engine.plugin.protocols import Filter, Finds, Missing, SetFilter, Setting, View


@dataclass(frozen=True, slots=True)
class Leaf:
    """One filter: the policy's word for it, the piece that judges, and the text it was read from.

    `facets` are those of its needs that fill attributes: while one is pending or failed, the attributes cannot be
    trusted and the filter is not asked at all.
    """

    word: str
    piece: Filter | SetFilter
    node: Node
    facets: tuple[FacetNeed, ...] = ()

    @property
    def span(self) -> Span:
        """Where the filter stands."""
        return self.node.span


@dataclass(frozen=True, slots=True)
class Block:
    """`and`, `or`, or `not` (which negates the `and` of its members)."""

    op: Literal["and", "or", "not"]
    children: tuple[FilterTree, ...]
    span: Span


FilterTree: TypeAlias = Leaf | Block


def leaves(tree: FilterTree) -> Iterator[Leaf]:
    """Every leaf, in the order written."""
    if isinstance(tree, Leaf):
        yield tree
    else:
        for child in tree.children:
            yield from leaves(child)


def facets_of(piece: Filter | SetFilter, type: ResourceType) -> tuple[FacetNeed, ...]:
    """The needs of a piece that fill attributes; those that others are asked with come first."""
    facets = (n for n in piece.needs(type) if isinstance(n, FacetNeed))
    return tuple(sorted(facets, key=lambda n: (bool(prerequisites(n, type)), n.facet)))


def needs_of(tree: FilterTree, type: ResourceType) -> frozenset[Need]:
    """The union of the leaves' needs."""
    return frozenset(need for leaf in leaves(tree) for need in leaf.piece.needs(type))


def judge_leaf(leaf: Leaf, view: View, setting: Setting) -> Verdict:
    """One filter's verdict; the one place where a missing fact becomes UNKNOWN."""
    ask: Callable[[View, Setting], Verdict] | None = getattr(leaf.piece, "judge", None)
    if ask is None:  # not isinstance: a protocol takes half of a run's time to look at
        raise TypeError(f"{leaf.word} judges sets of resources, not one")
    try:
        for need in leaf.facets:
            view.fact(need)
        return ask(view, setting)
    except Missing as missing:
        return missing.verdict
    except Exception as error:  # a bug in one filter must not end the run, nor let its resource through
        return unknown(defect(f"judging {leaf.word}", error))


def judge(tree: FilterTree, view: View, setting: Setting) -> Verdict:
    """The verdict of a tree on one resource. The tree must hold no SetFilter."""
    if isinstance(tree, Leaf):
        return judge_leaf(tree, view, setting)
    verdicts = (judge(child, view, setting) for child in tree.children)
    if tree.op == "or":
        return some(verdicts)
    return negate(every(verdicts)) if tree.op == "not" else every(verdicts)


def finds(trees: Sequence[FilterTree]) -> frozenset[str]:
    """The names under which filters can say what they found; those under `not` cannot."""
    return frozenset(leaf.piece.finds for leaf in _finding(trees))


def found_by(trees: Sequence[FilterTree], view: View, setting: Setting) -> dict[str, list[Json]]:
    """What the filters that a resource passes found on it, by its name, each once, in the order written.

    Of filters that narrow (those on the elements of a list), only what all of them found.
    """
    found: dict[str, list[Json]] = {}
    for leaf in _finding(trees):
        if judge_leaf(leaf, view, setting).kind is not Kind.MATCH:
            continue
        name, new = leaf.piece.finds, leaf.piece.found(view, setting)
        if name in found and getattr(leaf.piece, "NARROWS", False):
            found[name] = [each for each in found[name] if each in new]
            continue
        here = found.setdefault(name, [])
        here += [each for each in new if each not in here]
    return found


def _finding(trees: Sequence[FilterTree]) -> Iterator[Any]:
    for tree in trees:
        if isinstance(tree, Block):
            yield from _finding(tree.children) if tree.op != "not" else ()
        elif isinstance(tree.piece, Finds):
            yield tree


def evidence(tree: FilterTree, view: View, setting: Setting) -> Evidence:
    """Why a tree said what it said of one resource, member by member."""
    if isinstance(tree, Leaf):
        try:
            for need in tree.facets:
                view.fact(need)
            return tree.piece.evidence(view, setting)
        except Missing as missing:
            said, expected = (getattr(tree.piece, name, "") for name in ("sentence", "expected"))
            text = said if isinstance(said, str) and said else tree.word
            return Evidence(text, missing.verdict, expected if isinstance(expected, str) else "", source="")
        except Exception as error:  # as in `judge_leaf`
            return Evidence(tree.word, unknown(defect(f"explaining {tree.word}", error)), source="")
    children = tuple(evidence(child, view, setting) for child in tree.children)
    verdicts = [c.verdict for c in children]
    verdict = some(verdicts) if tree.op == "or" else every(verdicts)
    return Evidence(tree.op, negate(verdict) if tree.op == "not" else verdict, children=children)
