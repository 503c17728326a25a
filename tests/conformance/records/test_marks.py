"""What is made anew each time is recognised by a mark, or stands in `unmarked.toml` with the reason why it is not."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.model.record import Operation
from providers.aws import PROVIDER

REASONS = ("part", "again", "traceless", "unnamed")
FILE = Path(__file__).with_name("unmarked.toml")
UNMARKED: dict[str, dict[str, str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))

ANEW = re.compile(
    r"(Create|Copy|Restore|Send|Publish|Request|Rotate|Reboot|Generate|Purchase|Allocate|Import|Export|Run|Invoke|Submit"
    r"|Issue|Resend|Rebuild|Renew|Deploy|Retry|Refresh|Register|Add|Restart|Failover)[A-Z]"
    r"|Start\w*(Job|Run|Execution|Build|Task|Test|Import|Export|Sync|Refresh|Analysis|Evaluation|Assessment|Preview|"
    r"Deployment|Transfer|Incident|Iteration|Once|Baseline|Checks|DryRun|Session|Launch|Cutover|Association|Migration|"
    r"Recovery|Verification|Connection)"
)
"""Names of operations that do something each time they are called, rather than say a state."""


def anew() -> Iterator[tuple[str, str, str, Operation]]:
    """(service:operation, type, word, operation) of every operation that no read of the resource shows."""
    for word in dict.fromkeys(PROVIDER.type(line.word).word for line in PROVIDER.overview()):
        type = PROVIDER.type(word)
        for name, operation in type.operations.items():
            if not (operation.after or operation.done or operation.gone) and ANEW.match(operation.call):
                yield f"{operation.service or type.service}:{operation.call}", word, name, operation


def test_every_creation_has_a_mark_or_a_reason() -> None:
    """Over all curated and derived types; and nothing is excused that is not there."""
    told = {call: reason for reason, calls in UNMARKED.items() for call in calls}
    lacking, seen = [], set()
    for call, word, name, operation in anew():
        seen.add(call)
        if operation.mark is None and call not in told:
            lacking.append(f"{word}.{name} ({call})")
    assert lacking == []
    assert set(told) - seen == set()
    assert set(UNMARKED) == set(REASONS)


@pytest.mark.parametrize(
    "call",
    ["ec2:CreateSnapshot", "ec2:CreateSnapshots", "ec2:CopyImage", "rds:CreateDBSnapshot", "dynamodb:CreateBackup"],
)
def test_backups_have_marks(call: str) -> None:
    """What a deletion is made safe by, above all."""
    assert call not in {each for calls in UNMARKED.values() for each in calls}
    assert [name for each, _, name, operation in anew() if each == call and operation.mark is None] == []
