"""Which of these resources match? Trees on whole sets, so that reduce and counts see what is left at their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from engine.model.fact import defect
from engine.model.need import Need
from engine.model.verdict import MATCH, Kind, Verdict, every, negate, some, unknown
from engine.plugin.protocols import Filter, Missing, SetFilter, Setting, View
from engine.plugin.tree import Block, FilterTree, Leaf, judge_leaf, leaves

Asks: TypeAlias = dict[int, frozenset[Need]]
"""id of a view → what must be known of it before a set that it may belong to can be judged.

A view's own verdict may be decided without that (another member of an `or` holds), so its `pending` does not tell.
"""


def judge_all(
    trees: Sequence[FilterTree], views: Sequence[View], setting: Setting, asks: Asks | None = None
) -> list[Verdict]:
    """One verdict for each view: the `and` of the trees, in the order written where order can be seen.

    `asks` is filled with what filters that judge sets still wait for.
    """
    return _and(trees, views, setting, {} if asks is None else asks)


def _judge(tree: FilterTree, views: Sequence[View], setting: Setting, asks: Asks) -> list[Verdict]:
    if isinstance(tree, Leaf):
        return _leaf(tree, views, setting, asks)
    if tree.op == "or":
        columns = [_judge(child, views, setting, asks) for child in tree.children]
        return [some(column[i] for column in columns) for i in range(len(views))]
    verdicts = _and(tree.children, views, setting, asks)
    return [negate(v) for v in verdicts] if tree.op == "not" else verdicts


def _leaf(leaf: Leaf, views: Sequence[View], setting: Setting, asks: Asks) -> list[Verdict]:
    if isinstance(leaf.piece, Filter):
        return [judge_leaf(leaf, view, setting) for view in views]
    found: list[Verdict] = []
    for view in views:
        try:
            for need in leaf.facets:
                view.fact(need)
        except Missing as missing:
            found.append(missing.verdict)
            _ask(asks, view, frozenset(leaf.facets) if missing.verdict.pending else frozenset())
    if found:  # the set cannot be judged while one of its members is not known
        return [unknown(*(c for v in found for c in v.causes), pending=leaf.facets)] * len(views)
    try:
        return list(leaf.piece.judge_all(views, setting))
    except Missing as missing:
        return [missing.verdict] * len(views)
    except Exception as error:  # as in `judge_leaf`
        return [unknown(defect(f"judging {leaf.word}", error))] * len(views)


def _and(trees: Sequence[FilterTree], views: Sequence[View], setting: Setting, asks: Asks) -> list[Verdict]:
    verdicts = [MATCH] * len(views)
    for tree in trees:
        left = [i for i, v in enumerate(verdicts) if v.kind is not Kind.NO_MATCH]
        if sees_set(tree) and any(verdicts[i].kind is Kind.UNKNOWN for i in left):
            undecided = [i for i in left if verdicts[i].kind is Kind.UNKNOWN]
            for i in undecided:
                _ask(asks, views[i], verdicts[i].pending)
            cause = f"{len(undecided)} resources before it could not be judged, so the set is not known"
            told = [unknown(cause)] * len(left)
        else:
            told = _judge(tree, [views[i] for i in left], setting, asks)
        for i, verdict in zip(left, told, strict=True):
            verdicts[i] = every((verdicts[i], verdict))
    return verdicts


def _ask(asks: Asks, view: View, needs: frozenset[Need]) -> None:
    asks[id(view)] = asks.get(id(view), frozenset()) | needs


def sees_set(tree: FilterTree) -> bool:
    """Whether a filter in the tree judges sets."""
    if isinstance(tree, Block):
        return any(isinstance(leaf.piece, SetFilter) for leaf in leaves(tree))
    return isinstance(tree.piece, SetFilter)
