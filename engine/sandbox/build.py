"""How does a world become an AWS account? By asking the account for every thing in it, in order.

What the API can make is made through the API, with boto3's own requests and moto's own answers; they meet in the
process itself, without the sockets between them, which took most of the time. What the API cannot make (the past) each
kind writes into moto's backends, see `engine.sandbox.site`.

This file holds the sandbox's only import of boto3. Its clients never see the caller's own settings: the endpoint and
the keys are given, no profile, shared file, proxy or metadata service is asked, and no request leaves the process.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError

from engine.sandbox.kinds.kind import Kind
from engine.sandbox.metrics import quicken
from engine.sandbox.site import Client, OpenClient, Site
from engine.sandbox.world import World

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""A WSGI application."""

REFUSED = "{called} named '{name}' cannot be built: {reason}"

NOTHING_AMBIENT = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class BuildRefused(Exception):
    """A world asks for something the API does not accept; the message names the thing and carries the API's words."""


def build(world: World, open_client: OpenClient, now: datetime | None = None) -> None:
    """Make everything a world holds, in an account that is empty.

    Args:     open_client is what `opener` gives; now is the present of the world, the clock's when left out.
    Raises:   BuildRefused when the API refuses something, AttributeError when moto's insides have changed.
    """
    from moto.moto_api._internal import mock_random

    # Seeded, so that the same world has the same ids each time and a written-down id stays good.
    mock_random.seed(world.seed)
    moment = (now or datetime.now(UTC)).replace(microsecond=0)
    site = Site(open_client, now=moment, home=world.region, days=world.days, seed=world.seed)
    things = world.things()
    for thing in things:
        _attempt(thing, thing.build, site)
    for thing in things:
        _attempt(thing, thing.finish, site)
    quicken()


def _attempt(thing: Kind, step: Callable[[Site], None], site: Site) -> None:
    try:
        step(site)
    except ClientError as refusal:
        raise BuildRefused(REFUSED.format(called=thing.called, name=thing.name, reason=refusal)) from refusal


def opener(moto: Application) -> OpenClient:
    """What opens clients on an account: (service, region) ▸ client, each made once.

    Args:     moto is the application that answers for AWS.
    """
    core = botocore.session.Session(session_vars=dict(NOTHING_AMBIENT))
    core.register("before-send", lambda request, **_: _answered(moto, request))
    session = boto3.Session(
        botocore_session=core,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
        region_name="us-east-1",
    )
    settings = Config(
        proxies={},
        retries={"total_max_attempts": 1},
        parameter_validation=False,
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
    )

    @cache
    def client(service: str, region: str) -> Client:
        return session.client(service, region_name=region, endpoint_url="http://127.0.0.1", config=settings)

    return client


class _Raw(io.BytesIO):
    """A body in the form botocore reads one."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


def _answered(moto: Application, request: Any) -> AWSResponse:
    """The answer to one of botocore's prepared requests, which is thereby not sent."""
    url = urlsplit(request.url)
    body = request.body if request.body is not None else b""
    body = body.read() if hasattr(body, "read") else body
    body = body.encode() if isinstance(body, str) else body
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(url.path or "/", "latin-1"),
        "QUERY_STRING": url.query,
        "RAW_URI": f"{url.path}?{url.query}",
        "REQUEST_URI": f"{url.path}?{url.query}",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": url.netloc,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        key = name.upper().replace("-", "_")
        if key != "CONTENT_LENGTH":
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = text
    said: list[tuple[str, list[tuple[str, str]]]] = []
    parts = moto(environ, lambda status, headers, failure=None: said.append((status, headers)))
    answer = _Raw(b"".join(parts))
    status, headers = said[-1]
    return AWSResponse(request.url, int(status.split()[0]), dict(headers), answer)
