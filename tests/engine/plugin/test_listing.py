"""Records to list calls, answers to resources, and what is asked for by id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind
from engine.model.json import Json
from engine.model.listing import Identity, Listing, Lookup, Parent
from engine.model.record import ResourceType
from engine.model.scope import Scope
from engine.plugin.listing import existing, items_in, list_calls, listed, resources_in
from tests.providers.aws.adapter.doubles import ScriptedDoor, refused

from .records import SCOPE, listing, thing

LOOKUP = Lookup("Ids", 2)
PAGED = listing(page={"MaxResults": 100}, with_={"Owner": "_account", "Kind": "'own'"})


def types(word: str) -> ResourceType:
    return {"thing": thing(), "group": thing(word="group")}[word]


@pytest.mark.parametrize(
    ("type", "params", "ids", "expected"),
    [
        (thing(), {}, (), [{}]),
        (PAGED, {}, (), [{"MaxResults": 100, "Owner": "123456789012", "Kind": "own"}]),
        (PAGED, {"Kind": "all"}, (), [{"MaxResults": 100, "Owner": "123456789012", "Kind": "all"}]),
        (listing(page={"MaxResults": 9}, by_id=LOOKUP), {"Ids": ["a"]}, (), [{"Ids": ["a"]}]),
        (listing(page={"MaxResults": 9}, by_id=LOOKUP), {}, ("a", "b", "c"), [{"Ids": ["a", "b"]}, {"Ids": ["c"]}]),
        (listing(by_id=Lookup("Id", 1)), {}, ("a", "b"), [{"Id": "a"}, {"Id": "b"}]),
        (thing(), {}, ("a",), [{}]),
    ],
)
def test_list_calls(type: ResourceType, params: dict[str, Json], ids: tuple[str, ...], expected: list[Json]) -> None:
    assert [call.params for call in list_calls(type, SCOPE, params, ids)] == expected


def test_calls_go_to_the_service_of_the_listing_and_the_operation_of_the_lookup() -> None:
    other = listing(service="elsewhere", by_id=Lookup("Id", 1, call="GetThing"))
    assert [str(c) for c in list_calls(thing(), SCOPE)] == ["things:ListThings"]
    assert [str(c) for c in list_calls(other, SCOPE)] == ["elsewhere:ListThings"]
    assert [str(c) for c in list_calls(other, SCOPE, ids=("a",))] == ["elsewhere:GetThing"]


OUTER = {"Groups": [{"Name": "g", "Other": 1, "Things": [{"Id": "a"}, {"Id": "b"}]}, {"Name": "h"}]}


@pytest.mark.parametrize(
    ("how", "body", "expected"),
    [
        (Listing("L", "Things"), {"Things": [{"Id": "a"}]}, [{"Id": "a"}]),
        (Listing("L", "Things"), {"Things": None}, []),
        (Listing("L", "Things"), {}, []),
        (Listing("L", "Thing"), {"Thing": {"Id": "a"}}, [{"Id": "a"}]),
        (Listing("L", ""), {"Id": "a"}, [{"Id": "a"}]),
        (Listing("L", "Arns", item="Arn"), {"Arns": ["x", "y"]}, [{"Arn": "x"}, {"Arn": "y"}]),
        (Listing("L", "Groups", inner="Things", copy=("Name", "Nope")), OUTER, [{"Id": "a", "Name": "g"}, {"Id": "b", "Name": "g"}]),
        (Listing("L", "A.B[].C"), {"A": {"B": [{"C": {"Id": 1}}, {}]}}, [{"Id": 1}]),
    ],
)  # fmt: skip
def test_items(how: Listing, body: Json, expected: list[Json]) -> None:
    assert items_in(how, body) == expected


def test_resources_carry_their_tags_as_policies_see_them() -> None:
    body = {"Things": [{"Id": "a", "TagSet": [{"key": "k", "value": "v"}]}, {"Id": 5}]}
    one, two = resources_in(thing(), SCOPE, body, {"Parent": "p"})
    assert (one.ref.id, two.ref.id) == ("a", "5")
    assert one.attributes["Tags"] == [{"Key": "k", "Value": "v"}]
    assert (one.attributes["Parent"], two.attributes["Tags"]) == ("p", [])


def test_what_has_no_id_has_an_empty_one() -> None:
    assert [r.ref.id for r in resources_in(thing(), SCOPE, {"Things": [{}]})] == [""]


def ids(pages: Any) -> list[list[str]]:
    return [[r.ref.id for r in page] for page in pages]


def test_pages_stay_pages() -> None:
    door = ScriptedDoor(
        lambda call: [{"Things": [{"Id": "a"}, {"Id": "b"}]}, {"Things": []}, {"Things": [{"Id": "c"}]}]
    )
    assert ids(listed(thing(), SCOPE, door, types)) == [["a", "b"], [], ["c"]]


def test_of_what_comes_back_only_what_was_asked_for() -> None:
    door = ScriptedDoor(lambda call: {"Things": [{"Id": "a"}, {"Id": "b"}]})
    assert ids(listed(thing(), SCOPE, door, types, ids=("b", "x"))) == [["b"]]


def children(call: Call) -> Json:
    if call.operation == "ListThings":
        return [{"Things": [{"Id": "g1"}]}, {"Things": [{"Id": "g2"}]}]
    return {"Things": [{"Id": f"{call.params['Group']}-child"}]}


CHILD = listing(
    call="ListChildren",
    with_={"Kind": "'x'"},
    page={"Max": 5},
    parent=Parent("group", {"Group": "Id"}, {"GroupId": "Id"}),
)


def test_children_are_listed_in_each_parent() -> None:
    door = ScriptedDoor(children)
    pages = list(listed(CHILD, SCOPE, door, types, {"More": 1}))
    assert ids(pages) == [["g1-child"], ["g2-child"]]
    assert pages[1][0].attributes["GroupId"] == "g2"
    assert door.asked[-1].params == {"Max": 5, "Kind": "x", "Group": "g2", "More": 1}


def test_children_that_nest_are_listed_in_each_other() -> None:
    below = {"root": ["a", "b"], "a": ["c"], "c": ["d"]}

    def unit(call: Call) -> Json:
        if call.operation == "ListThings":
            return {"Things": [{"Id": "root"}]}
        return {"Things": [{"Id": id} for id in below.get(call.params["In"], ())]}

    nested = listing(call="ListChildren", parent=Parent("group", {"In": "Id"}, {"ParentId": "Id"}, nested=True))
    pages = list(listed(nested, SCOPE, ScriptedDoor(unit), types))
    found = {r.ref.id: r.attributes["ParentId"] for page in pages for r in page}
    assert found == {"a": "root", "b": "root", "c": "a", "d": "c"}


def test_what_is_shared_by_others_is_left_out() -> None:
    """Where the account is not known, all are there; an element that names none is its own."""
    shared = listing(owner="By")
    body: Json = {"Things": [{"Id": "a", "By": SCOPE.account}, {"Id": "b", "By": "210987654321"}, {"Id": "c"}]}
    assert [r.ref.id for r in resources_in(shared, SCOPE, body)] == ["a", "c"]
    assert [r.ref.id for r in resources_in(shared, Scope("", "us-east-1"), body)] == ["a", "b", "c"]


def test_what_another_list_has_besides() -> None:
    """Of what both list, the listing's own is taken."""

    def answer(call: Call) -> Json:
        if call.operation == "ListThings" and not call.params:
            return {"Things": [{"Id": "p"}]}
        return {"Things": [{"Id": "a", "By": call.operation}, *([{"Id": "b"}] if call.operation == "ListAll" else [])]}

    both = listing(parent=Parent("group", {"In": "Id"}), besides="ListAll")
    found = [r.attributes for page in listed(both, SCOPE, ScriptedDoor(answer), types) for r in page]
    assert [(each["Id"], each.get("By")) for each in found] == [("a", "ListThings"), ("b", None)]


def test_of_children_only_those_asked_for() -> None:
    assert ids(listed(CHILD, SCOPE, ScriptedDoor(children), types, ids=("g2-child",))) == [[], ["g2-child"]]
    assert list(existing(CHILD, SCOPE, ScriptedDoor(children), types, ("g2-child",))) == ["g2-child"]


DISCOVERED = Listing("Discover", "Found", with_={"Kind": "'x'"})
OTHERWISE = listing(
    otherwise=Listing(
        "History", "Things", once=True, parent=Parent("", {"Of": "Name"}, {"Told": "Name"}, list=DISCOVERED)
    )
)


@pytest.mark.parametrize(
    ("there", "expected", "calls"),
    [(["a"], ["a"], ["ListThings"]), ([], ["n1-new", "n2-new"], ["ListThings", "Discover", "History", "History"])],
)
def test_what_is_asked_where_a_listing_finds_nothing(there: list[str], expected: list[str], calls: list[str]) -> None:
    """Inside parents that are no type, and of each answer the first page only."""

    def answer(call: Call) -> Json:
        if call.operation == "Discover":
            return {"Found": [{"Name": "n1"}, {"Name": "n2"}]}
        if call.operation == "History":
            of = call.params["Of"]
            return [{"Things": [{"Id": f"{of}-new"}]}, {"Things": [{"Id": f"{of}-old"}]}]
        return {"Things": [{"Id": id} for id in there]}

    door = ScriptedDoor(answer)
    found = [r for page in listed(OTHERWISE, SCOPE, door, types) for r in page]
    assert [r.ref.id for r in found] == expected
    assert [call.operation for call in door.asked] == calls
    assert [r.attributes.get("Told") for r in found] == ([None] if there else ["n1", "n2"])


THERE = ("a", "b", "c")


def strict(call: Call, tell: bool = True) -> Json:
    """Refuses a whole request for one id that is not there, as EC2 does; says which, or does not."""
    asked = call.params.get("Ids", THERE)
    gone = [id for id in asked if id not in THERE]
    if gone:
        text = f"'{gone[0]}' does not exist" if tell else "one of these does not exist"
        raise CallFailed("things", call.operation, FailureKind.GONE, "NotFound", text)
    return {"Things": [{"Id": id} for id in asked]}


BATCHED = listing(by_id=Lookup("Ids", 10))


@pytest.mark.parametrize(
    ("asked", "found", "calls"),
    [(("a", "b"), ["a", "b"], 1), (("a", "x", "b", "y"), ["a", "b"], 3), (("x",), [], 1), ((), [], 0)],
)
def test_an_id_that_is_gone_does_not_hide_the_others(asked: tuple[str, ...], found: list[str], calls: int) -> None:
    door = ScriptedDoor(strict)
    assert list(existing(BATCHED, SCOPE, door, types, asked)) == found
    assert len(door.asked) == calls


def test_where_the_answer_does_not_say_which_everything_is_listed() -> None:
    door = ScriptedDoor(lambda call: strict(call, tell=False))
    assert list(existing(BATCHED, SCOPE, door, types, ("x", "b"))) == ["b"]
    assert [call.params for call in door.asked] == [{"Ids": ["x", "b"]}, {}]


@pytest.mark.parametrize(("with_", "calls"), [({}, 2), ({"Owner": "self"}, 3)])
def test_an_answer_that_repeats_the_request_does_not_say_which(with_: dict[str, Json], calls: int) -> None:
    """Of all ids named, one is there: the listing, or each half asked for, decides."""

    def echo(call: Call) -> Json:
        asked = call.params.get("Ids", THERE)
        if any(id not in THERE for id in asked):
            raise CallFailed("things", call.operation, FailureKind.GONE, "NotFound", f"{asked} do not exist")
        return {"Things": [{"Id": id} for id in asked]}

    door = ScriptedDoor(echo)
    assert list(existing(listing(by_id=Lookup("Ids", 10), with_=with_), SCOPE, door, types, ("x", "b"))) == ["b"]
    assert len(door.asked) == calls


def test_an_id_within_another_is_not_named_with_it() -> None:
    """`a` and `a-x`: what is there must not be taken for gone."""
    door = ScriptedDoor(strict)
    assert list(existing(BATCHED, SCOPE, door, types, ("a", "a-x", "b"))) == ["a", "b"]
    assert [call.params for call in door.asked] == [{"Ids": ["a", "a-x", "b"]}, {"Ids": ["a", "b"]}]


def test_one_at_a_time() -> None:
    def one(call: Call) -> Json:
        return {"Thing": strict(Call("things", "Get", {"Ids": [call.params["Id"]]}, SCOPE))["Things"][0]}

    single = listing(by_id=Lookup("Id", 1, call="GetThing", items="Thing"))
    assert list(existing(single, SCOPE, ScriptedDoor(one), types, ("b", "x", "a"))) == ["b", "a"]


@pytest.mark.parametrize("lookup", [Lookup("Ids", 10), Lookup("Id", 1), None])
@pytest.mark.parametrize("kind", [FailureKind.DENIED, FailureKind.THROTTLED, FailureKind.FAULT])
def test_a_refusal_is_not_an_absence(lookup: Lookup | None, kind: FailureKind) -> None:
    def no(call: Call) -> Json:
        raise refused(call, kind=kind)

    with pytest.raises(CallFailed):
        existing(listing(by_id=lookup), SCOPE, ScriptedDoor(no), types, ("a",))


HERE = Scope("123456789012", "eu-west-1")
POLICY = ResourceType(
    "iam.policy-of-account", "iam", "", Identity("_account"), Listing("GetPolicy", "Policy", none=("NoSuchEntity",))
)
CAR_OF_TOYS = ResourceType("car", "toys", "", Identity("Name"), Listing("ListCars", "Cars"))
WHEEL_OF_TOYS = ResourceType(
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


def toys(word: str) -> ResourceType:
    """The toys."""
    return {"car": CAR_OF_TOYS, "wheel": WHEEL_OF_TOYS}[word]


def test_what_there_is_one_of_is_known_by_the_account() -> None:
    (page,) = listed(POLICY, HERE, Answers(GetPolicy={"Policy": {"MinimumLength": 14}}), toys)
    assert [(r.ref.id, r.attributes) for r in page] == [("123456789012", {"MinimumLength": 14})]


def test_a_code_that_means_none_is_an_empty_list() -> None:
    assert list(listed(POLICY, HERE, Answers(GetPolicy="NoSuchEntity"), toys)) == []
    with pytest.raises(CallFailed, match="AccessDenied"):
        list(listed(POLICY, HERE, Answers(GetPolicy="AccessDenied"), toys))


def test_children_of_a_parent_that_has_gone_are_none() -> None:
    door = Answers(ListCars={"Cars": [{"Name": "beetle"}]}, ListWheels="CarNotFound")
    assert [r for page in listed(WHEEL_OF_TOYS, HERE, door, toys) for r in page] == []
    assert door.asked[-1].params == {"Cars": ["beetle"]}


def test_children_carry_what_their_parent_leaves_on_them() -> None:
    door = Answers(ListCars={"Cars": [{"Name": "beetle"}]}, ListWheels={"Wheels": [{"Id": "w1"}]})
    found = [r for page in listed(WHEEL_OF_TOYS, HERE, door, toys) for r in page]
    assert [r.attributes for r in found] == [{"Id": "w1", "CarName": "beetle"}]


@pytest.mark.parametrize(
    ("query", "expected"),
    [({}, ["a", "b"]), ({"only": ["a"]}, ["a"]), ({"but": ["a"]}, ["b"]), ({"only": ["a"], "but": ["a"]}, [])],
)
def test_a_query_leaves_parents_out(query: dict[str, Json], expected: list[str]) -> None:
    """Its keys are no parameters of the call."""
    asked: list[Json] = []

    def unit(call: Call) -> Json:
        if call.operation == "ListThings":
            return {"Things": [{"Id": "a"}, {"Id": "b"}]}
        asked.append(call.params)
        return {"Things": []}

    narrow = {"only": "contains(_options.only, Id)", "but": "!contains(_options.but, Id)"}
    below = listing(call="ListChildren", parent=Parent("group", {"In": "Id"}, narrow=narrow))
    list(listed(below, SCOPE, ScriptedDoor(unit), types, query))
    assert [params["In"] for params in asked] == expected
    assert all(set(params) == {"In"} for params in asked)


def test_a_query_leaves_children_out() -> None:
    """Its keys are no parameters of the call; what the parent leaves on the child can be asked of."""
    door = ScriptedDoor(lambda call: {"Things": [{"Id": "a"}, {"Id": "b"}]})
    choose = {"kind": "_options.kind != 'own' || Id == ParentId"}
    below = listing(call="ListChildren", parent=Parent("group", {"In": "Id"}, {"ParentId": "Id"}, choose=choose))
    for query, expected in (({"kind": "own"}, ["aa", "bb"]), ({"kind": "any"}, ["aa", "ab", "ba", "bb"])):
        found = [r.attributes for page in listed(below, SCOPE, door, types, query) for r in page]
        assert [f"{each['ParentId']}{each['Id']}" for each in found] == expected
