"""What the adapter's tests share: fixed keys, no retries, and no way to AWS."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from engine.plugin.protocols import Credentials
from providers.aws.adapter.connection import AwsConnection

KEYS = (("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_DEFAULT_REGION", "us-east-1"))


@pytest.fixture(autouse=True, scope="package")
def no_retries() -> Iterator[None]:
    """One attempt a call, nothing read from the machine's own AWS configuration, no address that answers."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [each for each in os.environ if each.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_RETRY_MODE", "standard")
        patch.setenv("AWS_MAX_ATTEMPTS", "1")
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


def connected(account: str = "123456789012", **given: str) -> AwsConnection:
    """A connection whose endpoint nobody listens on."""
    return AwsConnection(Credentials(environment=KEYS, account=account, endpoint="http://127.0.0.1:9", **given))
