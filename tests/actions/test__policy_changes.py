"""Statements written and taken off: what the document says afterwards, and that it comes back."""

from __future__ import annotations

import json

import pytest

from actions._policy_changes import Statement, statement_problems
from engine.model.json import Json
from engine.model.need import FacetNeed
from engine.plugin.discover import catalog

from .table import calls, change, inverse, item, skip

OPEN: Json = {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}
OWN: Json = {"Sid": "Own", "Effect": "Allow", "Principal": {"AWS": "1"}, "Action": "sns:*", "Resource": "*"}
NAMELESS: Json = {"Effect": "Allow", "Principal": "*", "Action": "sns:Subscribe", "Resource": "*"}
NEW: Json = {"Sid": "New", "Effect": "Deny", "Principal": "*", "Action": "sns:*", "Resource": "{topic_arn}"}
DOCUMENT: Json = {"Version": "2008-10-17", "Id": "x", "Statement": [OPEN, OWN, NAMELESS]}


def topic(document: Json = DOCUMENT) -> Json:
    """A topic with a policy."""
    return item("sns", {}, {FacetNeed("detail"): {"Policy": json.dumps(document)}}, TopicArn="arn:t")


def queue(document: Json) -> Json:
    """A queue with a policy, or without."""
    attributes = {} if document is None else {"Policy": json.dumps(document)}
    return item("sqs", {}, {FacetNeed("detail"): attributes}, QueueUrl="https://sqs/1/q")


@pytest.mark.parametrize(
    ("action", "statements"),
    [
        ({"type": "remove-statements", "statement_ids": ["Open", "Gone"]}, [OWN, NAMELESS]),
        ({"type": "remove-statements", "statement_ids": "matched"}, [OWN]),
        ({"type": "set-statements", "remove": ["Open"], "statements": [NEW]},
         [OWN, NAMELESS, {**NEW, "Resource": "arn:t"}]),
        ({"type": "set-statements", "statements": [{**NEW, "Sid": "Own"}]},
         [OPEN, {**NEW, "Sid": "Own", "Resource": "arn:t"}, NAMELESS]),
        ({"type": "modify-policy", "remove-statements": "*", "add-statements": [NEW]},
         [{**NEW, "Resource": "arn:t"}]),
    ],
)  # fmt: skip
def test_what_the_document_says(action: Json, statements: Json) -> None:
    """Its other members stay; a statement without an id goes only where it was matched, or all go."""
    found = change(action, topic(), found={"statements": [OPEN, NAMELESS]})
    ((call, params),) = calls(found)
    assert (call, params["TopicArn"], params["AttributeName"]) == ("sns:SetTopicAttributes", "arn:t", "Policy")
    assert json.loads(params["AttributeValue"]) == {**DOCUMENT, "Statement": statements}
    ((_, back),) = inverse(found)
    assert json.loads(back["AttributeValue"]) == DOCUMENT


@pytest.mark.parametrize(
    ("action", "why"),
    [
        ({"type": "remove-statements", "statement_ids": ["Gone"]}, "it has none of these statements"),
        ({"type": "remove-statements", "statement_ids": "*"}, "no statement would be left, and it cannot be without"),
        ({"type": "set-statements", "statements": [OWN]}, "it is so already"),
    ],
)
def test_left_alone(action: Json, why: str) -> None:
    """Nothing to change; or a topic that would be without a policy."""
    assert skip(action, topic()) == why


def test_what_cannot_be_read_is_not_written_over() -> None:
    """A policy that is no JSON is left as it is."""
    unreadable = item("sns", {}, {FacetNeed("detail"): {"Policy": "{"}}, TopicArn="arn:t")
    said = skip({"type": "set-statements", "statements": [NEW]}, unreadable)
    assert said == "its policy is not JSON, and is not written over"


def test_a_policy_made_anew() -> None:
    """Undo takes it away again."""
    found = change({"type": "set-statements", "statements": [NEW]}, queue(None))
    ((_, params),) = calls(found)
    assert json.loads(params["Attributes"]["Policy"])["Version"] == "2012-10-17"
    assert [p["Attributes"] for _, p in inverse(found)] == [{"Policy": ""}]


@pytest.mark.parametrize(
    ("word", "facet", "call", "gone", "parameter"),
    [
        ("efs", "policy", "efs:PutFileSystemPolicy", "efs:DeleteFileSystemPolicy", "Policy"),
        ("s3", "policy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "Policy"),
        ("ecr", "policy", "ecr:SetRepositoryPolicy", "ecr:DeleteRepositoryPolicy", "policyText"),
        ("glacier", "access-policy", "glacier:SetVaultAccessPolicy", "glacier:DeleteVaultAccessPolicy", "policy"),
        ("secrets-manager", "policy", "secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy",
         "ResourcePolicy"),
        ("dynamodb-table", "resource-policy", "dynamodb:PutResourcePolicy", "dynamodb:DeleteResourcePolicy", "Policy"),
        ("kinesis", "resource-policy", "kinesis:PutResourcePolicy", "kinesis:DeleteResourcePolicy", "Policy"),
    ],
)  # fmt: skip
def test_each_type_in_its_own_calls(word: str, facet: str, call: str, gone: str, parameter: str) -> None:
    """Where nothing is left the policy is deleted; both come back."""
    type = catalog().provider.type(word)
    document: Json = {"Version": "2012-10-17", "Statement": [OPEN, OWN]}
    read = document if type.facets[facet].form == "json-text" else json.dumps(document)
    fact = {"Policy": read} if word == "glacier" else read
    on = item(word, {}, {FacetNeed(facet): fact}, **{type.identity.id: "x"})
    for ids, made in ((["Open"], call), ("*", gone)):
        found = change({"type": "remove-statements", "statement_ids": ids}, on)
        assert [name for name, _ in calls(found)] == [made]
        ((undoing, params),) = inverse(found)
        assert undoing == call
        text = params[parameter]["Policy"] if word == "glacier" else params[parameter]
        assert json.loads(text) == document


def test_a_function_one_by_one() -> None:
    """A permission is taken off by its id, and given again as it was."""
    source: Json = {"ArnLike": {"AWS:SourceArn": "arn:b"}, "StringEquals": {"AWS:SourceAccount": "1"}}
    given: Json = {"Sid": "S", "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"},
                   "Action": "lambda:InvokeFunction", "Resource": "f", "Condition": source}  # fmt: skip
    on = item("lambda", {}, {FacetNeed("policy"): {"Statement": [given, {**given, "Sid": "T"}]}})
    found = change({"type": "remove-statements", "statement_ids": ["S"]}, on)
    assert calls(found) == [("lambda:RemovePermission", {"FunctionName": "f", "StatementId": "S"})]
    assert inverse(found) == [
        ("lambda:AddPermission",
         {"FunctionName": "f", "StatementId": "S", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com",
          "SourceArn": "arn:b", "SourceAccount": "1"})
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("elements", "lacking"),
    [
        ({"principal": "*", "action": "s3:*", "resource": "*"}, []),
        ({"not_principal": {"AWS": "1"}, "not_action": "s3:*", "not_resource": "*"}, []),
        ({"principal": "*", "action": "s3:*"}, ["Resource"]),
        ({"principal": "*", "not_principal": {"AWS": "1"}, "resource": "*"}, ["Principal", "Action"]),
    ],
)
def test_a_statement_is_whole(elements: Json, lacking: list[str]) -> None:
    """One of each pair, not both: what IAM would refuse."""
    statement = Statement(sid="A", effect="Deny", **elements)
    said = [problem.text for problem in statement_problems("statements", [statement])]
    assert said == [f"statement 'A' needs either {name} or Not{name}" for name in lacking]


@pytest.mark.parametrize(("word", "needed"), [("ecr", False), ("sns", True)])
def test_policies_of_repositories_name_no_resource(word: str, needed: bool) -> None:
    statement = Statement(sid="A", effect="Deny", principal="*", action="x:*")
    said = [*statement_problems("statements", [statement], catalog().provider.type(word))]
    assert bool(said) is needed
