"""A sample of the campaigns against changing; the whole of each is a module of its own.

Each sample runs in a process of its own, since it forks.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.model.call import Call
from engine.model.change import Change, Status
from engine.model.resource import ResourceRef
from engine.model.scope import Scope
from engine.plugin.journal import Entry

from .account import Write
from .concurrency import silent, twice
from .kills import lies, per_resource
from .trial import Held, Seen, Trial, in_order, truth

ROOT = Path(__file__).parents[2]
SCOPE = Scope("123456789012", "us-east-1")
ID = "vol-0123456789abcdef0"
REF = ResourceRef("ebs", SCOPE, ID)
SNAPSHOT = Change(REF, "snapshot", (Call("ec2", "CreateSnapshot", {"VolumeId": ID}, SCOPE),))
DELETE = Change(REF, "delete", (Call("ec2", "DeleteVolume", {"VolumeId": ID}, SCOPE),))


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("changes", ("--plain", "--seed", "7", "--most", "5", "ebs", "ec2")),
        ("kills", ("5", "9")),
        ("concurrency", ("5", "3")),
    ],
)
def test_a_sample_finds_nothing(module: str, arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.campaign.{module}", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "done twice" in done.stdout or " 0 violations" in done.stdout


def entry(change: Change, status: Status, number: int = 1, reason: str = "") -> Entry:
    """An entry of a journal, begun where it has an end."""
    begun = None if status in (Status.PLANNED, Status.SKIPPED) else datetime(2026, 12, 1, tzinfo=UTC)
    return Entry("run", number, "p", change, status, reason, begun)


def write(operation: str, number: int, body: str = f"VolumeId={ID}") -> Write:
    """A write that took effect."""
    return Write(f"ec2:{operation}", f"POST\x00/\x00\x00{body}", True, number=number)


@pytest.fixture
def held() -> Held:
    """A trial that has not begun."""
    made = Held.__new__(Held)
    made.seen, made.trial = Seen(), Trial("ebs delete", {}, "ec2:DeleteVolume", "reset after", True)
    return made


@pytest.mark.parametrize(
    ("status", "reason", "made", "found"),
    [
        (Status.DONE, "", {"ec2:DeleteVolume": 1}, 0),
        (Status.DONE, "", {}, 1),
        (Status.FAILED, "", {}, 0),
        (Status.FAILED, "", {"ec2:DeleteVolume": 1}, 1),
        (Status.FAILED, "after ec2:DeleteVolume had been made: no", {"ec2:DeleteVolume": 1}, 0),
        (Status.UNCERTAIN, "", {"ec2:DeleteVolume": 1}, 0),
        (Status.SKIPPED, "", {"ec2:DeleteVolume": 1}, 1),
    ],
)
def test_a_journal_that_lies_is_found(
    status: Status, reason: str, made: dict[str, int], found: int, held: Held
) -> None:
    truth(held, [entry(DELETE, status, reason=reason)], Counter(made))
    assert len(held.seen.violations) == found


@pytest.mark.parametrize(("first", "found"), [(Status.DONE, 0), (Status.UNCERTAIN, 1), (Status.FAILED, 1)])
def test_an_action_before_its_time_is_found(first: Status, found: int, held: Held) -> None:
    in_order(held, [entry(SNAPSHOT, first), entry(DELETE, Status.DONE, 2)])
    assert len(held.seen.violations) == found


@pytest.mark.parametrize(
    ("operations", "found"),
    [
        (["StopInstances", "StartInstances", "StopInstances"], []),
        (["StopInstances", "StopInstances"], [f"StopInstances of {ID} (power)"]),
        (["CreateSnapshot", "DeleteVolume"], []),
        (["CreateSnapshot", "DeleteVolume", "CreateSnapshot"], [f"CreateSnapshot of {ID} (CreateSnapshot)"]),
    ],
)
def test_what_is_done_twice_is_found(operations: list[str], found: list[str]) -> None:
    assert twice([write(operation, number) for number, operation in enumerate(operations)]) == found


def test_tags_are_told_apart_by_their_keys() -> None:
    one, other = (f"ResourceId.1={ID}&Tag.1.Key={key}&Tag.1.Value=x" for key in ("Idle", "Night"))
    assert twice([write("CreateTags", 1, one), write("CreateTags", 2, other)]) == []
    assert twice([write("CreateTags", 1, one), write("CreateTags", 2, one)]) == [f"CreateTags of {ID} (tag Idle)"]


@pytest.mark.parametrize(
    ("status", "operations", "found"),
    [
        (Status.DONE, ["DeleteVolume"], 0),
        (Status.DONE, [], 1),
        (Status.FAILED, ["DeleteVolume"], 1),
        (Status.STARTED, [], 1),
    ],
)
def test_a_journal_and_a_wire_that_differ_are_found(status: Status, operations: list[str], found: int) -> None:
    made = per_resource([write(operation, number) for number, operation in enumerate(operations)])
    assert len(list(lies([entry(DELETE, status)], made))) == found


def test_who_leaves_something_without_a_name_is_found() -> None:
    named = entry(DELETE, Status.SKIPPED, reason="being changed by run 20261201-050000-abcd")
    assert silent([named, entry(DELETE, Status.SKIPPED, reason="busy")]) == [f"delete of {ID}: 'busy'"]
