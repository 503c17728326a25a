"""What the adapter's tests share: fixed keys, no retries, and no way to AWS."""

from __future__ import annotations

import os

import pytest

from engine.plugin.protocols import Credentials
from providers.aws.adapter.connection import AwsConnection

KEYS = (("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_DEFAULT_REGION", "us-east-1"))


@pytest.fixture(autouse=True)
def no_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """One attempt a call, nothing read from the machine's own AWS configuration, no address that answers."""
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_RETRY_MODE", "standard")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def connected(account: str = "123456789012", **given: str) -> AwsConnection:
    """A connection whose endpoint nobody listens on."""
    return AwsConnection(Credentials(environment=KEYS, account=account, endpoint="http://127.0.0.1:9", **given))
