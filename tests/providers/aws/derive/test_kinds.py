"""The evidence that something is the account's own."""

from typing import Any

import pytest

from providers.aws.derive.outside import Joins
from providers.aws.derive.types import things_of

from .models import CARS, TEXT, things, toys


@pytest.mark.parametrize(
    ("noun", "verbs", "arn", "kind"),
    [
        ("Car", ("Create", "Delete"), False, "resource"),
        ("Car", ("Create",), True, "resource"),
        ("Car", ("Delete",), True, "resource"),
        ("Car", ("Create",), False, None),
        ("Car", (), True, None),
        ("CarEvent", ("Create", "Delete"), False, None),
        ("CarEvent", ("Create", "Delete"), True, "resource"),
        ("CarOffering", ("Create",), True, None),
        ("WashJob", ("Start", "Stop"), True, "activity"),
        ("WashJob", (), True, None),
        ("WashJob", ("Create", "Delete"), True, "resource"),
    ],
)
def test_evidence(noun: str, verbs: tuple[str, ...], arn: bool, kind: str | None) -> None:
    element: dict[str, Any] = {f"{noun}Id": TEXT, **({"Arn": TEXT} if arn else {})}
    rules: dict[str, Any] = {f"List{noun}s": ({}, {f"{noun}s": [element]})}
    rules |= {f"{verb}{noun}": ({f"{noun}Id!": TEXT}, {}) for verb in verbs}
    made = things_of(toys(**rules), Joins())
    assert (made[noun.lower()].kind if made else None) == kind


def test_people_overrule() -> None:
    told = Joins(kinds={"toys.car": ""})
    assert things_of(toys(**CARS), told) == {}
    assert things("ec2")["reservedinstance"].kind == "resource"
    assert things("guardduty")["finding"].kind == "activity"
