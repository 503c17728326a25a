"""Trees on whole sets: order where it can be seen, unknowns before a set, and what must be asked first."""

from __future__ import annotations

from engine.executor.item import Item
from engine.executor.judge import Asks, judge_all
from engine.lang.check import Environment, check
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import FacetNeed
from engine.model.resource import Resource, ResourceRef
from engine.model.verdict import Kind
from engine.plugin.discover import catalog
from engine.plugin.protocols import Setting
from tests.facts import fact as as_fact

from .cloud import NOW, SCOPE, parsed

PROTECTED = FacetNeed("termination-protection")
ONE: Json = {"type": "reduce", "sort-by": "InstanceId", "limit": 1}


def judged(
    filters: list[Json], *states: str, facts: dict[int, Json] | None = None
) -> tuple[list[Kind], Asks, list[Item]]:
    """(verdict kinds, what is asked, the instances i-0, i-1 … in these states)."""
    (policy,) = parsed({"resource": "ec2", "filters": filters})
    checked, problems = check(policy, catalog(), Environment(now=NOW))
    assert checked is not None, problems
    type = checked.type
    items = [
        Item(Resource(ResourceRef("ec2", SCOPE, f"i-{n}"), {"InstanceId": f"i-{n}", "State": {"Name": state}}), type)
        for n, state in enumerate(states)
    ]
    for number, fact in (facts or {}).items():
        items[number].tell(PROTECTED, as_fact(fact))
    asks: Asks = {}
    verdicts = judge_all(checked.filters, items, Setting(type, SCOPE, NOW), asks)
    return [v.kind for v in verdicts], asks, items


def test_a_set_sees_what_is_left_at_its_place() -> None:
    """Before and after the state."""
    assert judged([{"State.Name": "running"}, ONE], "stopped", "running", "running")[0] == [
        Kind.NO_MATCH, Kind.MATCH, Kind.NO_MATCH,
    ]  # fmt: skip
    assert judged([ONE, {"State.Name": "running"}], "stopped", "running")[0] == [Kind.NO_MATCH, Kind.NO_MATCH]


def test_an_unknown_before_a_set_makes_all_that_are_left_unknown() -> None:
    """What was decided against stays so."""
    filters = [{"State.Name": "running"}, "termination-protected", ONE]
    kinds, _, _ = judged(filters, "running", "running", "stopped", facts={0: True, 1: Failed("denied")})
    assert kinds == [Kind.UNKNOWN, Kind.UNKNOWN, Kind.NO_MATCH]


def test_pending_facts_of_members_are_asked_for_even_where_the_member_is_decided() -> None:
    """A running instance matches by the `or` alone; the set that a stopped one waits for still must know of it."""
    filters: list[Json] = [{"or": [{"State.Name": "running"}, {"and": ["termination-protected", ONE]}]}]
    kinds, asks, items = judged(filters, "running", "stopped")
    assert kinds == [Kind.MATCH, Kind.UNKNOWN]
    assert {id(i): asks.get(id(i)) for i in items} == {id(i): frozenset({PROTECTED}) for i in items}
    kinds, _, _ = judged(filters, "running", "stopped", facts={0: True, 1: True})
    assert kinds == [Kind.MATCH, Kind.NO_MATCH]


def test_a_set_filters_own_facets_are_asked_for() -> None:
    """Of every member that lacks them."""
    sort: Json = {"type": "reduce", "sort-by": "DisableApiTermination", "limit": 1}
    kinds, asks, items = judged([sort], "running", "running", facts={0: True})
    assert kinds == [Kind.UNKNOWN, Kind.UNKNOWN]
    assert asks == {id(items[1]): frozenset({PROTECTED})}


def test_a_set_under_not() -> None:
    """All but the first."""
    assert judged([{"not": [ONE]}], "running", "running")[0] == [Kind.NO_MATCH, Kind.MATCH]


def test_no_filters_match_everything() -> None:
    """Also of nothing."""
    assert judged([], "running")[0] == [Kind.MATCH]
    assert judged([ONE])[0] == []
