"""One call of a change: what it waits for, and how a sweep goes over all that is listed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from engine.executor import perform as module
from engine.executor.perform import perform, token_of
from engine.model.call import Call, Sweeping, Wait
from engine.model.codec import call_json, call_of_json
from engine.model.errors import CallFailed, FailureKind
from engine.model.scope import Scope

SCOPE = Scope("123456789012", "us-east-1")
STATUS = Call("ec2", "DescribeInstanceStatus", {"InstanceIds": ["i-1"]}, SCOPE)
RESIZE = Call(
    "ec2", "ModifyInstanceAttribute", {"InstanceId": "i-1"}, SCOPE, wait=Wait(60, STATUS, "State == 'stopped'")
)
LISTING = Call("s3", "ListObjectVersions", {"Bucket": "b"}, SCOPE)
EMPTY = Call(
    "s3", "DeleteObjects", {"Bucket": "b", "Delete": {"Quiet": True}}, SCOPE,
    sweep=Sweeping(LISTING, "Versions[].{Key: Key}", "Delete.Objects", 2, "Errors"),
)  # fmt: skip


class Door:
    """Answers in turn, the last answer for ever; remembers what it was asked."""

    def __init__(self, *answers: Any, pages: tuple[Any, ...] = ()) -> None:
        self.answers, self.listed, self.made, self.held = list(answers), pages, [], 0
        self.tokens: list[str] = []

    def change(self, call: Call, token: str) -> dict[str, Any]:
        """Once; and under which token."""
        self.tokens.append(token)
        return self.perform(call)

    def perform(self, call: Call) -> dict[str, Any]:
        self.made.append(call)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0] if self.answers else {}
        if isinstance(answer, CallFailed):
            raise answer
        return dict(answer)

    def pages(self, call: Call) -> Iterator[dict[str, Any]]:
        self.made.append(call)
        for page in self.listed:
            self.held += 1
            yield page

    @property
    def operations(self) -> list[str]:
        return [call.operation for call in self.made]


@pytest.fixture(autouse=True)
def _no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ASK_AGAIN_AFTER", 0.001)


def test_a_call_is_made_once_what_it_waits_for_is_so() -> None:
    door = Door({"State": "running"}, {"State": "stopping"}, {"State": "stopped"}, {"ok": 1})
    assert perform(RESIZE, door, threading.Event(), "t") == {"ok": 1}
    assert door.operations == ["DescribeInstanceStatus"] * 3 + ["ModifyInstanceAttribute"]


def test_a_throttled_look_is_taken_again() -> None:
    slow = CallFailed("ec2", "DescribeInstanceStatus", FailureKind.THROTTLED, "Throttling", "slow down")
    door = Door(slow, {"State": "stopped"}, {})
    perform(RESIZE, door, threading.Event(), "t")
    assert door.operations[-1] == "ModifyInstanceAttribute"


def test_waiting_ends() -> None:
    short = replace(RESIZE, wait=Wait(0.005, STATUS, "State == 'stopped'"))
    door = Door({"State": "running"})
    with pytest.raises(CallFailed, match=r"did not answer that State == 'stopped' within 0\.005 seconds") as failed:
        perform(short, door, threading.Event(), "t")
    assert failed.value.sent is False
    assert "ModifyInstanceAttribute" not in door.operations


def test_a_stop_ends_a_pause_before_the_call() -> None:
    stop = threading.Event()
    stop.set()
    door = Door({})
    with pytest.raises(CallFailed, match="the run was stopped while it waited"):
        perform(replace(RESIZE, wait=Wait(900)), door, stop, "t")
    assert door.made == []


def test_a_sweep_goes_page_by_page_in_calls_of_its_size() -> None:
    pages = ({"Versions": [{"Key": k, "Size": 1} for k in "abc"]}, {}, {"Versions": [{"Key": "d"}]})
    door = Door({}, pages=pages)
    perform(EMPTY, door, threading.Event(), "t")
    made = [call.params["Delete"] for call in door.made if call.operation == "DeleteObjects"]
    assert made == [
        {"Quiet": True, "Objects": [{"Key": "a"}, {"Key": "b"}]},
        {"Quiet": True, "Objects": [{"Key": "c"}]},
        {"Quiet": True, "Objects": [{"Key": "d"}]},
    ]
    assert EMPTY.params == {"Bucket": "b", "Delete": {"Quiet": True}}


def test_elements_join_the_parameters_where_the_call_takes_one() -> None:
    abort = Call("s3", "AbortMultipartUpload", {"Bucket": "b"}, SCOPE, sweep=Sweeping(LISTING, "Uploads"))
    door = Door({}, pages=({"Uploads": [{"Key": "k", "UploadId": "u"}]},))
    perform(abort, door, threading.Event(), "t")
    assert door.made[-1].params == {"Bucket": "b", "Key": "k", "UploadId": "u"}


def test_what_could_not_be_done_is_told_when_all_has_been_tried() -> None:
    refused = {"Errors": [{"Key": "a", "Code": "AccessDenied"}]}
    door = Door(refused, {}, pages=({"Versions": [{"Key": k} for k in "abc"]},))
    with pytest.raises(CallFailed, match="1 could not be done, the first: a, AccessDenied") as failed:
        perform(EMPTY, door, threading.Event(), "t")
    assert failed.value.sent is True
    assert door.operations.count("DeleteObjects") == 2


def test_a_stopped_sweep_reads_no_further_page() -> None:
    stop = threading.Event()
    stop.set()
    door = Door({}, pages=({"Versions": [{"Key": "a"}]}, {"Versions": [{"Key": "b"}]}))
    with pytest.raises(CallFailed, match="before it had come to the end"):
        perform(EMPTY, door, stop, "t")
    assert door.held == 1
    assert door.operations == ["ListObjectVersions"]


@pytest.mark.parametrize("call", [RESIZE, EMPTY, replace(RESIZE, wait=Wait(3)), replace(STATUS, always=True), STATUS])
def test_waits_and_sweeps_stand_in_the_journal(call: Call) -> None:
    assert call_of_json(call_json(call)) == call


def test_what_is_so_already_is_no_failure() -> None:
    """Also within a sweep; any other failure is one. The codes come along in a saved plan."""
    there = CallFailed("organizations", "AttachPolicy", FailureKind.INVALID, "Duplicate", "it is")
    denied = CallFailed("organizations", "AttachPolicy", FailureKind.DENIED, "AccessDenied", "no")
    call = Call("organizations", "AttachPolicy", {"TargetId": "1"}, SCOPE, already=("Duplicate",))
    assert call_of_json(call_json(call)) == call
    assert perform(call, Door(there), threading.Event(), "t") == {}
    swept = replace(call, sweep=Sweeping(LISTING, "Policies"))
    door = Door(there, {}, pages=({"Policies": [{"PolicyId": "p"}, {"PolicyId": "q"}]},))
    perform(swept, door, threading.Event(), "t")
    assert door.operations == ["ListObjectVersions", "AttachPolicy", "AttachPolicy"]
    with pytest.raises(CallFailed):
        perform(call, Door(denied), threading.Event(), "t")


def test_each_call_of_a_sweep_has_a_token_of_its_own() -> None:
    """Derived from that of the call, so that the same sweep has the same ones again."""
    tokens = []
    for token in ("t", "t", "u"):
        door = Door(pages=({"Versions": [{"Key": str(n)} for n in range(5)]},))
        perform(EMPTY, door, threading.Event(), token)
        tokens.append(door.tokens)
    assert len(set(tokens[0])) == 3
    assert tokens[0] == tokens[1]
    assert not set(tokens[0]) & set(tokens[2])


def test_what_may_be_so_already_is_no_success_after_a_lost_answer() -> None:
    """An earlier sending of the call may have been carried out, or this one."""
    code = CallFailed("s3", "X", FailureKind.INVALID, "Already", "so", None)
    call = Call("s3", "X", {}, SCOPE, already=("Already",))
    with pytest.raises(CallFailed):
        perform(call, Door(code), threading.Event(), "t")


def test_a_token_names_one_call() -> None:
    """The same for the same change; another run, change or call has another."""
    assert token_of("r", 1, 2) == token_of("r", 1, 2)
    assert len({token_of("r", 1, 2), token_of("r", 12), token_of("s", 1, 2), token_of("r", 1, 2, "call", 0)}) == 4
    assert len(token_of("r", 1)) == 36
