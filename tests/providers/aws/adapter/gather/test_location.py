"""What lies elsewhere: an ARN of another account or region is not proven absent by an answer of our own."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine.model.call import Call
from engine.model.errors import FailureKind
from engine.model.fact import Failed
from engine.model.json import Attributes, Json
from engine.model.need import RelatedNeed
from engine.model.scope import Scope
from providers.aws import PROVIDER
from providers.aws.adapter.gather.location import elsewhere, region_of

from ..doubles import SCOPE, at, gathered, refused

OWN = "arn:aws:kms:us-east-1:123456789012:key/k"
OTHER_ACCOUNT = "arn:aws:kms:us-east-1:999999999999:key/k"
OTHER_REGION = "arn:aws:kms:eu-west-1:123456789012:key/k"


def kms(call: Call) -> Json:
    """An account with one key, `here`, and an alias of it."""
    if call.operation == "ListAliases":
        return {"Aliases": []}
    if call.operation == "ListKeys":
        return {"Keys": [{"KeyId": "here", "KeyArn": OWN.replace("/k", "/here")}]}
    if call.operation == "DescribeKey" and call.params["KeyId"] == "here":
        return {"KeyMetadata": {"KeyId": "here", "Arn": OWN.replace("/k", "/here"), "KeyState": "Enabled"}}
    raise refused(call, "NotFoundException", FailureKind.GONE)


@pytest.mark.parametrize(
    ("key", "cause"),
    [
        (OTHER_ACCOUNT, "arn:aws:kms:us-east-1:999999999999:key/k is of account 999999999999"),
        (OTHER_REGION, "arn:aws:kms:eu-west-1:123456789012:key/k is of region eu-west-1"),
        (OTHER_REGION.replace("key/k", "alias/x"), "alias/x is of region eu-west-1"),
        (OTHER_ACCOUNT.replace("/k", "/here"), "is of account 999999999999"),  # of the same name, but theirs
    ],
)
def test_a_key_of_another_account_or_region_is_unknown(key: str, cause: str) -> None:
    """The own account's "not found" says nothing of it."""
    need = RelatedNeed("kms-key", ("KeyState",))
    connection, _ = at(kms)
    (told,) = gathered(connection, "sns", [{"TopicArn": "arn:t", "KmsMasterKeyId": key}], need)
    assert isinstance(told[need], Failed)
    assert cause in told[need].cause


@pytest.mark.parametrize("key", [OWN, "k", "arn:aws:kms:us-east-1:aws:key/k"])
def test_a_key_of_our_own_that_is_gone_is_gone(key: str) -> None:
    """The absence is proven."""
    need = RelatedNeed("kms-key", ("KeyState",))
    connection, _ = at(kms)
    (told,) = gathered(connection, "sns", [{"TopicArn": "arn:t", "KmsMasterKeyId": key}], need)
    assert told[need] == [("k", None)]


def test_a_key_of_our_own_is_found() -> None:
    """By the end of its ARN."""
    need = RelatedNeed("kms-key", ("KeyState",))
    connection, _ = at(kms)
    things: list[dict[str, Json]] = [{"TopicArn": "arn:t", "KmsMasterKeyId": OWN.replace("/k", "/here")}]
    (told,) = gathered(connection, "sns", things, need)
    assert told[need][0][1]["KeyState"] == "Enabled"


def test_a_topic_of_another_account_is_unknown() -> None:
    """A subscription to it is listed in ours; ListTopics has only our topics."""
    need = RelatedNeed("topic", ("KmsMasterKeyId",))
    theirs = "arn:aws:sns:us-east-1:999999999999:theirs"
    connection, _ = at(lambda call: {"Topics": []})
    (told,) = gathered(connection, "sns-subscription", [{"SubscriptionArn": "arn:s", "TopicArn": theirs}], need)
    assert isinstance(told[need], Failed)
    assert theirs in told[need].cause


def test_the_account_is_asked_only_where_an_arn_names_one() -> None:
    """And where it cannot be asked, nothing is known of what the ARN names."""

    def answer(call: Call) -> Json:
        if call.service == "sts":
            raise refused(call, "ExpiredToken")
        return kms(call)

    need = RelatedNeed("kms-key", ("KeyState",))
    connection, door = at(answer, account="")
    things: list[dict[str, Json]] = [
        {"TopicArn": "arn:t", "KmsMasterKeyId": "k"},
        {"TopicArn": "arn:u", "KmsMasterKeyId": OWN},
    ]
    (first,) = gathered(connection, "sns", things[:1], need, account="")
    assert first[need] == [("k", None)]
    assert "GetCallerIdentity" not in door.operations()
    (second,) = gathered(connection, "sns", things[1:], need, account="")
    assert isinstance(second[need], Failed)
    assert "ExpiredToken" in second[need].cause


@pytest.mark.parametrize(
    ("word", "value", "there", "id", "expected"),
    [
        ("sqs", '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dlq"}', {}, "dlq", True),
        ("iam-role", "arn:aws:iam::999999999999:role/path/r", {}, "r", True),
        ("iam-role", "arn:aws:iam::999999999999:role/path/r", {}, "path/r", True),
        ("iam-role", "arn:aws:iam::123456789012:role/path/r", {}, "r", False),
        ("iam-policy", "arn:aws:iam::aws:policy/ReadOnlyAccess", {}, "ReadOnlyAccess", False),
        ("s3", "arn:aws:s3:::bucket/key", {}, "bucket", False),
        # Subnets are shared: what is found under the id is what the ARN names.
        ("subnet", "arn:aws:ec2:us-east-1:999999999999:subnet/s-1", {"s-1": {"SubnetId": "s-1"}}, "s-1", False),
        ("subnet", "arn:aws:ec2:us-east-1:999999999999:subnet/s-2", {"s-1": {"SubnetId": "s-1"}}, "s-2", True),
    ],
)
def test_ids_that_arns_place_elsewhere(
    word: str, value: str, there: Mapping[str, Attributes], id: str, expected: bool
) -> None:
    """Whatever part of the ARN the path cuts out; ARNs within JSON too; other attributes do not count."""
    connection, _ = at(kms)
    attributes: Attributes = {"a": value, "b": f"arn:aws:iam::999999999999:role/{id}"}
    causes = dict(elsewhere(connection, "a", attributes, SCOPE, there, PROVIDER.type(word)))
    assert (id in causes) is expected


@pytest.mark.parametrize(
    ("word", "attributes", "region"),
    [
        ("ec2", {}, "eu-west-1"),
        ("hostedzone", {}, "us-east-1"),
        ("distribution", {}, "us-east-1"),
        ("s3", {"BucketRegion": "eu-central-1"}, "eu-central-1"),
        ("s3", {}, ""),
        ("cloudtrail", {"HomeRegion": "us-west-2"}, "us-west-2"),
    ],
)
def test_where_tags_and_metrics_are_kept(word: str, attributes: Attributes, region: str) -> None:
    """Seen from eu-west-1."""
    connection, _ = at(kms)
    assert region_of(connection, PROVIDER.type(word), attributes, Scope("123456789012", "eu-west-1")) == region
