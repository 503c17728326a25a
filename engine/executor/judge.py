"""Which of these resources match? Trees on whole sets, so that reduce and counts see what is left at their place."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.verdict import MATCH, Kind, Verdict, every, negate, some, unknown
from engine.plugin.protocols import Filter, Missing, SetFilter, Setting, View
from engine.plugin.tree import Block, FilterTree, Leaf, judge_leaf, leaves


def judge_all(trees: Sequence[FilterTree], views: Sequence[View], setting: Setting) -> list[Verdict]:
    """One verdict for each view: the `and` of the trees, in the order written where order can be seen."""
    return _and(trees, views, setting)


def _judge(tree: FilterTree, views: Sequence[View], setting: Setting) -> list[Verdict]:
    if isinstance(tree, Leaf):
        return _leaf(tree, views, setting)
    if tree.op == "or":
        columns = [_judge(child, views, setting) for child in tree.children]
        return [some(column[i] for column in columns) for i in range(len(views))]
    verdicts = _and(tree.children, views, setting)
    return [negate(v) for v in verdicts] if tree.op == "not" else verdicts


def _leaf(leaf: Leaf, views: Sequence[View], setting: Setting) -> list[Verdict]:
    if isinstance(leaf.piece, Filter):
        return [judge_leaf(leaf, view, setting) for view in views]
    found: list[Verdict] = []
    for view in views:
        try:
            for need in leaf.facets:
                view.fact(need)
        except Missing as missing:
            found.append(missing.verdict)
    if found:  # the set cannot be judged while one of its members is not known
        return [unknown(*(c for v in found for c in v.causes), pending=leaf.facets)] * len(views)
    try:
        return list(leaf.piece.judge_all(views, setting))
    except Missing as missing:
        return [missing.verdict] * len(views)


def _and(trees: Sequence[FilterTree], views: Sequence[View], setting: Setting) -> list[Verdict]:
    verdicts = [MATCH] * len(views)
    for tree in trees:
        left = [i for i, v in enumerate(verdicts) if v.kind is not Kind.NO_MATCH]
        if sees_set(tree) and any(verdicts[i].kind is Kind.UNKNOWN for i in left):
            undecided = sum(verdicts[i].kind is Kind.UNKNOWN for i in left)
            cause = f"{undecided} resources before it could not be judged, so the set is not known"
            told = [unknown(cause)] * len(left)
        else:
            told = _judge(tree, [views[i] for i in left], setting)
        for i, verdict in zip(left, told, strict=True):
            verdicts[i] = every((verdicts[i], verdict))
    return verdicts


def sees_set(tree: FilterTree) -> bool:
    """Whether a filter in the tree judges sets."""
    if isinstance(tree, Block):
        return any(isinstance(leaf.piece, SetFilter) for leaf in leaves(tree))
    return isinstance(tree.piece, SetFilter)
