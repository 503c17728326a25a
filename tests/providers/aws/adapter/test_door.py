"""Every operation of every plan, and every way to fail: the door answers or raises CallFailed, nothing else."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind
from engine.model.record import ResourceType
from engine.model.scope import Scope
from providers.aws import PROVIDER
from providers.aws.adapter.connection import AwsConnection
from providers.aws.adapter.door import AwsDoor

from .conftest import connected
from .faults import FAULTS, MODEL, URL, Fault, Raw, Tap, fits, sample_params

SCOPE = Scope("123456789012", "us-east-1")


def operations_of(type: ResourceType) -> Iterator[tuple[str, str]]:
    """(service, operation) of everything that a plan over the type may call."""
    yield type.list.service or type.service, type.list.call
    if type.list.by_id is not None and type.list.by_id.call:
        yield type.list.service or type.service, type.list.by_id.call
    for each in (*type.facets.values(), *type.operations.values()):
        yield each.service or type.service, each.call
    for write in (type.tags.write, type.tags.remove) if type.tags is not None else ():
        if write is not None:
            yield write.service or type.service, write.call


@functools.cache
def operations() -> list[tuple[str, str]]:
    """Those of every type, and the ones that no record names."""
    found = {each for word in PROVIDER.curated() for each in operations_of(PROVIDER.type(word))}
    return sorted(found | {("cloudwatch", "GetMetricData"), ("resourcegroupstaggingapi", "GetResources"),
                           ("sts", "GetCallerIdentity"), ("s3", "GetObject"), ("ec2", "DescribeRegions")})  # fmt: skip


def call_of(service: str, operation: str) -> Call:
    """The operation with the least it takes."""
    model = MODEL.operation(service, operation)
    assert model is not None, f"{service}:{operation} is not in the SDK"
    return Call(service, operation, sample_params(model), SCOPE)


@functools.cache
def broken() -> tuple[AwsConnection, list[Fault]]:
    """A connection, and the one fault that all its calls meet."""
    now: list[Fault] = []
    return Tap(breaks=lambda service, operation: now[0]).on(connected()), now


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_operation_fails_in_a_typed_way(fault: Fault) -> None:
    """`perform` and `pages` raise CallFailed of the fault's kind; `sent` says whether AWS may have acted."""
    tried = 0
    connection, now = broken()
    now[:] = [fault]
    for service, operation in operations():
        if not fits(fault, service, operation):
            continue
        call = call_of(service, operation)
        asks = [connection.door.perform]
        if MODEL.pagination(service, operation) is not None:
            asks.append(lambda c: list(connection.door.pages(c)))
        for ask in asks:
            with pytest.raises(CallFailed) as raised:
                ask(call)
            told = raised.value
            assert (told.service, told.operation) == (service, operation)
            assert (told.kind, told.sent) == (fault.kind, fault.sent), str(told)
            assert told.message
            tried += 1
    assert tried > 70


def answering(bodies: dict[str, list[bytes]]) -> tuple[AwsConnection, list[Any]]:
    """A connection whose operations answer with these bodies in turn, and the requests it made."""
    connection, requests = connected(), []
    create = connection.door._create

    def tapped(service: str, **given: Any) -> Any:
        client = create(service, **given)

        def before_send(request: Any, event_name: str, **_: Any) -> AWSResponse:
            requests.append(request)
            return AWSResponse(URL, 200, {"ETag": "1"}, Raw(bodies[event_name.rsplit(".", 1)[1]].pop(0)))

        client.meta.events.register("before-send.*.*", before_send)
        return client

    connection.door._create = tapped
    return connection, requests


def test_pages_are_one_request_each_and_counted() -> None:
    """Tokens are botocore's business; the door counts requests."""
    pages = [b'{"TableNames": ["one"], "LastEvaluatedTableName": "one"}', b'{"TableNames": ["two"]}']
    connection, requests = answering({"ListTables": pages})
    found = list(connection.door.pages(Call("dynamodb", "ListTables", {"Limit": 1}, SCOPE)))
    assert [page["TableNames"] for page in found] == [["one"], ["two"]]
    assert b"ExclusiveStartTableName" in requests[1].body
    assert connection.door.calls == {"dynamodb:ListTables": 2}
    assert all("ResponseMetadata" not in page for page in found)


def test_a_page_that_breaks_off_ends_the_listing_with_a_failure() -> None:
    """The first page alone must not pass for the whole."""
    connection, _ = answering(
        {"ListTables": [b'{"TableNames": ["one"], "LastEvaluatedTableName": "one"}', b'{"TableN']}
    )
    pages = connection.door.pages(Call("dynamodb", "ListTables", {}, SCOPE))
    assert next(pages)["TableNames"] == ["one"]
    with pytest.raises(CallFailed):
        next(pages)


def test_tokens_without_a_paginator_are_followed() -> None:
    """botocore has no paginator for App Runner; its operations have NextToken on both sides."""
    pages = [b'{"ServiceSummaryList": [{"ServiceName": "one"}], "NextToken": "t"}', b'{"ServiceSummaryList": []}']
    connection, requests = answering({"ListServices": pages})
    found = list(connection.door.pages(Call("apprunner", "ListServices", {"MaxResults": 1}, SCOPE)))
    assert [len(page["ServiceSummaryList"]) for page in found] == [1, 0]
    assert b'"NextToken": "t"' in requests[1].body
    assert connection.door.calls == {"apprunner:ListServices": 2}


@pytest.mark.parametrize("tokens", ["tt", "tut", "tuvu"])
@pytest.mark.parametrize(
    ("call", "body"),
    [
        (Call("apprunner", "ListServices", {}, SCOPE), '{"ServiceSummaryList": [], "NextToken": "%s"}'),
        (Call("kms", "ListKeys", {}, SCOPE), '{"Keys": [], "Truncated": true, "NextMarker": "%s"}'),
        (Call("ec2", "DescribeVolumes", {}, SCOPE),
         "<DescribeVolumesResponse><volumeSet/><nextToken>%s</nextToken></DescribeVolumesResponse>"),
    ],
    ids=["without a paginator", "json", "ec2"],
)  # fmt: skip
def test_a_token_that_comes_back_is_a_failure(call: Call, body: str, tokens: str) -> None:
    """The listing would never end, or repeat itself; the pages so far must not pass for the whole."""
    connection, requests = answering({call.operation: [(body % token).encode() for token in tokens] * 2})
    with pytest.raises(CallFailed):
        list(connection.door.pages(call))
    assert len(requests) == len(tokens)


def test_waf_repeats_its_last_page() -> None:
    """The same answer again is the end there; another answer with the same token is a failure there too."""
    page = b'{"WebACLs": [{"Name": "one"}], "NextMarker": "t"}'
    call = Call("wafv2", "ListWebACLs", {"Scope": "REGIONAL"}, SCOPE)
    connection, requests = answering({"ListWebACLs": [page] * 2})
    assert len(list(connection.door.pages(call))) == 1
    assert len(requests) == 2
    connection, _ = answering({"ListWebACLs": [page, page.replace(b"one", b"two"), page]})
    with pytest.raises(CallFailed, match="answered before"):
        list(connection.door.pages(call))


def test_a_page_that_is_asked_for_by_token_is_one_page() -> None:
    """Whoever gives a token pages himself."""
    connection, _ = answering({"ListServices": [b'{"ServiceSummaryList": [], "NextToken": "u"}']})
    assert len(list(connection.door.pages(Call("apprunner", "ListServices", {"NextToken": "t"}, SCOPE)))) == 1


def test_an_answer_that_is_truly_empty_is_no_failure() -> None:
    """`{}` and no body at all are answers."""
    connection, _ = answering({"ListTables": [b"{}"], "TagResource": [b""]})
    assert connection.door.perform(Call("dynamodb", "ListTables", {}, SCOPE)) == {}
    write = Call("dynamodb", "TagResource", {"ResourceArn": "arn", "Tags": []}, SCOPE)
    assert connection.door.perform(write) == {}


def test_a_body_that_is_streamed_is_read_by_the_door() -> None:
    """So that one that breaks off is a failure of the call, not of whoever reads it."""
    connection, _ = answering({"GetObject": [b"names"]})
    get = Call("s3", "GetObject", {"Bucket": "lists", "Key": "k"}, SCOPE)
    assert connection.door.perform(get)["Body"] == b"names"


def test_a_call_without_pages_gives_its_one_answer() -> None:
    """GetCallerIdentity has no paginator."""
    body = (
        b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>"
        b"</GetCallerIdentityResponse>"
    )
    connection, _ = answering({"GetCallerIdentity": [body]})
    assert list(connection.door.pages(Call("sts", "GetCallerIdentity", {}, SCOPE))) == [{"Account": "1"}]
    assert connection.door.calls == {"sts:GetCallerIdentity": 1}


def test_one_client_for_each_service_and_region() -> None:
    """Made once even when many threads ask at the same moment."""
    made: list[tuple[str, str]] = []

    def create(service: str, *, region_name: str, config: Any) -> object:
        made.append((service, region_name))
        return object()

    door = AwsDoor(create)
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(door.client("ec2", "eu-west-1"))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1
    assert door.client("ec2", "us-east-1") is not found[0]
    assert made == [("ec2", "eu-west-1"), ("ec2", "us-east-1")]


def test_wrong_parameters_never_leave_the_machine() -> None:
    """The SDK's own check is a failure of kind invalid, certainly not sent."""
    tap = Tap()
    door = tap.on(connected()).door
    with pytest.raises(CallFailed) as raised:
        door.perform(Call("ec2", "StopInstances", {"InstanceIds": 5}, SCOPE))
    assert (raised.value.kind, raised.value.sent) == (FailureKind.INVALID, False)
    assert not tap.calls


def test_a_service_that_the_sdk_does_not_know_is_a_failure() -> None:
    """No AttributeError or UnknownServiceError comes through."""
    with pytest.raises(CallFailed) as raised:
        connected().door.perform(Call("nonsense", "Do", {}, SCOPE))
    assert raised.value.kind is FailureKind.INVALID
    with pytest.raises(CallFailed):
        connected().door.perform(Call("ec2", "DoNonsense", {}, SCOPE))


def test_the_sdk_retries_what_is_throttled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the user's own setting the door's clients use botocore's adaptive mode, eight attempts."""
    monkeypatch.delenv("AWS_RETRY_MODE")
    client = connected().door.client("ec2", "us-east-1")
    assert client.meta.config.retries == {"mode": "adaptive", "total_max_attempts": 8}
    monkeypatch.setenv("AWS_RETRY_MODE", "standard")
    assert connected().door.client("ec2", "us-east-1").meta.config.retries["mode"] == "standard"
