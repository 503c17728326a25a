"""What can go wrong between the door and AWS, as it comes out of the wire; and how to put it in the way of calls."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.model import OperationModel, Shape

from engine.model.errors import FailureKind
from providers.aws.adapter.connection import AwsConnection
from providers.aws.adapter.sdk_model import SdkModel

URL = "https://service.example"
MODEL = SdkModel()


class Raw:
    """A body as urllib3 hands it on."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def stream(self, **_: Any) -> Any:
        """The body in one piece."""
        yield self.body

    def read(self, *_: Any) -> bytes:
        """The body."""
        return self.body


@dataclass(frozen=True)
class Fault:
    """One way to fail: an error code that AWS answers, a broken body, or what the network does."""

    name: str
    kind: FailureKind
    sent: bool | None
    code: str = ""
    status: int = 400
    raised: Exception | None = None
    body: bytes | None = None

    def answer(self, protocol: str) -> AWSResponse:
        """What comes back; raises what the network raises."""
        if self.raised is not None:
            raise self.raised
        if self.body is not None:
            return AWSResponse(URL, 200, {"Content-Length": str(len(self.body))}, Raw(self.body))
        return error(self.code, self.status, protocol)


def error(code: str, status: int, protocol: str) -> AWSResponse:
    """An error answer as the protocol spells it."""
    text = f"the {code} of a test"
    headers = {"x-amzn-requestid": "1"}
    if protocol in ("json", "rest-json"):
        headers["x-amzn-errortype"] = code
        body = json.dumps({"__type": code, "message": text}).encode()
    elif protocol == "ec2":
        body = f"<Response><Errors><Error><Code>{code}</Code><Message>{text}</Message></Error></Errors></Response>".encode()
    elif protocol == "rest-xml":
        body = f"<Error><Code>{code}</Code><Message>{text}</Message></Error>".encode()
    else:
        body = (
            f"<ErrorResponse><Error><Code>{code}</Code><Message>{text}</Message></Error>"
            f"<RequestId>1</RequestId></ErrorResponse>"
        ).encode()
    return AWSResponse(URL, status, headers, Raw(body))


FAULTS = (
    Fault("throttling", FailureKind.THROTTLED, True, "Throttling"),
    Fault("denied", FailureKind.DENIED, True, "AccessDenied", 403),
    Fault("expired", FailureKind.CREDENTIALS, True, "ExpiredToken"),
    Fault("five-hundred", FailureKind.FAULT, None, "InternalFailure", 500),
    Fault("unavailable", FailureKind.FAULT, None, "ServiceUnavailable", 503),
    Fault("read-timeout", FailureKind.FAULT, None, raised=ReadTimeoutError(endpoint_url=URL)),
    Fault("reset", FailureKind.FAULT, None, raised=ConnectionClosedError(endpoint_url=URL)),
    Fault("connect-timeout", FailureKind.FAULT, False, raised=ConnectTimeoutError(endpoint_url=URL)),
    Fault("no-endpoint", FailureKind.FAULT, False, raised=EndpointConnectionError(endpoint_url=URL)),
    Fault("half-json", FailureKind.FAULT, None, body=b'{"Items": [{"Na'),
    Fault("half-xml", FailureKind.FAULT, None, body=b"<?xml version='1.0'?><Response><Items><Na"),
    Fault("web-page", FailureKind.FAULT, None, body=b"<html><body><p>Log in to the hotel's network</body></html>"),
)
BY_NAME = {fault.name: fault for fault in FAULTS}


@dataclass
class Tap:
    """Listens on a connection's clients: counts calls, and breaks those that `breaks` picks."""

    breaks: Callable[[str, str], Fault | None] = lambda service, operation: None
    calls: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def on(self, connection: AwsConnection) -> AwsConnection:
        """The connection, from now on listened to."""
        create = connection.door._create

        def tapped(service: str, **given: Any) -> Any:
            client = create(service, **given)
            protocol = client.meta.service_model.resolved_protocol

            def before_send(request: Any, event_name: str, **_: Any) -> AWSResponse | None:
                operation = event_name.rsplit(".", 1)[1]
                with self._lock:
                    self.calls[f"{service}:{operation}"] += 1
                fault = self.breaks(service, operation)
                return fault.answer(protocol) if fault is not None else None

            client.meta.events.register("before-send.*.*", before_send)
            return client

        connection.door._create = tapped
        return connection


def fits(fault: Fault, service: str, operation: str) -> bool:
    """Whether a fault can come from this operation: a half XML page from an XML protocol, and a body where one counts."""
    if fault.body is None:
        return True
    model = MODEL.operation(service, operation)
    if model is None or model.output_shape is None or not model.output_shape.members or model.has_streaming_output:
        return False
    payload = model.output_shape.serialization.get("payload")
    if payload and model.output_shape.members[payload].type_name == "string":
        return False  # any text is an answer; the facet that reads it as JSON tells what it is not
    protocol = model.service_model.resolved_protocol
    return (protocol in ("json", "rest-json")) is (fault.name == "half-json") or fault.name == "web-page"


def sample_params(model: OperationModel) -> dict[str, Any]:
    """The least an operation takes."""
    if model.input_shape is None:
        return {}
    return {name: _sample(model.input_shape.members[name], name) for name in model.input_shape.required_members}


def _sample(shape: Shape, name: str) -> Any:
    if shape.type_name == "structure":
        return {each: _sample(shape.members[each], each) for each in shape.required_members}
    if shape.type_name == "list":
        return [_sample(shape.member, name)]
    if shape.type_name == "map":
        return {"key": _sample(shape.value, name)}
    if shape.type_name == "string":
        enum = getattr(shape, "enum", None)
        return enum[0] if enum else "a" * max(int(shape.metadata.get("min", 3)), 12 if "ccount" in name else 3)
    if shape.type_name == "timestamp":
        return datetime(2026, 1, 1, tzinfo=UTC)
    if shape.type_name == "boolean":
        return True
    if shape.type_name == "blob":
        return b"x"
    return max(int(shape.metadata.get("min", 1)), 1)
