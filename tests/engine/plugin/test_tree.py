"""Filter trees: leaves are asked, blocks combine, a missing fact is unknown."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from engine.model.finding import Evidence
from engine.model.json import Json
from engine.model.need import FacetNeed, Need, RelatedNeed
from engine.model.node import node_of
from engine.model.record import Facet, ResourceType
from engine.model.span import NOWHERE, Span
from engine.model.verdict import MATCH, NO_MATCH, Verdict, unknown
from engine.plugin.protocols import Missing, Setting, View
from engine.plugin.tree import (
    Block,
    FilterTree,
    Leaf,
    evidence,
    facets_of,
    finds,
    found_by,
    judge,
    judge_leaf,
    leaves,
    needs_of,
)
from tests.engine.filters.views import MACHINE, PlainView, setting

U = unknown("denied")
POLICY = FacetNeed("policy")


@dataclass(frozen=True)
class Says:
    """A filter that says what it was told to; counts how often it is asked."""

    verdict: Verdict
    wants: frozenset[Need] = frozenset()
    sentence: str = ""

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """Those given."""
        return self.wants

    def judge(self, view: View, setting: Setting) -> Verdict:
        """The one given, once its facts are there."""
        for need in self.wants:
            view.fact(need)
        return self.verdict

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """Just the verdict."""
        return Evidence("said", self.verdict)


class Sets:
    """A filter that judges sets."""

    def needs(self, type: ResourceType) -> frozenset[Need]:
        """None."""
        return frozenset()

    def judge_all(self, views: Sequence[View], setting: Setting) -> Sequence[Verdict]:
        """All of them."""
        return [MATCH for _ in views]

    def evidence(self, view: View, setting: Setting) -> Evidence:
        """Nothing to say."""
        return Evidence("sets", MATCH)


def leaf(verdict: Verdict = MATCH, *wants: Need, **more: Any) -> Leaf:
    piece = Says(verdict, frozenset(wants), **more)
    return Leaf("says", piece, node_of("says", Span("p.yml", 3)), facets_of(piece, MACHINE))


def block(op: Any, *children: FilterTree) -> Block:
    return Block(op, children, NOWHERE)


Y, N, Q = leaf(), leaf(NO_MATCH), leaf(U)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (Y, MATCH),
        (block("and"), MATCH),
        (block("or"), NO_MATCH),
        (block("not"), NO_MATCH),
        (block("and", Y, Q), U),
        (block("and", N, Q), NO_MATCH),
        (block("or", Y, Q), MATCH),
        (block("or", N, Q), U),
        (block("not", Y, N), MATCH),
        (block("not", Y, Y), NO_MATCH),
        (block("not", Q), U),
        (block("or", block("not", Y), block("and", Y, block("or", N, Y))), MATCH),
    ],
)
def test_judging(tree: FilterTree, expected: Verdict) -> None:
    assert judge(tree, PlainView({}), setting()) == expected
    assert evidence(tree, PlainView({}), setting()).verdict == expected


def test_a_missing_fact_is_unknown() -> None:
    """Whether a facet is missing before the filter is asked, or a fact that it asks for itself."""
    assert judge_leaf(leaf(MATCH, POLICY), PlainView({}), setting()) == unknown("no FacetNeed", pending=[POLICY])
    assert judge_leaf(leaf(MATCH, RelatedNeed("image")), PlainView({}), setting()) == unknown("no RelatedNeed")
    assert judge_leaf(leaf(MATCH, POLICY), PlainView({}, {POLICY: None}), setting()) == MATCH


def test_a_filter_with_a_missing_facet_is_not_asked() -> None:
    class Never(Says):
        def judge(self, view: View, setting: Setting) -> Verdict:
            raise AssertionError("asked")

    piece = Never(MATCH, frozenset({POLICY}))
    assert judge_leaf(Leaf("x", piece, node_of("x"), (POLICY,)), PlainView({}), setting()).pending == {POLICY}


def test_evidence_of_a_missing_fact_says_what_was_wanted() -> None:
    told = evidence(leaf(MATCH, POLICY, sentence="Policy is public"), PlainView({}), setting())
    assert (told.filter, told.verdict.causes, told.source) == ("Policy is public", ("no FacetNeed",), "")
    assert evidence(leaf(MATCH, POLICY), PlainView({}), setting()).filter == "says"


def test_evidence_has_a_member_for_each() -> None:
    told = evidence(block("or", Y, block("not", N)), PlainView({}), setting())
    assert [child.filter for child in told.children] == ["said", "not"]
    assert told.children[1].children[0].verdict == NO_MATCH


def test_a_set_filter_is_not_asked_of_one() -> None:
    with pytest.raises(TypeError, match="sets judges sets of resources, not one"):
        judge(Leaf("sets", Sets(), node_of("sets")), PlainView({}), setting())


def test_leaves_in_the_order_written() -> None:
    assert list(leaves(block("or", Y, block("not", N, block("and", Q))))) == [Y, N, Q]
    assert list(leaves(Y)) == [Y]
    assert Y.span == Span("p.yml", 3)


def test_needs_of_a_tree_are_its_leaves() -> None:
    related = RelatedNeed("image")
    tree = block("or", leaf(MATCH, POLICY), block("not", leaf(MATCH, related), Y))
    assert needs_of(tree, MACHINE) == {POLICY, related}


def test_only_facets_fill_attributes() -> None:
    other = FacetNeed("also")
    piece = Says(MATCH, frozenset({POLICY, RelatedNeed("image"), other}))
    assert facets_of(piece, MACHINE) == (other, POLICY)


def test_missing_carries_its_verdict() -> None:
    facts: Json = {}
    with pytest.raises(Missing) as told:
        PlainView({}, facts).fact(POLICY)
    assert told.value.verdict == unknown("no FacetNeed", pending=[POLICY])


@dataclass(frozen=True)
class Finding(Says):
    """A filter that finds parts of a resource."""

    parts: tuple[str, ...] = ()
    finds: str = "parts"

    def found(self, view: View, setting: Setting) -> tuple[str, ...]:
        """What it was given."""
        return self.parts


def finding(verdict: Verdict, *parts: str) -> Leaf:
    """A leaf that finds these parts."""
    return Leaf("finding", Finding(verdict, parts=parts), node_of("finding"))


@pytest.mark.parametrize(
    ("trees", "found"),
    [
        ([finding(MATCH, "a"), finding(MATCH, "b", "a")], {"parts": ["a", "b"]}),
        ([block("or", finding(NO_MATCH, "a"), finding(MATCH, "b"))], {"parts": ["b"]}),
        ([block("or", finding(unknown("?"), "a"), Y)], {}),
        ([block("not", finding(NO_MATCH, "a"))], {}),
    ],
)
def test_what_filters_found(trees: list[FilterTree], found: dict[str, list[str]]) -> None:
    """Of those that the resource passes, each part once; `not` finds nothing."""
    assert found_by(trees, PlainView({}), setting()) == found
    assert finds(trees) == (frozenset() if isinstance(trees[0], Block) and trees[0].op == "not" else {"parts"})


def test_facets_that_others_are_asked_with_come_first() -> None:
    """A filter waits for the first that is lacking: what another's parameters read must be it."""
    facets = {
        "detector": Facet("GetDetector", {"DetectorId": "Named"}, attribute="Detector"),
        "id": Facet("ListDetectors", {}, attribute="Named"),
    }
    record = dataclasses.replace(MACHINE, facets=facets)
    piece = Says(MATCH, frozenset({FacetNeed("detector"), FacetNeed("id")}))
    assert facets_of(piece, record) == (FacetNeed("id"), FacetNeed("detector"))
