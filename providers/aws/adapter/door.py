"""The one door to AWS: performs a Call, gives a parsed answer or raises CallFailed.

One client for each service and region, made once and shared by all threads: so botocore's adaptive retry mode is one
pace for each account, region and service, and one connection pool serves them all.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from botocore import xform_name
from botocore.config import Config

from engine.model.call import Call
from engine.model.json import Json
from providers.aws.adapter.errors import failure

CONNECTIONS = 64
ATTEMPTS = 8


class AwsDoor:
    """A Door over one botocore session."""

    def __init__(self, create: Callable[..., Any]) -> None:
        """`create(service, region_name=…, config=…)` makes a client, as botocore's and boto3's sessions do."""
        self._create = create
        self._clients: dict[tuple[str, str], Any] = {}
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

    def pages(self, call: Call) -> Iterator[dict[str, Json]]:
        """Every page of a call, one request each; a call without pages gives its one answer. Raises CallFailed."""
        try:
            client = self.client(call.service, call.scope.region)
            name = xform_name(call.operation)
            if not client.can_paginate(name):
                yield self.perform(call)
                return
            found = iter(client.get_paginator(name).paginate(**call.params))
            while (page := next(found, None)) is not None:
                self.calls[str(call)] += 1
                yield _body(page)
        except Exception as error:
            raise failure(call, error) from error

    def client(self, service: str, region: str) -> Any:
        """The client of a service in a region, made on first use."""
        key = (service, region)
        found = self._clients.get(key)
        if found is None:
            with self._lock:
                found = self._clients.get(key)
                if found is None:
                    found = self._clients[key] = self._create(service, region_name=region, config=_config(service))
        return found


def _config(service: str) -> Config:
    options: dict[str, Any] = {
        "max_pool_connections": CONNECTIONS,
        "connect_timeout": 10,
        "read_timeout": 60,
        "user_agent_extra": "policy-engine",
        # GetMetricData with 500 queries costs more to check than to send; its parameters are made in one place.
        "parameter_validation": service != "cloudwatch",
    }
    if "AWS_RETRY_MODE" not in os.environ:
        options["retries"] = {"mode": "adaptive", "total_max_attempts": ATTEMPTS}
    return Config(**options)


def _body(answer: dict[str, Json]) -> dict[str, Json]:
    answer.pop("ResponseMetadata", None)
    return answer
