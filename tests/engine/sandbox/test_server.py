import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from botocore.exceptions import ClientError

from engine.sandbox.account import Sandbox
from engine.sandbox.inprocess import sandbox
from engine.sandbox.world import read_text

from .conftest import asking

CONTROL = {"X-Engine-Sandbox": "1"}


@pytest.fixture(scope="module")
def here() -> Iterator[Sandbox]:
    with sandbox(read_text("{name: w, buckets: [{name: some-bucket}]}")) as account:
        yield account


@pytest.fixture
def connection(here: Sandbox) -> Iterator[HTTPConnection]:
    held = HTTPConnection(here.endpoint.removeprefix("http://"), timeout=10)
    yield held
    held.close()


def said(connection: HTTPConnection, method: str, path: str, headers: dict[str, str]) -> tuple[int, Any]:
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def test_status_says_what_runs(connection: HTTPConnection, here: Sandbox) -> None:
    status, found = said(connection, "GET", "/engine-sandbox/status", CONTROL)
    assert status == 200
    assert (found["pid"], found["endpoint"], found["account"]) == (here.pid, here.endpoint, "123456789012")
    assert (found["world"], found["world_name"], found["region"]) == (None, "w", "us-east-1")


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "problem"),
    [
        ("GET", "/engine-sandbox/stop", CONTROL, 403, "POST it"),
        ("POST", "/engine-sandbox/stop", {}, 403, "send the header X-Engine-Sandbox"),
        ("POST", "/engine-sandbox/reset", {}, 403, "send the header X-Engine-Sandbox"),
        ("GET", "/engine-sandbox/status", {}, 403, "send the header X-Engine-Sandbox"),
        ("POST", "/moto-api/reset", {}, 403, "send the header X-Engine-Sandbox"),
        ("POST", "//moto-api/reset", {}, 403, "send the header X-Engine-Sandbox"),
        ("POST", "/%6doto-api/reset", {}, 403, "send the header X-Engine-Sandbox"),
        ("GET", "/moto-api/data.json", {}, 403, "send the header X-Engine-Sandbox"),
        (
            "POST",
            "/moto-api/reset",
            {**CONTROL, "Origin": "https://evil.example"},
            403,
            "a page of 'https://evil.example' may not call the sandbox",
        ),
        (
            "POST",
            "/engine-sandbox/reset",
            {**CONTROL, "Host": "evil.example:80"},
            403,
            "the host 'evil.example:80' is not this machine's: use 127.0.0.1 or localhost",
        ),
        ("POST", "/engine-sandbox/restart", CONTROL, 404, "nothing is called 'restart' here"),
    ],
)
def test_what_changes_it_must_be_meant(
    connection: HTTPConnection, method: str, path: str, headers: dict[str, str], status: int, problem: str
) -> None:
    assert said(connection, method, path, headers) == (status, {"problems": [problem]})


def test_one_connection_serves_many_requests(connection: HTTPConnection) -> None:
    said(connection, "GET", "/engine-sandbox/status", CONTROL)
    first = connection.sock
    for _ in range(3):
        said(connection, "GET", "/engine-sandbox/status", CONTROL)
    assert first is not None
    assert connection.sock is first


def test_bodies_and_answers_of_every_shape_pass(here: Sandbox) -> None:
    s3 = asking(here)("s3")
    for size in (0, 1, 100_000):
        s3.put_object(Bucket="some-bucket", Key=f"of/{size}", Body=b"x" * size, Metadata={"a_b": "c"})
        assert len(s3.get_object(Bucket="some-bucket", Key=f"of/{size}")["Body"].read()) == size
        found = s3.head_object(Bucket="some-bucket", Key=f"of/{size}")
        assert (found["ContentLength"], found["Metadata"]) == (size, {"a_b": "c"})
    s3.delete_object(Bucket="some-bucket", Key="of/0")
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="some-bucket")["Contents"]] == ["of/1", "of/100000"]


@pytest.mark.parametrize(
    ("service", "operation", "given"),
    [
        ("ec2", "describe_security_group_references", {"GroupId": ["sg-1"]}),
        ("rds", "describe_source_regions", {}),
        ("dynamodb", "list_contributor_insights", {}),
    ],
)
def test_what_moto_cannot_do_is_said_once_and_plainly(
    here: Sandbox, service: str, operation: str, given: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(asking(here)(service), operation)(**given)
    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    assert caught.value.response["Error"]["Message"] == f"the sandbox: The {operation} action has not been implemented"
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 0


def test_a_fault_of_motos_is_an_answer_too(here: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.sqs.models import SQSBackend

    def fail(*given: object, **named: object) -> None:
        raise ZeroDivisionError("one & none")

    monkeypatch.setattr(SQSBackend, "list_queues", fail)
    with pytest.raises(ClientError) as caught:
        asking(here)("sqs").list_queues()
    assert caught.value.response["Error"] == {
        "Code": "InternalFailure",
        "Message": "the sandbox: moto failed: ZeroDivisionError: one & none",
    }


def test_a_reset_puts_the_account_back(here: Sandbox, connection: HTTPConnection) -> None:
    s3 = asking(here)("s3")
    s3.create_bucket(Bucket="another-bucket")
    assert said(connection, "POST", "/engine-sandbox/reset", CONTROL)[0] == 200
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["some-bucket"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "rebound.example"},
    ],
)
def test_a_web_page_cannot_call_the_api(connection: HTTPConnection, here: Sandbox, headers: dict[str, str]) -> None:
    """Moto asks for no signature, so a form of any page could end instances."""
    body = "Action=DeleteBucket&Version=2006-03-01"
    form = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body)), **headers}
    connection.request("POST", "/?Action=DescribeInstances", body=body, headers=form)
    answer = connection.getresponse()
    assert (answer.status, b"AccessDenied" in answer.read()) == (403, True)
    assert [each["Name"] for each in asking(here)("s3").list_buckets()["Buckets"]] == ["some-bucket"]
