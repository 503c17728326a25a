"""A change can be taken back if it knows how."""

from __future__ import annotations

from engine.model.call import Call
from engine.model.change import Change, Outcome, Status
from engine.model.resource import ResourceRef
from engine.model.scope import Scope

SCOPE = Scope("1", "us-east-1")
STOP, START = (Call("ec2", f"{verb}Instances", {"InstanceIds": ["i-1"]}, SCOPE) for verb in ("Stop", "Start"))
REF = ResourceRef("ec2", SCOPE, "i-1")


def test_reversible_is_what_has_an_inverse() -> None:
    assert Change(REF, "stop", (STOP,), inverse=(START,)).reversible
    assert not Change(REF, "terminate", (STOP,), irreversible="it is gone").reversible


def test_two_changes_share_no_state() -> None:
    """What is absent is empty, and its own."""
    one, other = Change(REF, "stop", (STOP,)), Change(REF, "stop", (STOP,))
    one.before["State.Name"] = "running"
    assert other.before == {}


def test_statuses_are_the_words_of_the_journal() -> None:
    assert [str(s) for s in Status] == ["planned", "started", "done", "failed", "skipped", "uncertain"]
    assert Outcome(Change(REF, "stop", (STOP,)), Status("done")).reason == ""
