"""The one door to AWS: performs a Call, gives a parsed answer or raises CallFailed.

One client for each service and region, made once and shared by all threads: so botocore's adaptive retry mode is one
pace for each account, region and service, and one connection pool serves them all.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import PaginationError
from botocore.model import OperationModel
from botocore.response import StreamingBody

from engine.model.call import Call
from engine.model.json import Json
from providers.aws.adapter.answers import listing_members, verify
from providers.aws.adapter.changes import RETRIES, send
from providers.aws.adapter.errors import failure, names_not_found

CONNECTIONS = 64
ATTEMPTS = 8

LAST_PAGE_REPEATS = frozenset({"waf", "waf-regional", "wafv2"})
"""Services that name a token on their last page, to which they answer that page again.

Source: recorded answers of ListWebACLs. Of any other service, a token that comes back is a failure.
"""
PAGES = 100_000
"""Pages of one listing; at ten resources a page, the smallest that AWS gives, a million of them."""


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
            raise failure(call, error, self._names_not_found(call)) from error

    def _names_not_found(self, call: Call) -> Callable[[str], bool]:
        """Whether the operation's model names a code as "does not exist"; nothing is named where it has no model."""

        def named(code: str) -> bool:
            model = self._model(call)
            return model is not None and names_not_found(model, code)

        return named

    def change(self, call: Call, token: str) -> dict[str, Json]:
        """The answer to a call that changes something; see `changes.send`. Raises CallFailed."""
        try:
            client = self.client(call.service, call.scope.region, changing=True)
        except Exception as error:
            raise failure(call, error) from error
        return send(call, token, client, _body, lambda: self.calls.update((str(call),)))

    def pages(self, call: Call) -> Iterator[dict[str, Json]]:
        """Every page of a call, one request each; a call without pages gives its one answer.

        Raises CallFailed, also where a token comes back that was answered before: what follows would never end, or
        repeat what has been read; and after PAGES pages.
        """
        try:
            client = self.client(call.service, call.scope.region)
            name = xform_name(call.operation)
            if not client.can_paginate(name):
                yield from self._by_tokens(call, client)
                return
            paginator = client.get_paginator(name)
            tokens = _Tokens()
            found = iter(paginator.paginate(**call.params))
            while (page := next(found, None)) is not None:
                self.calls[str(call)] += 1
                tokens.add([path.search(page) for path in getattr(paginator, "_output_token", ())])
                yield _body(page)
        except Exception as error:
            raise failure(call, error, self._names_not_found(call)) from error

    def _by_tokens(self, call: Call, client: Any) -> Iterator[dict[str, Json]]:
        """Pages of an operation that has tokens but no paginator: asked again with the token that was answered.

        A token given by the caller means that one page is wanted. WAF names a token on its last page too. Raises
        CallFailed, and PaginationError.
        """
        from providers.aws.adapter.sdk_model import tokens_of

        pagination = tokens_of(client.meta.service_model.operation_model(call.operation))
        answer = self.perform(call)
        yield answer
        if pagination is None or pagination.input_tokens[0] in call.params:
            return
        tokens = _Tokens()
        while (token := answer.get(pagination.output_tokens[0])) and _follows(answer):
            tokens.add([token])
            last, answer = (
                answer,
                self.perform(replace(call, params={**call.params, pagination.input_tokens[0]: token})),
            )
            if answer == last and call.service in LAST_PAGE_REPEATS:
                return
            yield answer

    def lists(self, call: Call) -> frozenset[str]:
        """Members of the call's answer that are lists and stand there even when they are empty."""
        model = self._model(call)
        return listing_members(model) if model is not None else frozenset()

    def follows(self, call: Call, answer: Mapping[str, Json]) -> bool:
        """Whether pages follow an answer to the call: it holds a token for the next."""
        model = self._model(call)
        if model is None:
            return False
        client, name = self.client(call.service, call.scope.region), xform_name(call.operation)
        if client.can_paginate(name):
            paths = getattr(client.get_paginator(name), "_output_token", ())
            return any(path.search(answer) for path in paths) and _follows(answer)
        from providers.aws.adapter.sdk_model import tokens_of

        pagination = tokens_of(model)
        return pagination is not None and bool(answer.get(pagination.output_tokens[0])) and _follows(answer)

    def _model(self, call: Call) -> OperationModel | None:
        client = self._clients.get((call.service, call.scope.region, False))
        model = getattr(getattr(client, "meta", None), "service_model", None)
        return model.operation_model(call.operation) if model and call.operation in model.operation_names else None

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
                        events.register("after-call.*.*", verify)
                    self._clients[key] = found
        return found


class _Tokens:
    """The page tokens that a listing has answered so far."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._pages = 0

    def add(self, tokens: Sequence[Json]) -> None:
        """Note the token of one more page. Raises PaginationError where it was there before, and after PAGES pages."""
        self._pages += 1
        if self._pages > PAGES:
            raise PaginationError(message=f"more than {PAGES:,} pages")
        if not any(tokens):
            return
        key = repr(tokens)
        if key in self._seen:
            raise PaginationError(message=f"the page token {tokens[0]!r} was answered before: the listing has no end")
        self._seen.add(key)


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


def _body(answer: dict[str, Json]) -> dict[str, Json]:
    answer.pop("ResponseMetadata", None)
    for name, value in answer.items():
        if isinstance(value, StreamingBody):  # read here, so that a body that breaks off is a failure of the call
            answer[name] = value.read()
    return answer
