"""What the tests of the sandbox share: a way to ask an account, and the default world standing once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from engine.sandbox.account import Sandbox
from engine.sandbox.inprocess import sandbox

Ask = Callable[..., Any]


def asking(account: Sandbox) -> Ask:
    """What opens clients on an account over its endpoint, as any caller would: (service, region) ▸ client."""

    def client(service: str, region: str | None = None) -> Any:
        return boto3.client(
            service,
            region_name=region or account.region,
            endpoint_url=account.endpoint,
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
            config=Config(proxies={}, s3={"addressing_style": "path"}),
        )

    return client


@pytest.fixture(scope="module")
def shop() -> Iterator[Ask]:
    """Clients on an account that holds the default world."""
    with sandbox() as account:
        yield asking(account)
