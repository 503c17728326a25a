"""Marks: where they go in, that nothing else is touched, and how they are looked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from engine.executor.marks import doubt, made, mark_of, marked, recognisable
from engine.model.call import Call, Mark
from engine.model.codec import call_json, call_of_json
from engine.model.errors import CallFailed, FailureKind
from engine.model.json import Json

from .cloud import SCOPE

READ = Call(
    "ec2", "DescribeSnapshots", {"Filters": [{"Name": "tag:policy-engine:change", "Values": ["{mark}"]}]}, SCOPE
)
MINE = {"Key": "policy-engine:change", "Value": "r/1"}
FULL = [{"Key": str(n), "Value": ""} for n in range(50)]


def call(params: dict[str, Json], to: str = "T", form: str = "text", **more: Any) -> Call:
    return Call("ec2", "CreateSnapshot", params, SCOPE, mark=Mark(READ, "Snapshots", to=to, form=form, **more))


PLACED: tuple[tuple[Call, Json], ...] = (
    (call({}), "(change r/1)"),
    (call({"T": "nightly"}), "nightly (change r/1)"),
    (call({"T": "x" * 300}), "x" * 242 + " (change r/1)"),
    (call({"T": "long"}, most=14), "l (change r/1)"),
    (call({}, form="map"), {"policy-engine:change": "r/1"}),
    (call({"T": {"a": "b"}}, form="map"), {"a": "b", "policy-engine:change": "r/1"}),
    (call({}, form="pairs"), [MINE]),
    (call({"T": [{"Key": "a", "Value": "b"}]}, form="pairs"), [{"Key": "a", "Value": "b"}, MINE]),
    (call({}, form="specification", kind="snapshot"), [{"ResourceType": "snapshot", "Tags": [MINE]}]),
    (
        call({"T": [{"ResourceType": "snapshot", "Tags": FULL[:1]}]}, form="specification", kind="snapshot"),
        [{"ResourceType": "snapshot", "Tags": [*FULL[:1], MINE]}],
    ),
    (
        call({"T": [{"ResourceType": "image", "Tags": FULL}]}, form="specification", kind="snapshot"),
        [{"ResourceType": "image", "Tags": FULL}, {"ResourceType": "snapshot", "Tags": [MINE]}],
    ),
)


@pytest.mark.parametrize(("given", "expected"), PLACED)
def test_where_a_mark_goes(given: Call, expected: Json) -> None:
    """At its parameter; the call of the plan stays as it was."""
    before = call_json(given)
    assert marked(given, "r/1").params == {**given.params, "T": expected}
    assert call_json(given) == before
    assert recognisable(given)
    assert len(str(expected)) < 400 or given.mark is None or given.mark.form != "text"


def test_a_nested_parameter() -> None:
    assert marked(call({"A": {"B": "x"}}, to="A.B"), "r/1").params == {"A": {"B": "x (change r/1)"}}


@pytest.mark.parametrize(
    "given",
    [
        call({"T": FULL}, form="pairs"),
        call({"T": dict.fromkeys(map(str, range(50)), "")}, form="map"),
        call({"T": [{"ResourceType": "snapshot", "Tags": FULL}]}, form="specification", kind="snapshot"),
    ],
)
def test_where_there_is_no_room_it_is_left_out(given: Call) -> None:
    """And nothing is concluded from its absence then."""
    assert marked(given, "r/1") is given
    assert not recognisable(given)


def test_calls_without_a_mark() -> None:
    plain = Call("ec2", "RebootInstances", {}, SCOPE)
    named = Call("rds", "CreateDBSnapshot", {"DBSnapshotIdentifier": "s"}, SCOPE, mark=Mark(READ, "Snapshots"))
    assert marked(plain, "r/1") is plain
    assert marked(named, "r/1") is named
    assert (recognisable(plain), recognisable(named)) == (False, True)
    with pytest.raises(ValueError, match="no mark"):
        made(plain, "r/1", Finding([]))


def test_every_call_of_a_change_has_its_own() -> None:
    assert [mark_of("r", 3, at) for at in range(3)] == ["r/3", "r/3-2", "r/3-3"]


class Finding:
    """Answers pages; or fails."""

    def __init__(self, pages: list[Json], failure: CallFailed | None = None) -> None:
        self.answers, self.failure, self.asked = pages, failure, list[Call]()

    def pages(self, call: Call) -> Iterator[Json]:
        self.asked.append(call)
        if self.failure is not None:
            raise self.failure
        yield from self.answers

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} is not needed")


def test_it_is_looked_for_on_every_page() -> None:
    """By its own mark."""
    door = Finding([{"Snapshots": []}, {"Snapshots": [{"SnapshotId": "snap-1"}]}])
    assert made(call({}, form="pairs"), "r/1", door)
    assert door.asked[0].params == {"Filters": [{"Name": "tag:policy-engine:change", "Values": ["r/1"]}]}
    assert not made(call({}, form="pairs"), "r/1", Finding([{"Snapshots": []}, {}]))


def test_a_text_is_looked_for_whole() -> None:
    """The first change is not taken for the eleventh."""
    given = call({})
    assert given.mark is not None
    given = replace(given, mark=replace(given.mark, found="Commands[?contains(Comment, '{mark}')]"))
    door = Finding([{"Commands": [{"Comment": "x (change r/11)"}]}])
    assert not made(given, "r/1", door)
    assert made(given, "r/11", door)


@pytest.mark.parametrize(("code", "answer"), [("NotThere", False), ("AccessDenied", None)])
def test_only_what_the_record_names_says_that_there_is_none(code: str, answer: bool | None) -> None:
    failure = CallFailed("ec2", "DescribeSnapshots", FailureKind.GONE, code, "no")
    given = Call("rds", "X", {}, SCOPE, mark=Mark(READ, "Snapshots", none=("NotThere",)))
    if answer is None:
        with pytest.raises(CallFailed):
            made(given, "r/1", Finding([], failure))
    else:
        assert made(given, "r/1", Finding([], failure)) is answer


@pytest.mark.parametrize("given", [each for each, _ in PLACED])
def test_a_mark_is_kept_in_the_journal(given: Call) -> None:
    assert call_of_json(call_json(given)) == given


@pytest.mark.parametrize(
    ("answer", "kind", "sent"),
    [
        ({"SnapshotId": "snap-1", "State": "pending"}, None, None),
        ({"DBSnapshot": {"DBSnapshotIdentifier": "s", "Status": "creating"}}, None, None),
        ({"Snapshots": [{"SnapshotId": "snap-1"}]}, None, None),
        ({}, FailureKind.FAULT, None),
        ({"Progress": "0%"}, FailureKind.FAULT, None),
        ({"SnapshotId": "", "State": "pending"}, FailureKind.FAULT, None),
        ({"SnapshotId": "snap-1", "State": "error"}, FailureKind.INVALID, True),
        ({"DBSnapshot": {"DBSnapshotIdentifier": "s", "Status": "failed"}}, FailureKind.INVALID, True),
    ],
)
def test_an_answer_shows_what_was_created(answer: Json, kind: FailureKind | None, sent: bool | None) -> None:
    """One that names nothing is looked up by the mark; what is broken is no creation."""
    read = Call("ec2", "DescribeSnapshots", {}, SCOPE)
    call = Call("ec2", "CreateSnapshot", {}, SCOPE, mark=Mark(read, "Snapshots"))
    wrong = doubt(call, answer)
    assert (wrong.kind if wrong else None) is kind
    assert wrong is None or wrong.sent is sent
    assert doubt(replace(call, mark=None), answer) is None
