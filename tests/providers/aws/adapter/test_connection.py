"""Account, regions and reach: asked only when needed, told in words when they cannot be had."""

from __future__ import annotations

import threading

import pytest

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind, UsageRejected
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import ContentNeed, PolicyNeed
from engine.model.scope import Scope
from engine.plugin.protocols import Credentials
from providers.aws import PROVIDER
from providers.aws.adapter.connection import AwsConnection

from .doubles import at, gathered, refused


def test_making_one_asks_nothing() -> None:
    """No STS, no region list, no client."""
    connection = AwsConnection(Credentials())
    assert connection.known_account == ""
    assert connection.door.calls == {}
    assert connection.door._clients == {}


def test_the_account_is_asked_once_by_many_threads() -> None:
    """And remembered."""
    connection, door = at(lambda call: {"Account": "111122223333"}, account="")
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(connection.account)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {"111122223333"}
    assert door.operations() == ["GetCallerIdentity"]
    assert connection.with_account(Scope("", "eu-west-1")) == Scope("111122223333", "eu-west-1")
    assert connection.with_account(Scope("9", "eu-west-1")) == Scope("9", "eu-west-1")


def test_a_role_tells_its_account() -> None:
    """No call is needed to know whose resources they are."""
    role = AwsConnection(Credentials(assume="arn:aws:iam::111122223333:role/audit",
                                     environment=(("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"))))  # fmt: skip
    assert role.account == "111122223333"
    assert role.door.calls == {}


def test_regions_as_wanted_each_once() -> None:
    """In their order."""
    connection, door = at(lambda call: {})
    assert connection.regions(("eu-west-1", "us-east-1", "eu-west-1")) == ("eu-west-1", "us-east-1")
    assert connection.regions(()) == ("us-east-1",)
    assert door.asked == []


def test_all_regions_are_those_that_are_enabled() -> None:
    """One DescribeRegions."""

    def answer(call: Call) -> Json:
        assert call.params["Filters"][0]["Values"] == ["opt-in-not-required", "opted-in"]
        return {"Regions": [{"RegionName": "us-east-1"}, {"RegionName": "eu-west-1"}]}

    connection, door = at(answer)
    assert connection.regions(("all",)) == ("eu-west-1", "us-east-1")
    assert door.operations() == ["DescribeRegions"]


def test_all_regions_denied_is_a_failure() -> None:
    """Nothing can be run then."""

    def answer(call: Call) -> Json:
        raise refused(call)

    connection, _ = at(answer)
    with pytest.raises(CallFailed):
        connection.regions(("all",))


def test_no_region_says_what_to_do() -> None:
    """Neither given nor configured."""
    with pytest.raises(UsageRejected, match="give -r REGION"):
        AwsConnection(Credentials()).regions(())


def test_no_credentials_is_a_failure_of_that_kind() -> None:
    """The first call tells it."""
    connection = AwsConnection(Credentials())
    with pytest.raises(CallFailed) as raised:
        connection.door.perform(Call("ec2", "DescribeInstances", {}, Scope("", "us-east-1")))
    assert raised.value.kind is FailureKind.CREDENTIALS
    assert raised.value.sent is False


def test_a_service_reaches_only_its_regions() -> None:
    """Global ones reach all."""
    connection, _ = at(lambda call: {})
    assert connection.reaches(PROVIDER.type("ec2"), "eu-west-1")
    assert connection.reaches(PROVIDER.type("iam-user"), "eu-west-1")
    assert connection.reaches(PROVIDER.type("ec2"), "eu-south-9"), "a region that the SDK has not heard of yet is asked"


def test_a_need_that_nothing_gathers_is_told_as_failed() -> None:
    """Unknown, not an exception."""
    need = PolicyNeed("{}")
    connection, _ = at(lambda call: {})
    (told,) = gathered(connection, "ec2", [{"InstanceId": "i-0"}], need)
    assert isinstance(told[need], Failed)
    document = ContentNeed("dynamodb")
    (told,) = gathered(connection, "ec2", [{"InstanceId": "i-0"}], document)
    assert isinstance(told[document], Failed)
