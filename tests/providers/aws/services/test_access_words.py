"""Who is let in: words that records make of policies, lists of accounts, and what is spelled in other ways."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.model.json import Json
from engine.plugin.paths import bound, getter
from providers.aws.records import Records
from tests.actions.table import calls, change, inverse, item

from .test_filters import kept

RECORDS = Records()
OWN, OTHER = "123456789012", "222222222222"


def said(*principals: str, **more: Any) -> dict[str, Any]:
    """A statement that allows something to each."""
    named = [{"Effect": "Allow", "Action": "x:Y", "Principal": {"AWS": each}, **more} for each in principals]
    return {"Statement": named}


@pytest.mark.parametrize(
    ("resource", "attribute"),
    [
        ("iam-role", "AssumeRolePolicyDocument"),
        ("kms", "Policy"),
        ("lambda-layer", "Policy"),
        ("opensearch-ingestion", "c7n:Policy"),
        ("payment-cryptography-key", "c7n:AccessPolicy"),
    ],
)
def test_policies(resource: str, attribute: str) -> None:
    texts = resource in ("opensearch-ingestion", "payment-cryptography-key")
    things = {"a": said(OTHER), "b": said(f"arn:aws:iam::{OWN}:root"), "c": said("*"), "d": None}
    told = {name: {attribute: json.dumps(each) if texts and each else each} for name, each in things.items()}
    assert kept(resource, {}, told, "cross-account") == "ac"
    assert kept(resource, {"whitelist": [OTHER]}, told, "cross-account") == "c"
    assert kept(resource, {"everyone_only": True}, told, "cross-account") == "c"


def allowed(account: str, region: str) -> dict[str, Any]:
    return {"AuthorizedAccountId": account, "AuthorizedAwsRegion": region}


AGGREGATORS = {
    "a": {"c7n:AggregationAuthorizations": [allowed(OTHER, "us-east-1")]},
    "b": {"c7n:AggregationAuthorizations": [allowed(OWN, "us-east-1")]},
    "c": {"c7n:AggregationAuthorizations": [allowed(OWN, "eu-west-1"), allowed(OWN, "us-east-1")]},
    "d": {"c7n:AggregationAuthorizations": []},
}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "a"),
        ({"whitelist": [OTHER]}, ""),
        ({"allowed_regions": ["us-east-1"]}, "ac"),
        ({"allowed_regions": ["us-east-1"], "whitelist": [OTHER]}, "c"),
        ({"allowed_regions": ["eu-west-1"], "whitelist": [OTHER]}, "abc"),
    ],
)
def test_aggregation(options: dict[str, Json], expected: str) -> None:
    assert kept("config-recorder", options, AGGREGATORS, "cross-account") == expected


def test_event_targets() -> None:
    """What is AWS's own has no account in its ARN."""
    things = {
        "a": {"Arn": f"arn:aws:sqs:us-east-1:{OTHER}:q"},
        "b": {"Arn": f"arn:aws:sqs:us-east-1:{OWN}:q"},
        "c": {"Arn": "arn:aws:ssm:us-east-1::document/AWS-RunShellScript"},
    }
    assert kept("event-rule-target", {}, things, "cross-account") == "a"


def sharing(*principals: str, **more: Any) -> dict[str, Any]:
    return {"Policy": [{"StatementId": "s", "Principals": list(principals), "Actions": ["Deploy"], **more}]}


APPS = {"a": sharing(OTHER), "b": sharing("*", PrincipalOrgIDs=["o-1"]), "c": sharing(OWN), "d": {"Policy": []}}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "ab"),
        ({"whitelist_orgids": ["o-1"]}, "a"),
        ({"everyone_only": True}, "b"),
        ({"actions": ["serverlessrepo:Deploy"]}, "ab"),
        ({"actions": ["serverlessrepo:GetApplication"]}, ""),
    ],
)
def test_applications(options: dict[str, Json], expected: str) -> None:
    assert kept("serverless-app", options, APPS, "cross-account") == expected


def test_has_statement() -> None:
    one = {"Sid": "A", "Effect": "Allow", "Action": "x:Y", "Resource": "arn"}
    text = json.dumps({"Statement": [one]})
    wanted: list[dict[str, Json]] = [
        {"statement_ids": ["A"]},
        {"statements": [{"Effect": "Allow", "Action": "X:y"}]},
    ]
    for options in wanted:
        domains = {"a": {"AccessPolicies": text}, "b": {"AccessPolicies": ""}}
        assert kept("elasticsearch", options, domains, "has-statement") == "a"
        assert kept("s3-table", options, {"a": {"c7n:Policy": text}, "b": {"c7n:Policy": None}}, "has-statement") == "a"
        identities = {"a": {"Policies": {"p": text}}, "b": {"Policies": {}}}
        assert kept("ses-email-identity", options, identities, "has-statement") == "a"
    named: dict[str, Json] = {"statements": [{"Effect": "Allow", "Resource": "{domain_arn}"}]}
    domains = {"a": {"AccessPolicies": text, "ARN": "arn"}, "b": {"AccessPolicies": text, "ARN": "brn"}}
    assert kept("elasticsearch", named, domains, "has-statement") == "a"


LAYER: dict[str, Json] = {
    "LayerVersionArn": "arn:aws:lambda:us-east-1:123456789012:layer:l:3", "LayerName": "l", "Version": 3,
    "Policy": {"Statement": [
        {"Sid": "s", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"}, "Action": "lambda:GetLayerVersion"},
        {"Sid": "o", "Effect": "Allow", "Principal": "*", "Action": "lambda:GetLayerVersion", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
    ]},
}  # fmt: skip


def test_layer_statements() -> None:
    """They go one by one, and come back as they were."""
    made = change({"type": "remove-statements", "statement_ids": ["s", "o"]}, item("lambda-layer", {}, **LAYER))
    where = {"LayerName": "l", "VersionNumber": 3}
    assert calls(made) == [
        ("lambda:RemoveLayerVersionPermission", {**where, "StatementId": "s"}),
        ("lambda:RemoveLayerVersionPermission", {**where, "StatementId": "o"}),
    ]
    more = {**where, "Action": "lambda:GetLayerVersion"}
    assert inverse(made) == [
        ("lambda:AddLayerVersionPermission", {**more, "StatementId": "s", "Principal": f"arn:aws:iam::{OTHER}:root"}),
        ("lambda:AddLayerVersionPermission", {**more, "StatementId": "o", "Principal": "*", "OrganizationId": "o-1"}),
    ]


def test_domain_statements() -> None:
    """Where none is left there is no policy."""
    text = json.dumps({"Statement": [{"Sid": "A", "Effect": "Allow", "Principal": "*", "Action": "es:*"}]})
    made = change(
        {"type": "remove-statements", "statement_ids": ["A"]},
        item("elasticsearch", {}, DomainName="d", AccessPolicies=text),
    )
    assert calls(made) == [("es:UpdateElasticsearchDomainConfig", {"DomainName": "d", "AccessPolicies": ""})]
    assert inverse(made) == [("es:UpdateElasticsearchDomainConfig", {"DomainName": "d", "AccessPolicies": text})]


def test_alias_statements() -> None:
    """A key keeps a policy."""
    policy: Json = {"Statement": [{"Sid": "A", "Effect": "Allow"}, {"Sid": "B", "Effect": "Allow"}]}
    made = change(
        {"type": "remove-statements", "statement_ids": ["A"]},
        item("kms", {}, AliasArn="a", TargetKeyId="k", Policy=policy),
    )
    ((_, params),) = calls(made)
    assert (params["KeyId"], json.loads(params["Policy"])) == ("k", {"Statement": policy["Statement"][1:]})
    ((_, back),) = inverse(made)
    assert json.loads(back["Policy"]) == policy


@pytest.mark.parametrize(
    ("kind", "expected"), [("all", ["s", "c"]), ("s3", ["s"]), ("cloudwatch", ["c"]), ("job-bookmarks", [])]
)
def test_keys_of_a_security_configuration(kind: str, expected: list[str]) -> None:
    record = RECORDS.type("glue-security-configuration")
    given = {
        "S3Encryption": [{"KmsKeyArn": "s"}, {"S3EncryptionMode": "SSE-S3"}],
        "CloudWatchEncryption": {"KmsKeyArn": "c"},
        "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": "DISABLED"},
    }
    among = bound(str(record.filters["kms-key"].with_["among"]), {"key-type": kind})
    assert getter(among)({"EncryptionConfiguration": given}) == expected
    assert getter(record.joins["kms-key"].ids)({"EncryptionConfiguration": given}) == ["s", "c"]


@pytest.mark.parametrize(
    ("resource", "attributes", "expected"),
    [
        ("emr", {"Ec2InstanceAttributes": {"EmrManagedMasterSecurityGroup": "a", "AdditionalSlaveSecurityGroups": ["b"]}}, ["a", "b"]),
        ("workspaces-directory", {"WorkspaceSecurityGroupId": "a", "WorkspaceCreationProperties": {}}, ["a"]),
        ("workspaces-directory", {"WorkspaceCreationProperties": {"CustomSecurityGroupId": "b"}}, ["b"]),
        ("ecs-task", {"c7n:SecurityGroups": ["a"]}, ["a"]),
        ("efs-mount-target", {"SecurityGroup": ["a"]}, ["a"]),
    ],
)  # fmt: skip
def test_security_groups(resource: str, attributes: dict[str, Json], expected: list[str]) -> None:
    assert getter(RECORDS.type(resource).joins["security-group"].ids)(attributes) == expected
