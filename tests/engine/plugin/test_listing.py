"""List calls and their answers: things there is one of in an account, and lists that fail because there is nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind
from engine.model.json import Json
from engine.model.record import Identity, Listing, Parent, ResourceType
from engine.model.scope import Scope
from engine.plugin.listing import listed

SCOPE = Scope("123456789012", "eu-west-1")
POLICY = ResourceType(
    "iam.policy-of-account", "iam", "", Identity("_account"), Listing("GetPolicy", "Policy", none=("NoSuchEntity",))
)
CAR = ResourceType("car", "toys", "", Identity("Name"), Listing("ListCars", "Cars"))
WHEEL = ResourceType(
    "wheel", "toys", "", Identity("Id"),
    Listing("ListWheels", "Wheels", parent=Parent("car", {"Cars": ["Name"]}, {"CarName": "Name"}), none=("CarNotFound",)),
)  # fmt: skip


class Answers:
    """A door that answers each operation as told, or fails with a code."""

    def __init__(self, **told: Json) -> None:
        self.told = told
        self.asked: list[Call] = []

    def perform(self, call: Call) -> Json:
        """The answer to a call."""
        self.asked.append(call)
        told = self.told[call.operation]
        if isinstance(told, str):
            raise CallFailed(call.service, call.operation, FailureKind.GONE, told, "", True)
        return told

    def pages(self, call: Call) -> Iterator[Json]:
        """One page."""
        yield self.perform(call)


def types(word: str) -> ResourceType:
    """The toys."""
    return {"car": CAR, "wheel": WHEEL}[word]


def test_what_there_is_one_of_is_known_by_the_account() -> None:
    (page,) = listed(POLICY, SCOPE, Answers(GetPolicy={"Policy": {"MinimumLength": 14}}), types)
    assert [(r.ref.id, r.attributes) for r in page] == [("123456789012", {"MinimumLength": 14})]


def test_a_code_that_means_none_is_an_empty_list() -> None:
    assert list(listed(POLICY, SCOPE, Answers(GetPolicy="NoSuchEntity"), types)) == []
    with pytest.raises(CallFailed, match="AccessDenied"):
        list(listed(POLICY, SCOPE, Answers(GetPolicy="AccessDenied"), types))


def test_children_of_a_parent_that_has_gone_are_none() -> None:
    door = Answers(ListCars={"Cars": [{"Name": "beetle"}]}, ListWheels="CarNotFound")
    assert [r for page in listed(WHEEL, SCOPE, door, types) for r in page] == []
    assert door.asked[-1].params == {"Cars": ["beetle"]}


def test_children_carry_what_their_parent_leaves_on_them() -> None:
    door = Answers(ListCars={"Cars": [{"Name": "beetle"}]}, ListWheels={"Wheels": [{"Id": "w1"}]})
    found = [r for page in listed(WHEEL, SCOPE, door, types) for r in page]
    assert [r.attributes for r in found] == [{"Id": "w1", "CarName": "beetle"}]
