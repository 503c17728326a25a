"""How does a world become an AWS account? By asking the account for every thing in it, in order.

`build(world, endpoint)` runs in the process that runs moto. What the API can make is made through the API, over
loopback; what it cannot (the past) each kind writes into moto's backends, see `engine.sandbox.site`.

This file holds the sandbox's only import of boto3. Its clients never see the caller's own settings: the endpoint and the
keys are given, and no profile, shared file, proxy or metadata service is asked.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from engine.sandbox.kinds.kind import Kind
from engine.sandbox.metrics import quicken
from engine.sandbox.site import Client, Site
from engine.sandbox.world import World

BUILDER = "AKIASANDBOXBUILDER00"
"""The access key id of the builder's own requests: the server lets them pass while everyone else waits."""

REFUSED = "{called} named '{name}' cannot be built: {reason}"

NOTHING_AMBIENT = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class BuildRefused(Exception):
    """A world asks for something the API does not accept; the message names the thing and carries the API's words."""


def build(world: World, endpoint: str, now: datetime | None = None) -> None:
    """Make everything a world holds, in an account that is empty.

    Args:     endpoint is the sandbox's own URL; now is the present of the world, the clock's when left out.
    Raises:   BuildRefused when the API refuses something, AttributeError when moto's insides have changed.
    """
    from moto.moto_api._internal import mock_random

    # Seeded, so that the same world has the same ids each time and a written-down id stays good.
    mock_random.seed(world.seed)
    moment = (now or datetime.now(UTC)).replace(microsecond=0)
    site = Site(_opener(endpoint), now=moment, home=world.region, days=world.days, seed=world.seed)
    things = world.things()
    for thing in things:
        _attempt(thing, lambda thing=thing: thing.build(site))
    for thing in things:
        _attempt(thing, lambda thing=thing: thing.finish(site))
    quicken()


def _attempt(thing: Kind, step: Callable[[], None]) -> None:
    try:
        step()
    except ClientError as refusal:
        raise BuildRefused(REFUSED.format(called=thing.called, name=thing.name, reason=refusal)) from refusal


def _opener(endpoint: str) -> Callable[[str, str], Client]:
    core = botocore.session.Session(session_vars=dict(NOTHING_AMBIENT))
    session = boto3.Session(
        botocore_session=core,
        aws_access_key_id=BUILDER,
        aws_secret_access_key="sandbox",  # noqa: S106 - a toy account on loopback
        region_name="us-east-1",
    )
    settings = Config(
        proxies={},
        retries={"total_max_attempts": 1},
        parameter_validation=False,
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
    )

    def client(service: str, region: str) -> Client:
        return session.client(service, region_name=region, endpoint_url=endpoint, config=settings)

    return client
