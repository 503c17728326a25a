"""The one door to AWS: performs a Call, gives a parsed answer or raises CallFailed.

One client for each service and region, made once and shared by all threads: so botocore's adaptive retry mode is one
pace for each account, region and service, and one connection pool serves them all.
"""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import PaginationError
from botocore.parsers import ResponseParserError
from botocore.response import StreamingBody

from engine.model.call import Call
from engine.model.json import Json
from providers.aws.adapter.changes import RETRIES, send
from providers.aws.adapter.errors import failure

CONNECTIONS = 64
ATTEMPTS = 8

_BESIDE_THE_BODY = ("header", "headers", "statusCode")


class AwsDoor:
    """A Door over one botocore session."""

    def __init__(self, create: Callable[..., Any]) -> None:
        """`create(service, region_name=…, config=…)` makes a client, as botocore's and boto3's sessions do."""
        self._create = create
        self._clients: dict[tuple[str, str, bool], Any] = {}
        self._lock = threading.Lock()
        self.calls: Counter[str] = Counter()

    def perform(self, call: Call) -> dict[str, Json]:
        """One request, one answer. Raises CallFailed."""
        try:
            client = self.client(call.service, call.scope.region)
            self.calls[str(call)] += 1
            return _body(getattr(client, xform_name(call.operation))(**call.params))
        except Exception as error:
            raise failure(call, error) from error

    def change(self, call: Call, token: str) -> dict[str, Json]:
        """The answer to a call that changes something; see `changes.send`. Raises CallFailed."""
        try:
            client = self.client(call.service, call.scope.region, changing=True)
        except Exception as error:
            raise failure(call, error) from error
        return send(call, token, client, _body, lambda: self.calls.update((str(call),)))

    def pages(self, call: Call) -> Iterator[dict[str, Json]]:
        """Every page of a call, one request each; a call without pages gives its one answer. Raises CallFailed."""
        try:
            client = self.client(call.service, call.scope.region)
            name = xform_name(call.operation)
            if not client.can_paginate(name):
                yield from self._by_tokens(call, client)
                return
            found = iter(client.get_paginator(name).paginate(**call.params))
            while (page := next(found, None)) is not None:
                self.calls[str(call)] += 1
                yield _body(page)
        except Exception as error:
            raise failure(call, error) from error

    def _by_tokens(self, call: Call, client: Any) -> Iterator[dict[str, Json]]:
        """Pages of an operation that has tokens but no paginator: asked again with the token that was answered.

        A token given by the caller means that one page is wanted. The same answer again means that there is no more:
        some services name a token on their last page and answer that page to it. Raises CallFailed, also for a token
        that comes back twice in a row with something else, which would never end.
        """
        from providers.aws.adapter.sdk_model import tokens_of

        tokens = tokens_of(client.meta.service_model.operation_model(call.operation))
        answer = self.perform(call)
        yield answer
        if tokens is None or tokens.input_tokens[0] in call.params:
            return
        last = None
        while (token := answer.get(tokens.output_tokens[0])) and _follows(answer):
            if token == last:
                raise PaginationError(message=f"the token {token!r} was answered twice")
            last, before = token, answer
            answer = self.perform(replace(call, params={**call.params, tokens.input_tokens[0]: token}))
            if answer == before:
                return
            yield answer

    def client(self, service: str, region: str, *, changing: bool = False) -> Any:
        """The client of a service in a region, made on first use; one of its own for changes, which never retries."""
        key = (service, region, changing)
        found = self._clients.get(key)
        if found is None:
            with self._lock:
                found = self._clients.get(key)
                if found is None:
                    found = self._create(service, region_name=region, config=_config(service, changing))
                    events = getattr(getattr(found, "meta", None), "events", None)
                    if events is not None:
                        events.register("after-call.*.*", _whole)
                    self._clients[key] = found
        return found


def _follows(answer: Mapping[str, Json]) -> bool:
    """Whether more pages follow: some answers repeat their token beside a `false`."""
    return all(answer.get(name, True) is not False for name in ("IsTruncated", "HasMoreResults", "hasMoreResults"))


def _config(service: str, changing: bool = False) -> Config:
    options: dict[str, Any] = {
        "max_pool_connections": CONNECTIONS,
        "connect_timeout": 10,
        "read_timeout": 60,
        "user_agent_extra": "policy-engine",
        # GetMetricData with 500 queries costs more to check than to send; its parameters are made in one place.
        "parameter_validation": service != "cloudwatch",
    }
    if changing:
        options["retries"] = RETRIES
    elif "AWS_RETRY_MODE" not in os.environ:
        options["retries"] = {"mode": "adaptive", "total_max_attempts": ATTEMPTS}
    return Config(**options)


def _whole(http_response: Any, parsed: dict[str, Json], model: Any, **_: Any) -> None:
    """Refuse a good answer whose text is not what the protocol promises (broken off, or some proxy's web page).

    botocore reads JSON that it cannot parse as an answer without members; an empty account would be concluded from it.
    """
    if http_response.status_code >= 300 or model.has_streaming_output or _told_in_body(parsed, model):
        return
    text = http_response.content.strip()
    broken = text[:14].lower().startswith((b"<html", b"<!doctype html"))
    if text and not broken and "json" in model.service_model.resolved_protocol:
        try:
            json.loads(text)
        except ValueError:
            broken = True
    if broken:
        raise ResponseParserError(f"the answer cannot be read: {text[:60]!r}")


def _told_in_body(parsed: dict[str, Json], model: Any) -> bool:
    """Whether botocore found something in the body; of one it cannot read it makes an empty payload, or a `message`."""
    members = model.output_shape.members if model.output_shape is not None else {}
    return any(
        value and n != "message" and n in members and members[n].serialization.get("location") not in _BESIDE_THE_BODY
        for n, value in parsed.items()
    )


def _body(answer: dict[str, Json]) -> dict[str, Json]:
    answer.pop("ResponseMetadata", None)
    for name, value in answer.items():
        if isinstance(value, StreamingBody):  # read here, so that a body that breaks off is a failure of the call
            answer[name] = value.read()
    return answer
