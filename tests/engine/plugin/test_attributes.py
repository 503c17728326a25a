"""Which facets a path needs."""

from __future__ import annotations

import pytest

from engine.model.need import FacetNeed
from engine.model.record import Tags
from engine.plugin.attributes import needs_of_key, needs_of_roots
from engine.plugin.paths import PathRejected

from .records import listing, thing

UNLISTED = thing(tags=Tags(tagging_type="things:thing"))


@pytest.mark.parametrize(
    ("key", "facets"),
    [
        ("Id", set()),
        ("Group.Name", set()),
        ("Policy.Statement", {"policy"}),
        ("Size", {"detail"}),
        ("length(Many) > `0` && Size", {"batched", "detail"}),
        ("tag:Name", set()),
        ("Tags[0].Key", set()),
        ("`1`", set()),
    ],
)
def test_a_key_needs(key: str, facets: set[str]) -> None:
    assert needs_of_key(key, thing()) == {FacetNeed(name) for name in facets}


@pytest.mark.parametrize("key", ["tag:Name", "Tags", "length(Tags)"])
def test_tags_that_the_listing_does_not_carry(key: str) -> None:
    assert needs_of_key(key, UNLISTED) == {FacetNeed("tags")}


def test_a_type_without_tags_has_an_attribute_of_that_name() -> None:
    assert needs_of_key("Tags", thing(tags=None)) == {FacetNeed("detail")}


def test_a_listing_that_gives_all_there_is_needs_nothing_more() -> None:
    assert needs_of_key("Size", listing(gives=())) == frozenset()


def test_the_whole_resource_needs_what_joins_it() -> None:
    assert needs_of_roots(frozenset({"@"}), thing()) == {FacetNeed("detail")}


def test_what_is_no_path() -> None:
    with pytest.raises(PathRejected):
        needs_of_key("a[", thing())
