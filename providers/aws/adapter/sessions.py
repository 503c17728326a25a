"""Whom to be: a profile, a role, fixed keys for an endpoint, or the caller's own sessions."""

from __future__ import annotations

import functools
import gzip
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import botocore.session
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, ProfileNotFound
from botocore.loaders import JSONFileLoader, Loader, create_loader

from engine.model.errors import CallFailed, FailureKind, UsageRejected
from engine.model.json import Json
from engine.plugin.protocols import Credentials


def creator(credentials: Credentials) -> tuple[Callable[..., Any], str]:
    """(a function that makes clients, the configured region or empty). Makes no call.

    Raises:   UsageRejected for a profile or configuration that cannot be used, CallFailed where a role is to be assumed
              and there are no credentials to do it with.
    """
    if credentials.factory is not None:
        factory = credentials.factory

        def create(service: str, *, region_name: str, config: Any) -> Any:
            return factory(region=region_name).client(service, region_name=region_name, config=config)

        return create, ""
    try:
        return _of_session(credentials)
    except ProfileNotFound as error:
        raise UsageRejected(f"there is no profile '{credentials.profile}' in the AWS configuration") from error
    except BotoCoreError as error:
        raise UsageRejected(f"the AWS configuration cannot be used: {error}") from error


def _of_session(credentials: Credentials) -> tuple[Callable[..., Any], str]:
    session = botocore.session.Session(profile=credentials.profile or None)
    session.register_component("data_loader", models(session.get_config_variable("data_path")))
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=parse_timestamp)
    fixed = dict(credentials.environment)
    if "AWS_ACCESS_KEY_ID" in fixed:
        session.set_credentials(
            fixed["AWS_ACCESS_KEY_ID"], fixed["AWS_SECRET_ACCESS_KEY"], fixed.get("AWS_SESSION_TOKEN")
        )
    if credentials.assume:
        session = assumed(session, credentials)
    create_client = session.create_client
    if credentials.endpoint:
        create_client = functools.partial(create_client, endpoint_url=credentials.endpoint)
    return create_client, fixed.get("AWS_DEFAULT_REGION") or session.get_config_variable("region") or ""


def assumed(session: Any, credentials: Credentials) -> Any:
    """A session that is the role, refreshed by botocore when its keys run out."""
    extra = {"RoleSessionName": "policy-engine"}
    if credentials.external_id:
        extra["ExternalId"] = credentials.external_id
    region = dict(credentials.environment).get("AWS_DEFAULT_REGION") or session.get_config_variable("region")
    create = functools.partial(session.create_client, region_name=region or "us-east-1")
    if credentials.endpoint:
        create = functools.partial(create, endpoint_url=credentials.endpoint)
    source = session.get_credentials()
    if source is None:
        raise CallFailed(
            "sts",
            "AssumeRole",
            FailureKind.CREDENTIALS,
            "NoCredentialsError",
            "there are none to assume it with",
            False,
        )
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=create,
        source_credentials=source,
        role_arn=credentials.assume,
        extra_args=extra,
    )
    role = botocore.session.Session(profile=credentials.profile or None)
    role.register_component("data_loader", session.get_component("data_loader"))
    role.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=parse_timestamp)
    role._credentials = DeferredRefreshableCredentials(method="assume-role", refresh_using=fetcher.fetch_credentials)
    return role


class _PlainFile(JSONFileLoader):  # type: ignore[misc]  # botocore is untyped
    """botocore's model files as plain dicts, which keep their order by themselves, in half of botocore's time."""

    def load_file(self, file_path: str) -> Json:
        """The content of `file_path` with `.json` or `.json.gz`; None where there is no such file."""
        for name, open_ in ((f"{file_path}.json", open), (f"{file_path}.json.gz", gzip.open)):
            if os.path.isfile(name):
                with open_(name, "rb") as file:
                    return json.loads(file.read())
        return None


@functools.cache
def models(search_path: str | None = None) -> Loader:
    """botocore's loader of API models, shared by all sessions: each model is read once."""
    loader = create_loader(search_path)
    loader.file_loader = _PlainFile()
    return loader


def parse_timestamp(value: Any) -> datetime:
    """AWS's timestamps without the lenient parser: ISO 8601 text or epoch seconds, always in UTC.

    Two thirds of the time that botocore spends on an EC2 instance goes into its default timestamp parser.
    """
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        from botocore.utils import parse_timestamp as lenient

        found = lenient(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
