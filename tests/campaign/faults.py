"""What can go wrong between a request and its answer: each fault is a function of the healthy answer.

A fault gets the exchange (operation, its model, how to have the healthy answer) and gives what goes over the wire, or
says that it does not fit the operation. Sources: AWS's common errors, S3's and EC2's error lists, and what proxies,
load balancers and broken connections do.
"""

from __future__ import annotations

import copy
import json
import random
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.model import ListShape, OperationModel

from engine.model.json import Json
from providers.aws.adapter.answers import listing_members
from providers.aws.adapter.sdk_model import SdkModel

SDK = SdkModel()
MORE = "campaign-next-page"
"""A page token that this campaign answers, and that the account has never heard of."""


@dataclass(frozen=True)
class Answer:
    """What goes over the wire: `cut` ends the connection after so many bytes of the body, `reset` before any."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cut: int | None = None
    reset: bool = False
    wait: float = 0.0


@dataclass
class Exchange:
    """One request: `healthy` asks the account, `token` is the page token of this campaign that it carries, if any."""

    service: str
    operation: str
    body: bytes
    healthy: Callable[[], Answer]
    token: bool = False
    times: int = 0
    random: random.Random = field(default_factory=lambda: random.Random(1))

    @property
    def model(self) -> OperationModel:
        """The operation's model."""
        found = SDK.operation(self.service, self.operation)
        assert found is not None, f"{self.service}:{self.operation}"
        return found

    @property
    def protocol(self) -> str:
        """ec2, query, json, rest-json, rest-xml."""
        return str(self.model.service_model.resolved_protocol)


class DoesNotFit(Exception):
    """The fault cannot come from this operation (no list, no pages)."""


Fault = Callable[[Exchange], Answer]


def error(code: str, status: int = 400, message: str = "put there by a test") -> Fault:
    """An error answer in the operation's protocol."""

    def fault(exchange: Exchange) -> Answer:
        if "json" in exchange.protocol or "cbor" in exchange.protocol:
            body = json.dumps({"__type": code, "message": message}).encode()
            return Answer(status, (("Content-Type", "application/json"), ("x-amzn-errortype", code)), body)
        inner = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        text = {
            "ec2": f"<Response><Errors>{inner}</Errors><RequestID>1</RequestID></Response>",
            "rest-xml": inner if exchange.service == "s3" else f"<ErrorResponse>{inner}</ErrorResponse>",
        }.get(exchange.protocol, f"<ErrorResponse>{inner}<RequestId>1</RequestId></ErrorResponse>")
        return Answer(status, (("Content-Type", "text/xml"), ("x-amzn-errortype", code)), text.encode())

    return fault


def raw(body: bytes, status: int = 200, kind: str = "text/html", **headers: str) -> Fault:
    """A body that AWS has not written."""
    more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return lambda exchange: Answer(status, (("Content-Type", kind), *more), body)


def reset(after: bool) -> Fault:
    """The connection ends before the request is taken, or after it has been carried out."""

    def fault(exchange: Exchange) -> Answer:
        if after:
            exchange.healthy()
        return Answer(200, reset=True)

    return fault


def hang(exchange: Exchange) -> Answer:
    """No answer within the client's patience."""
    return Answer(200, reset=True, wait=0.8)


def slow(exchange: Exchange) -> Answer:
    """A good answer, late: others overtake it."""
    found = exchange.healthy()
    time.sleep(exchange.random.uniform(0.01, 0.15))
    return found


def changed(found: Answer, body: bytes, **more: Any) -> Answer:
    """The answer with another body."""
    return Answer(found.status, found.headers, body, **more)


def truncated(exchange: Exchange) -> Answer:
    """Half of the body, with a length that says that it is all."""
    found = exchange.healthy()
    return changed(found, found.body[: len(found.body) // 2])


def broken_off(exchange: Exchange) -> Answer:
    """Half of the body, then the connection ends."""
    found = exchange.healthy()
    return changed(found, found.body, cut=len(found.body) // 2)


def malformed(exchange: Exchange) -> Answer:
    """Bytes that are no document."""
    return changed(exchange.healthy(), b'<{"\x00\xff]' + exchange.random.randbytes(40))


def empty(exchange: Exchange) -> Answer:
    """No body at all, where one is due."""
    found = exchange.healthy()
    if not found.body.strip() or exchange.model.has_streaming_output:
        raise DoesNotFit
    return changed(found, b"")


def deep(exchange: Exchange) -> Answer:
    """Nested beyond what a parser can follow."""
    body = b"<a>" * 100_000 if "json" not in exchange.protocol else b'{"a":' * 100_000
    return changed(exchange.healthy(), body)


class Document:
    """A healthy answer that can be edited by the members of its operation's model: JSON or XML."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange, self.found = exchange, exchange.healthy()
        model, self.is_json = exchange.model, "json" in exchange.protocol
        if self.found.status >= 300 or model.has_streaming_output or "cbor" in exchange.protocol:
            raise DoesNotFit
        shape = model.output_shape
        if shape is None or shape.serialization.get("payload"):
            raise DoesNotFit
        self.lists = [name for name in listing_members(model) if isinstance(shape.members[name], ListShape)]
        if not self.lists:
            raise DoesNotFit
        self.names = {n: str(s.serialization.get("name", n)) for n, s in shape.members.items()}
        self.tree: Json = json.loads(self.found.body or b"{}") if self.is_json else ET.fromstring(self.found.body)

    @property
    def node(self) -> Json:
        """What holds the members."""
        if self.is_json or self.exchange.protocol != "query":
            return self.tree
        wanted = f"{self.exchange.operation}Result"
        return next((each for each in self.tree if local(each.tag) == wanted), self.tree)

    def element(self, member: str) -> Any:
        """A member of the XML, or None."""
        return next((each for each in self.node if local(each.tag) == self.names[member]), None)

    def empty(self) -> None:
        """Every list without its elements."""
        for member in self.lists:
            if self.is_json:
                self.tree[self.names[member]] = []
            elif (found := self.element(member)) is not None:
                for child in list(found):
                    found.remove(child)

    def drop(self) -> None:
        """Every list left out."""
        for member in self.lists:
            if self.is_json:
                self.tree.pop(self.names[member], None)
            elif (found := self.element(member)) is not None:
                self.node.remove(found)

    def repeat(self) -> None:
        """Every element of every list twice."""
        for member in self.lists:
            if self.is_json:
                self.tree[self.names[member]] = 2 * self.tree.get(self.names[member], [])
            elif (found := self.element(member)) is not None:
                for child in list(found):
                    found.append(copy.deepcopy(child))

    def name_next(self, token: str) -> None:
        """Put a page token there. Raises DoesNotFit where the operation has no pages."""
        pages = SDK.pagination(self.exchange.service, self.exchange.operation)
        if pages is None or not pages.output_tokens[0].isidentifier() or pages.output_tokens[0] not in self.names:
            raise DoesNotFit
        for member, value in ((pages.output_tokens[0], token), (pages.more, True)):
            if not member or member not in self.names:
                continue
            if self.is_json:
                self.tree[self.names[member]] = value
                continue
            if (found := self.element(member)) is None:
                prefix = self.tree.tag.rpartition("}")[0]
                found = ET.SubElement(self.node, f"{prefix}}}{self.names[member]}" if prefix else self.names[member])
            found.text = str(value).lower() if value is True else str(value)

    @property
    def answer(self) -> Answer:
        """What goes over the wire."""
        body = json.dumps(self.tree).encode() if self.is_json else ET.tostring(self.tree)
        return changed(self.found, body)


def local(tag: str) -> str:
    """An element's name without its namespace."""
    return tag.rpartition("}")[2]


def empty_page(exchange: Exchange) -> Answer:
    """The first page is empty and names a second, which holds everything."""
    document = Document(exchange)
    if not exchange.token:
        document.empty()
        document.name_next(MORE)
    return document.answer


def endless(exchange: Exchange) -> Answer:
    """Every page names the same token."""
    document = Document(exchange)
    document.name_next(MORE)
    return document.answer


def alternating(exchange: Exchange) -> Answer:
    """Pages name two tokens in turn, without an end."""
    document = Document(exchange)
    document.name_next(f"{MORE}-{exchange.times % 2}")
    return document.answer


def page_twice(exchange: Exchange) -> Answer:
    """The second page is the first once more."""
    document = Document(exchange)
    if not exchange.token:
        document.name_next(MORE)
    return document.answer


def repeated(exchange: Exchange) -> Answer:
    """Every resource twice on its page."""
    document = Document(exchange)
    document.repeat()
    return document.answer


def missing_list(exchange: Exchange) -> Answer:
    """The answer without its lists."""
    document = Document(exchange)
    document.drop()
    return document.answer


PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to the network</body></html>"

FAULTS: dict[str, Fault] = {
    "denied": error("AccessDenied", 403),
    "denied, as JSON services say it": error("AccessDeniedException"),
    "throttled": error("Throttling"),
    "throttled, 429": error("TooManyRequestsException", 429),
    "slow down": error("SlowDown", 503),
    "500": error("InternalFailure", 500),
    "503": error("ServiceUnavailable", 503),
    "clock skew": error("RequestTimeTooSkewed", 403),
    "token expired": error("ExpiredToken"),
    "region off": error("OptInRequired", 403),
    "key disabled": error("KMSInvalidStateException"),
    "limit exceeded": error("LimitExceededException"),
    "an invented code": error("SomethingUnheardOf"),
    "an invented not-found": error("SomethingNotFound", 404),
    "another thing's not-found": error("NoSuchEntityNotFoundFault", 404),
    "redirect": error("PermanentRedirect", 301),
    "redirect elsewhere": raw(b"", 307, "text/plain", Location="http://127.0.0.1:1/"),
    "404 without a body": raw(b"", 404),
    "reset before": reset(after=False),
    "reset after": reset(after=True),
    "no answer": hang,
    "slow": slow,
    "truncated": truncated,
    "broken off": broken_off,
    "malformed": malformed,
    "empty body": empty,
    "deep": deep,
    "a web page": raw(PAGE),
    "somebody's JSON": raw(b'{"error": "blocked by policy"}', kind="application/json"),
    "somebody's XML": raw(b"<status><message>blocked</message></status>", kind="text/xml"),
    "an empty page with a token": empty_page,
    "the same token for ever": endless,
    "two tokens in turn": alternating,
    "a page twice": page_twice,
    "resources twice": repeated,
    "without its list": missing_list,
}
"""Name → fault."""
