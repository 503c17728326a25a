"""An account whose answers go through a fault: the sandbox's own server, with one rule at a time.

Healthy answers to reads are kept, so that thousands of runs need not ask moto again: the account must not change while
it is campaigned against with `keep`.
"""

from __future__ import annotations

import io
import json
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from engine.sandbox.server import AccountServer, StartResponse

from .faults import MORE, Answer, DoesNotFit, Exchange, Fault

OPERATION = "X-Campaign-Operation"
"""The header by which the client says what it calls: `ec2:DescribeInstances`."""


@dataclass
class Rule:
    """A fault for one operation: on its first request only, or on all."""

    operation: str
    fault: Fault
    first_only: bool = False
    hits: int = 0
    unfit: bool = False


@dataclass
class Wire:
    """What has passed, and what is to go wrong. `jitter`: seconds that each answer is late at most."""

    rule: Rule | None = None
    calls: Counter[str] = field(default_factory=Counter)
    jitter: float = 0.0
    keep: bool = True
    seed: int = 1
    _kept: dict[tuple[str, ...], Answer] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, rule: Rule | None, *, jitter: float = 0.0) -> None:
        """A new run under another rule."""
        with self._lock:
            self.rule, self.jitter = rule, jitter
            self.calls.clear()


class FaultyServer(AccountServer):
    """An AccountServer with a Wire in front of it."""

    def __init__(self, *args: Any, **more: Any) -> None:
        self.wire = Wire()
        super().__init__(*args, **more)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # connections are cut on purpose

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """The answer, as far as the rule lets it through."""
        name = environ.get("HTTP_X_CAMPAIGN_OPERATION", "")
        if not name:
            return super().__call__(environ, start_response)
        body = environ["wsgi.input"].read()
        wire, service, operation = self.wire, *name.split(":")
        with wire._lock:
            wire.calls[name] += 1
            times = wire.calls[name]
            rule = wire.rule if wire.rule is not None and wire.rule.operation == name else None
        source = random.Random(f"{wire.seed} {name} {times}")
        if wire.jitter:
            time.sleep(source.uniform(0, wire.jitter))
        asked = (environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""))
        token = MORE.encode() in body or MORE in asked[2]
        exchange = Exchange(
            service, operation, body, lambda: self._healthy(environ, body, (name, *asked)), token, times, source
        )
        if rule is None or (rule.first_only and rule.hits):
            return self._send(exchange.healthy(), environ, start_response)
        rule.hits += 1
        try:
            return self._send(rule.fault(exchange), environ, start_response)
        except DoesNotFit:
            rule.unfit = True
            return self._send(exchange.healthy(), environ, start_response)

    def _healthy(self, environ: dict[str, Any], body: bytes, asked: tuple[str, ...]) -> Answer:
        """What the account says; to a token of the campaign's, what it said before there was one."""
        key = (*asked[:3], _untokened(asked[3]), _untokened(body.decode("latin-1")))
        token = MORE.encode() in body or MORE in asked[3]
        with self.wire._lock:
            found = self.wire._kept.get(key)
        if found is not None and (self.wire.keep or token):
            return found
        said: list[tuple[str, list[tuple[str, str]]]] = []
        environ = {**environ, "wsgi.input": io.BytesIO(body)}
        answer = super().__call__(environ, lambda status, headers, *_: said.append((status, headers)))
        status, headers = said[-1] if said else ("500", [])
        text = b"".join(answer)
        status, headers = said[-1]
        kept = tuple((n, v) for n, v in headers if n.lower() not in ("content-length", "transfer-encoding"))
        found = Answer(int(status.split()[0]), kept, text)
        with self.wire._lock:
            self.wire._kept[key] = found
        return found

    def _send(self, answer: Answer, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if answer.wait:
            time.sleep(answer.wait)
        connection = environ.get("werkzeug.socket")
        if (answer.reset or answer.cut is not None) and connection is not None:
            if answer.cut is not None:
                lines = [f"HTTP/1.1 {answer.status} OK", *(f"{n}: {v}" for n, v in answer.headers)]
                head = "\r\n".join([*lines, f"Content-Length: {len(answer.body)}", "", ""]).encode()
                connection.sendall(head + answer.body[: answer.cut])
            _cut(connection)
            start_response("200 OK", [])
            return [b""]
        start_response(f"{answer.status} X", list(answer.headers))
        return [answer.body]


def _untokened(text: str) -> str:
    """A body or a query without the campaign's page token, in one spelling, so that a page leads back to its request."""
    if text.startswith("{"):
        return json.dumps({k: v for k, v in json.loads(text).items() if MORE not in str(v)}, sort_keys=True)
    return "&".join(sorted(pair for pair in text.split("&") if MORE not in pair))


def _cut(connection: socket.socket) -> None:
    """End a connection as a crash does."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
