"""What a service says of a resource: something, nothing, or it cannot be told."""

from __future__ import annotations

import pytest

from engine.model.need import FindingNeed, HealthNeed, Need, OpsItemNeed
from engine.model.verdict import Kind
from engine.plugin.tree import Leaf

from . import views

NEEDS: dict[str, Need] = {
    "finding": FindingNeed("{}", ""),
    "health-event": HealthNeed(("open", "upcoming"), (), ()),
    "ops-item": OpsItemNeed(("Open",)),
}


@pytest.mark.parametrize("word", NEEDS)
@pytest.mark.parametrize(("said", "kind"), [([{"Id": "f"}], Kind.MATCH), ([], Kind.NO_MATCH), (None, Kind.UNKNOWN)])
def test_judge(word: str, said: list[object] | None, kind: Kind) -> None:
    facts = {} if said is None else {NEEDS[word]: said}
    leaf = views.tree(word)
    assert isinstance(leaf, Leaf)
    assert leaf.piece.needs(views.MACHINE) == {NEEDS[word]}
    assert views.verdict(word, {}, facts=facts).kind is kind
