"""A resource and the facts beside it."""

from __future__ import annotations

import pytest

from engine.executor.item import Item
from engine.model.fact import Failed
from engine.model.need import FacetNeed, MetricNeed
from engine.model.resource import Resource, ResourceRef
from engine.plugin.discover import catalog
from engine.plugin.protocols import Missing
from tests.facts import fact as as_fact

from .cloud import SCOPE

TAGS, DETAIL = FacetNeed("tags"), FacetNeed("detail")
METRIC = MetricNeed("AWS/DynamoDB", "M", "Sum", 1, 60)


def table(**attributes: object) -> Item:
    """A table as its listing gives it."""
    type = catalog().provider.type("dynamodb-table")
    return Item(Resource(ResourceRef("dynamodb-table", SCOPE, "t"), {"TableName": "t", **attributes}), type)


def test_facets_join_under_their_name_or_as_their_own_keys() -> None:
    """The snapshot itself stays as it was."""
    item = table()
    item.tell(TAGS, as_fact([{"Key": "a", "Value": "1"}]))
    item.tell(DETAIL, as_fact({"TableName": "t", "ItemCount": 7}))
    item.tell(METRIC, as_fact([1.0]))
    assert dict(item.attributes) == {
        "TableName": "t",
        "ItemCount": 7,
        "Tags": [{"Key": "a", "Value": "1"}],
        "c7n.metrics": {"AWS/DynamoDB.M.Sum.1": [{"Sum": 1.0}]},
    }
    assert dict(item.resource.attributes) == {"TableName": "t"}


def test_a_failed_facet_is_unknown_with_its_cause_and_joins_nothing() -> None:
    """Until another is told."""
    item = table()
    item.tell(TAGS, as_fact(Failed("denied")))
    assert "Tags" not in item.attributes
    with pytest.raises(Missing) as raised:
        item.fact(TAGS)
    assert raised.value.verdict.causes == ("denied",)
    assert not raised.value.verdict.pending
    item.tell(TAGS, as_fact(None))
    assert item.fact(TAGS) is None
    assert item.attributes["Tags"] is None


def test_a_fact_that_was_not_asked_for_is_pending() -> None:
    """The executor asks then."""
    with pytest.raises(Missing) as raised:
        table().fact(METRIC)
    assert raised.value.verdict.pending == {METRIC}


def test_offline_a_facet_is_what_the_resource_holds_or_none() -> None:
    """Metrics stay unknown."""
    type = catalog().provider.type("dynamodb-table")
    item = Item(Resource(ResourceRef("dynamodb-table", SCOPE, "t"), {"Tags": []}), type, offline=True)
    assert item.fact(TAGS) == []
    assert item.fact(DETAIL) is None
    with pytest.raises(Missing):
        item.fact(METRIC)


def test_with_tags() -> None:
    """On top of its own; None removes; the original stays."""
    item = table()
    item.tell(TAGS, as_fact([{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]))
    item.tell(METRIC, as_fact([1.0]))
    copy = item.with_tags({"a": None, "c": "3"})
    assert copy.fact(TAGS) == [{"Key": "b", "Value": "2"}, {"Key": "c", "Value": "3"}]
    assert copy.attributes["Tags"] == copy.fact(TAGS)
    assert copy.fact(METRIC) == [1.0]
    assert item.fact(TAGS) == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]


def test_with_tags_keeps_what_they_say_besides() -> None:
    """An Auto Scaling group's tags: a later action asks which of them propagate."""
    group = Resource(
        ResourceRef("asg", SCOPE, "g"),
        {"Tags": [{"Key": "a", "Value": "1", "PropagateAtLaunch": True}, {"Key": "b", "Value": "2"}]},
    )
    item = Item(group, catalog().provider.type("asg")).with_tags({"a": "9", "b": None, "c": "3"})
    assert item.attributes["Tags"] == [
        {"Key": "a", "Value": "9", "PropagateAtLaunch": True}, {"Key": "c", "Value": "3"},
    ]  # fmt: skip


def test_with_tags_on_unknown_tags() -> None:
    """They stay unknown."""
    item = table()
    item.tell(TAGS, as_fact(Failed("denied")))
    with pytest.raises(Missing):
        item.with_tags({"a": "1"}).fact(TAGS)


@pytest.mark.parametrize("details_last", [True, False])
def test_tags_are_those_that_were_read_as_tags(details_last: bool) -> None:
    """A detail facet may hold them in the service's own form (an Airflow environment's: a table)."""
    type = catalog().provider.type("airflow")
    item = Item(Resource(ResourceRef("airflow", SCOPE, "e"), {"Name": "e"}), type)
    told = [(TAGS, [{"Key": "a", "Value": "1"}]), (DETAIL, {"Name": "e", "Tags": {"a": "1"}})]
    for need, fact in told if details_last else reversed(told):
        item.tell(need, as_fact(fact))
    assert item.attributes["Tags"] == [{"Key": "a", "Value": "1"}]


@pytest.mark.parametrize("word", ["airflow", "iam-user"])
def test_with_tags_wins_over_a_detail_that_holds_the_former(word: str) -> None:
    """In the form of the type, or in that of policies."""
    type = catalog().provider.type(word)
    own = {"a": "1"} if word == "airflow" else [{"Key": "a", "Value": "1"}]
    item = Item(Resource(ResourceRef(word, SCOPE, "x"), {"Name": "x"}), type)
    item.tell(TAGS, as_fact([{"Key": "a", "Value": "1"}]))
    item.tell(DETAIL, as_fact({"Tags": own}))
    assert item.with_tags({"b": "2"}).attributes["Tags"] == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
