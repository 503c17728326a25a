"""Statements that let in strangers: the table that c7n 0.9.53 was asked, with the two deliberate differences."""

from __future__ import annotations

from typing import Any

import pytest

from engine.filters._policies import Trusted, account_of, statements_of, violates
from engine.model.verdict import Kind
from engine.plugin.protocols import Missing

OWN, OTHER = "111111111111", "222222222222"
NOBODY_ELSE = Trusted(frozenset({OWN}))


def statement(principal: Any = "*", condition: Any = None, **more: Any) -> dict[str, Any]:
    told = {} if condition is None else {"Condition": condition}
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Principal": principal, **told, **more}


def without_principal(**more: Any) -> dict[str, Any]:
    return {k: v for k, v in statement(**more).items() if k != "Principal"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (statement(), True),
        (statement({"AWS": "*"}), True),
        (statement({"AWS": f"arn:aws:iam::{OWN}:root"}), False),
        (statement({"AWS": OWN}), False),
        (statement({"AWS": f"arn:aws:iam::{OTHER}:root"}), True),
        (statement({"AWS": [OWN, OTHER]}), True),
        (statement({"Service": "ec2.amazonaws.com"}), False),
        (statement({"Service": "ec2.amazonaws.com", "AWS": OTHER}), True),
        (statement({"Federated": "cognito-identity.amazonaws.com"}), True),
        (statement({"CanonicalUser": "abc"}), True),
        (statement({"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}), False),
        (statement({"AWS": "AIDACKCEVSQ6C2EXAMPLE"}), True),
        (without_principal(), True),
        (without_principal(NotPrincipal={"AWS": OWN}), True),
        (statement(Effect="Deny"), False),
    ],
)
def test_principals(given: dict[str, Any], expected: bool) -> None:
    assert violates(given, NOBODY_ELSE) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"AWS:SourceAccount": OWN}}, False),
        ({"StringEquals": {"aws:SourceAccount": OTHER}}, True),
        ({"StringEquals": {"aws:SourceAccount": [OWN, OTHER]}}, True),
        ({"StringEquals": {"aws:SourceOwner": OWN}}, False),
        ({"StringEquals": {"aws:PrincipalAccount": OWN}}, False),
        ({"StringEquals": {"kms:CallerAccount": OWN}}, False),  # c7n does not know the key
        ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b"}}, True),
        ({"ArnLike": {"aws:SourceArn": f"arn:aws:sns:us-east-1:{OWN}:t"}}, False),
        ({"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:us-east-1:{OTHER}:t"}}, True),
        ({"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/x"}}, False),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, True),
        ({"StringEquals": {"aws:SourceVpc": "vpc-1"}}, False),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, False),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, True),  # c7n takes any address for a restriction
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "StringEquals": {"aws:SourceAccount": OWN}}, False),
        ({"ArnLike": {"aws:SourceArn": f"arn:aws:sns:::{OTHER}:t"}, "StringEquals": {"aws:SourceAccount": OWN}}, True),
        ({"StringEquals": {"foo:Bar": "1"}}, True),
        ({"StringEquals": {"foo:Bar": "1", "aws:SourceAccount": OWN}}, True),
        ({"StringNotEquals": {"aws:SourceAccount": OTHER}}, True),
        ({"StringEqualsIfExists": {"aws:SourceAccount": OWN}}, True),
        ({"ForAllValues:StringEquals": {"aws:SourceAccount": OWN}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"StringLike": {"aws:userid": "AID"}}, True),
    ],
)
def test_conditions(condition: dict[str, Any], expected: bool) -> None:
    assert violates(statement(condition=condition), NOBODY_ELSE) is expected
    assert violates(statement({"Service": "sns.amazonaws.com"}, condition), NOBODY_ELSE) is False
    assert violates(statement({"AWS": OWN}, condition), NOBODY_ELSE) is False


@pytest.mark.parametrize(
    ("given", "trusted", "expected"),
    [
        (statement({"AWS": OTHER}), {"accounts": frozenset({OWN, OTHER})}, False),
        (statement({"AWS": OTHER}), {"everyone_only": True}, False),
        (statement({"AWS": [OTHER, "*"]}), {"everyone_only": True}, True),
        (without_principal(NotPrincipal={"AWS": "1"}), {"everyone_only": True}, True),
        (statement(condition={"StringEquals": {"aws:SourceAccount": OWN}}), {"everyone_only": True}, False),
        (
            statement(condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
            {"organizations": frozenset({"o-1"})},
            False,
        ),
        (statement(condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}}), {"vpcs": frozenset({"vpc-2"})}, True),
        (statement(condition={"StringEquals": {"aws:SourceVpce": "e-1"}}), {"endpoints": frozenset({"e-1"})}, False),
        (
            statement(condition={"StringLike": {"SNS:Endpoint": "*@a.com"}}),
            {"subscribers": frozenset({"@a.com"})},
            False,
        ),
        (
            statement(condition={"StringLike": {"SNS:Endpoint": "*@b.com"}}),
            {"subscribers": frozenset({"@a.com"})},
            True,
        ),
        (statement(condition={"StringEquals": {"SNS:Protocol": "https"}}), {"protocols": frozenset({"https"})}, False),
        (statement(condition={"StringLike": {"aws:userid": "A"}}), {"conditions": frozenset({"aws:userid"})}, False),
        (statement(), {"actions": ("s3:PutObject",)}, False),
        (statement(), {"actions": ("s3:getobject",)}, True),
        (statement(Action="s3:*"), {"actions": ("s3:GetObject",)}, True),
    ],
)
def test_trusted(given: dict[str, Any], trusted: dict[str, Any], expected: bool) -> None:
    assert violates(given, Trusted(**{"accounts": frozenset({OWN}), **trusted})) is expected


@pytest.mark.parametrize(
    ("policy", "count"),
    [
        ('{"Statement": [{"Sid": "a"}, {"Sid": "b"}]}', 2),
        ({"Statement": {"Sid": "a"}}, 1),
        ({"Statement": ["x"]}, 0),
        ({}, 0),
        ("", 0),
        (None, 0),
    ],
)
def test_statements_of(policy: Any, count: int) -> None:
    assert len(statements_of(policy)) == count


def test_a_text_that_is_no_json_may_say_anything() -> None:
    with pytest.raises(Missing) as raised:
        statements_of("no JSON")
    assert raised.value.verdict.kind is Kind.UNKNOWN


def test_account_of() -> None:
    given = (f"arn:aws:iam::{OWN}:root", OWN, "*", "arn:aws")
    assert [account_of(each) for each in given] == [OWN, OWN, "*", ""]
