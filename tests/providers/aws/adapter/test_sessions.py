"""Whom to be: keys, a profile, a role, or the caller's own sessions; and AWS's timestamps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind, UsageRejected
from engine.model.scope import Scope
from engine.plugin.protocols import Credentials
from providers.aws.adapter.connection import AwsConnection
from providers.aws.adapter.sessions import creator, parse_timestamp

from .conftest import KEYS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21T09:00:00Z", datetime(2026, 11, 21, 9, tzinfo=UTC)),
        ("2026-11-21T09:00:00.123Z", datetime(2026, 11, 21, 9, 0, 0, 123000, tzinfo=UTC)),
        ("2026-11-21T09:00:00+02:00", datetime(2026, 11, 21, 9, tzinfo=timezone(timedelta(hours=2)))),
        ("2026-11-21", datetime(2026, 11, 21, tzinfo=UTC)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1.5, datetime(1970, 1, 1, 0, 0, 1, 500000, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 09:00:00 GMT", datetime(2026, 11, 21, 9, tzinfo=UTC)),
        ("1795251600", datetime(2026, 11, 21, 9, tzinfo=UTC)),
    ],
)
def test_timestamps(text: Any, expected: datetime) -> None:
    """Every form that AWS's protocols use, always with a zone."""
    found = parse_timestamp(text)
    assert found == expected
    assert found.tzinfo is not None


def test_fixed_keys_and_endpoint_reach_the_clients() -> None:
    """And the region that goes with them."""
    create, region = creator(Credentials(environment=KEYS, endpoint="http://127.0.0.1:9"))
    client = create("ec2", region_name="eu-west-1")
    assert region == "us-east-1"
    assert client.meta.endpoint_url == "http://127.0.0.1:9"
    assert client._request_signer._credentials.access_key == "test"


def test_a_profile_gives_region_and_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the AWS CLI reads it."""
    config = tmp_path / "config"
    config.write_text("[profile audit]\nregion = eu-west-2\naws_access_key_id = mine\naws_secret_access_key = s\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    create, region = creator(Credentials(profile="audit"))
    assert region == "eu-west-2"
    assert create("ec2", region_name="eu-west-2")._request_signer._credentials.access_key == "mine"


def test_a_profile_that_does_not_exist() -> None:
    """A sentence, not the SDK's exception."""
    with pytest.raises(UsageRejected, match="there is no profile 'nobody'"):
        AwsConnection(Credentials(profile="nobody"))


def test_a_configuration_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same."""
    config = tmp_path / "config"
    config.write_text("[half")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    with pytest.raises(UsageRejected, match="cannot be used: Unable to parse"):
        AwsConnection(Credentials())


def test_a_role_without_keys_to_assume_it_with() -> None:
    """As every other lack of credentials."""
    with pytest.raises(CallFailed) as raised:
        AwsConnection(Credentials(assume="arn:aws:iam::111122223333:role/audit"))
    assert (raised.value.kind, raised.value.sent) == (FailureKind.CREDENTIALS, False)


def test_a_role_is_assumed_at_the_first_call_with_its_external_id() -> None:
    """Nothing is asked before; a refusal is a typed failure of the call that needed it."""
    given = Credentials(assume="arn:aws:iam::111122223333:role/audit", external_id="x", environment=KEYS,
                        endpoint="http://127.0.0.1:9")  # fmt: skip
    connection = AwsConnection(given)
    client = connection.door.client("ec2", "us-east-1")
    assert client is not None
    with pytest.raises(CallFailed) as raised:
        connection.door.perform(Call("ec2", "DescribeInstances", {}, Scope("", "us-east-1")))
    assert raised.value.operation == "DescribeInstances"


def test_the_callers_own_sessions() -> None:
    """A factory is asked for a session of the region."""
    asked: list[str] = []

    class Session:
        def client(self, service: str, *, region_name: str, config: Any) -> str:
            return f"{service} in {region_name}"

    def factory(*, region: str) -> Session:
        asked.append(region)
        return Session()

    create, region = creator(Credentials(factory=factory))
    assert create("ec2", region_name="eu-west-1", config=None) == "ec2 in eu-west-1"
    assert (region, asked) == ("", ["eu-west-1"])
