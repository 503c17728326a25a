"""Statements that a policy has."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.verdict import Kind

from .views import Rejected, matched, tree, verdict, why

PRESETS = {"of": "Policy", "names": {"bucket_name": "Name"}}
SECURE = {"Bool": {"aws:SecureTransport": "false"}}
STATEMENT: dict[str, Any] = {
    "Sid": "Secure", "Effect": "Deny", "Action": ["s3:PutObject", "s3:GetObject"], "Principal": "*",
    "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], "Condition": SECURE,
}  # fmt: skip
BUCKET = {"Name": "b", "Policy": {"Statement": [STATEMENT, {"Sid": "Other", "Effect": "Allow", "Action": "s3:List*"}]}}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("statement_ids: [Secure]", True),
        ("statement_ids: [Secure, Other]", True),
        ("statement_ids: [Secure, Lacking]", False),
        ("statements: [{Effect: Deny}]", True),
        ("statements: [{Effect: Deny}, {Effect: Allow}]", True),
        ("statements: [{Effect: Allow, Action: '*'}]", False),
        ("statements: [{Effect: Deny, Action: ['s3:getobject', 's3:PUTOBJECT']}]", True),
        ("statements: [{Effect: Deny, Action: 's3:PutObject'}]", False),
        ("statements: [{Effect: Deny, Action: 's3:PutObject', PartialMatch: Action}]", True),
        ("statements: [{Effect: Deny, Action: 's3:PutObject', PartialMatch: [Resource]}]", False),
        ("statements: [{Effect: Deny, Principal: '*'}]", True),
        ("statements: [{Effect: Deny, Principal: {AWS: '*'}}]", False),
        ("statements: [{Effect: Deny, Resource: ['arn:aws:s3:::{bucket_name}/*', 'arn:aws:s3:::b']}]", True),
        ("statements: [{Effect: Deny, Resource: 'arn:aws:s3:::{bucket_name}/*', PartialMatch: Resource}]", True),
        ("statements: [{Effect: Deny, Condition: {Bool: {'AWS:securetransport': 'false'}}}]", True),
        ("statements: [{Effect: Deny, Condition: {Bool: {'aws:SecureTransport': false}}}]", True),
        ("statements: [{Effect: Deny, Condition: {Bool: {'aws:SecureTransport': 'true'}}}]", False),
        ("statements: [{Effect: Deny, Sid: Secure}]", True),
        ("statements: [{Effect: Deny, Sid: Other}]", False),
        ("statement_ids: [Other], statements: [{Effect: Deny, NotAction: 's3:*'}]", False),
    ],
)
def test_judge(options: str, expected: bool) -> None:
    assert matched(f"{{type: has-statement, {options}}}", BUCKET, presets=PRESETS) is expected


@pytest.mark.parametrize("policy", [None, "", {}])
def test_without_a_policy_there_are_none(policy: Any) -> None:
    assert not matched("{type: has-statement, statement_ids: [A]}", {"Policy": policy}, presets=PRESETS)


def test_a_policy_that_cannot_be_read_is_unknown() -> None:
    """Nor does `not` find it."""
    for text in ("{type: has-statement, statement_ids: [A]}", "{not: [{type: has-statement, statement_ids: [A]}]}"):
        assert verdict(text, {"Policy": "no JSON"}, presets=PRESETS).kind is Kind.UNKNOWN


def test_evidence_and_problems() -> None:
    shown = why("{type: has-statement, statement_ids: [Secure, Lacking]}", BUCKET, presets=PRESETS)
    assert (shown.expected, shown.observed) == ("2 statements", "lacks Lacking")
    for text, presets in (
        ("has-statement", {}),
        ("{type: has-statement, statements: [{Action: x}]}", PRESETS),
        ("{type: has-statement, statements: [{Effect: Deny, PartialMatch: Sid}]}", PRESETS),
    ):
        with pytest.raises(Rejected):
            tree(text, presets)
