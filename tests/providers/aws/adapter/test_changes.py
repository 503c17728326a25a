"""Changes at the wire: how often they are sent under each fault, and whether the failure says that they may be done."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ProxyConnectionError

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind
from engine.model.scope import Scope
from providers.aws.adapter import changes
from providers.aws.adapter.changes import ATTEMPTS, TOKENS, token_name
from providers.aws.adapter.connection import AwsConnection

from .conftest import connected
from .faults import BY_NAME, MODEL, URL, Fault, Raw, error

SCOPE = Scope("123456789012", "us-east-1")
SNAPSHOT = Call("ec2", "CreateSnapshot", {"VolumeId": "vol-1"}, SCOPE)
"""Not deduplicated."""
FLOW_LOG = Call("ec2", "CreateFlowLogs", {"ResourceIds": ["vpc-1"], "ResourceType": "VPC", "TrafficType": "ALL"}, SCOPE)
"""Deduplicated by a parameter without a trait."""
COPY = Call("ec2", "CopyImage", {"Name": "copy", "SourceImageId": "ami-1", "SourceRegion": "us-east-1"}, SCOPE)
"""Deduplicated by the trait."""
SLOW = Fault("slow-down", FailureKind.THROTTLED, True, "SlowDown", 503)
TIMEOUT = Fault("gateway-timeout", FailureKind.INVALID, None, "RequestTimeout", 408)
PROXY = Fault("proxy", FailureKind.FAULT, None, raised=ProxyConnectionError(proxy_url=URL))
INVALID = Fault("invalid", FailureKind.INVALID, True, "InvalidParameterValue", 400)
QUOTA = Fault("quota", FailureKind.THROTTLED, True, "LimitExceededException", 400)


def good(operation: str) -> AWSResponse:
    """What EC2 answers when it has carried out a change."""
    return AWSResponse(
        URL, 200, {}, Raw(f"<{operation}Response><imageId>ami-2</imageId></{operation}Response>".encode())
    )


@dataclass
class Wire:
    """Answers requests in turn; the last answer stays."""

    answers: Sequence[Fault | None]
    bodies: list[str] = field(default_factory=list)

    def connection(self) -> AwsConnection:
        """A connection over this wire."""
        made = connected()
        create = made.door._create
        lock = threading.Lock()

        def tapped(service: str, **given: Any) -> Any:
            client = create(service, **given)
            protocol = client.meta.service_model.resolved_protocol

            def before_send(request: Any, event_name: str, **_: Any) -> AWSResponse:
                with lock:
                    self.bodies.append(request.body if isinstance(request.body, str) else request.body.decode())
                    fault = self.answers[min(len(self.bodies), len(self.answers)) - 1]
                return fault.answer(protocol) if fault is not None else good(event_name.rsplit(".", 1)[1])

            client.meta.events.register("before-send.*.*", before_send)
            return client

        made.door._create = tapped
        return made


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """No pause is made; how long each would have been."""
    made: list[float] = []
    monkeypatch.setattr(changes.time, "sleep", made.append)
    monkeypatch.setattr(changes.send, "__defaults__", (made.append,))
    return made


ONCE: tuple[tuple[Fault, int, int, bool | None], ...] = (
    # fault always, requests without and with deduplication, sent
    (BY_NAME["throttling"], ATTEMPTS, ATTEMPTS, True),
    (SLOW, ATTEMPTS, ATTEMPTS, True),
    (BY_NAME["connect-timeout"], ATTEMPTS, ATTEMPTS, False),
    (BY_NAME["no-endpoint"], ATTEMPTS, ATTEMPTS, False),
    (PROXY, ATTEMPTS, ATTEMPTS, False),
    (BY_NAME["reset"], 1, ATTEMPTS, None),
    (BY_NAME["read-timeout"], 1, ATTEMPTS, None),
    (BY_NAME["five-hundred"], 1, ATTEMPTS, None),
    (BY_NAME["unavailable"], 1, ATTEMPTS, None),
    (BY_NAME["half-xml"], 1, ATTEMPTS, None),
    (TIMEOUT, 1, ATTEMPTS, None),
    (BY_NAME["denied"], 1, 1, True),
    (BY_NAME["expired"], 1, 1, True),
    (INVALID, 1, 1, True),
    (QUOTA, 1, 1, True),
)


@pytest.mark.parametrize(("fault", "plain", "deduplicated", "sent"), ONCE, ids=lambda v: getattr(v, "name", None))
@pytest.mark.parametrize("call", [SNAPSHOT, FLOW_LOG, COPY], ids=str)
def test_how_often_a_change_is_sent(call: Call, fault: Fault, plain: int, deduplicated: int, sent: bool | None) -> None:
    """A request that may have been carried out is sent again only where AWS recognises it."""
    wire = Wire([fault])
    with pytest.raises(CallFailed) as raised:
        wire.connection().door.change(call, "token-1")
    assert len(wire.bodies) == (plain if call is SNAPSHOT else deduplicated)
    assert raised.value.sent is sent


@pytest.mark.parametrize("fault", [BY_NAME["throttling"], SLOW, BY_NAME["no-endpoint"]], ids=lambda f: f.name)
def test_what_was_not_done_is_done_then(fault: Fault, pauses: list[float]) -> None:
    """After a pause each, never a long one."""
    wire = Wire([fault, fault, None])
    assert wire.connection().door.change(COPY, "t")["ImageId"] == "ami-2"
    assert len(pauses) == 2
    assert all(0 <= pause <= 2 for pause in pauses)


def test_every_sending_has_the_same_token() -> None:
    """And another change another."""
    wire = Wire([BY_NAME["reset"], BY_NAME["throttling"], None])
    connection = wire.connection()
    connection.door.change(COPY, "t-1")
    connection.door.change(COPY, "t-2")
    connection.door.change(FLOW_LOG, "t-3")
    tokens = [re.findall(r"ClientToken=([^&]*)", body) for body in wire.bodies]
    assert tokens == [["t-1"]] * 3 + [["t-2"], ["t-3"]]
    assert connection.door.calls["ec2:CopyImage"] == 4


def test_a_token_of_the_parameters_is_kept() -> None:
    """The caller knows better."""
    wire = Wire([None])
    wire.connection().door.change(Call("ec2", "CopyImage", {**COPY.params, "ClientToken": "mine"}, SCOPE), "t")
    assert "ClientToken=mine" in wire.bodies[0]


@pytest.mark.parametrize("last", [INVALID, BY_NAME["denied"], BY_NAME["throttling"], BY_NAME["no-endpoint"]])
def test_doubt_stays(last: Fault) -> None:
    """The first request may have been carried out, whatever is said to the second."""
    wire = Wire([BY_NAME["reset"], last])
    with pytest.raises(CallFailed, match="before that: ec2:CopyImage fault: ConnectionClosedError") as raised:
        wire.connection().door.change(COPY, "t")
    assert raised.value.sent is None


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_the_environment_is_for_reads(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS_MAX_ATTEMPTS does not multiply changes."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "7")
    monkeypatch.setenv("AWS_RETRY_MODE", mode)
    wire = Wire([BY_NAME["reset"]])
    with pytest.raises(CallFailed):
        wire.connection().door.change(SNAPSHOT, "t")
    assert len(wire.bodies) == 1


def test_an_answer_that_stops_is_lost() -> None:
    """The body of a streamed answer is read where a failure still counts."""

    class Stops(Raw):
        def read(self, *_: Any) -> bytes:
            raise ConnectionClosedError(endpoint_url=URL)

        stream: Callable[..., Any] = read

    wire = Wire([None])
    connection = wire.connection()
    create = connection.door._create

    def tapped(service: str, **given: Any) -> Any:
        client = create(service, **given)
        client.meta.events.register_first(
            "before-send.*.*", lambda **_: AWSResponse(URL, 200, {"Content-Length": "9"}, Stops(b""))
        )
        return client

    connection.door._create = tapped
    with pytest.raises(CallFailed) as raised:
        connection.door.change(Call("lambda", "Invoke", {"FunctionName": "f"}, SCOPE), "t")
    assert raised.value.sent is None


@pytest.mark.parametrize(("service", "operation"), TOKENS)
def test_each_named_token_is_a_parameter(service: str, operation: str) -> None:
    """Of a model that has no trait for it; otherwise it need not be named."""
    model = MODEL.operation(service, operation)
    assert model is not None
    assert model.input_shape is not None
    members = model.input_shape.members
    assert TOKENS[service, operation] in members
    assert not any(member.metadata.get("idempotencyToken") for member in members.values())


def test_calls_without_a_token() -> None:
    """Also those that take nothing."""
    door = connected().door
    for call, name in ((SNAPSHOT, ""), (COPY, "ClientToken"), (Call("shield", "CreateSubscription", {}, SCOPE), "")):
        assert token_name(call, door.client(call.service, "us-east-1", changing=True)) == name


def test_an_unknown_operation_fails_in_a_typed_way() -> None:
    """As of a record that a newer SDK would know."""
    for call in (Call("ec2", "CreateNothing", {}, SCOPE), Call("nothing", "X", {}, SCOPE)):
        with pytest.raises(CallFailed) as raised:
            connected().door.change(call, "t")
        assert raised.value.sent is not True


def test_errors_have_their_protocol() -> None:
    """The faults of this suite are errors to botocore."""
    assert error("X", 400, "ec2").status_code == 400
