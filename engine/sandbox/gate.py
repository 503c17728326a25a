"""May this request pass? What web pages and rebound names send to loopback is refused.

A server on loopback can be reached by every page that the same machine's browser shows: such requests carry an `Origin`
or, where they load something, `Sec-Fetch-Site`. A page whose own name is made to lead to loopback (DNS rebinding)
carries that name as `Host`. And what is not AWS's API (the sandbox's own paths, moto's) wants a header that pages
cannot send unasked. Source: Fetch Standard (Origin, CORS-safelisted headers), W3C Fetch Metadata Request Headers.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from engine.sandbox.account import CONTROL, CONTROL_HEADER

HEADER = "X-Engine-Sandbox"
_OWN = (CONTROL.strip("/"), "moto-api", "favicon.ico")
_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")
"""Ends of the host names of AWS's endpoints, which a bucket's address may be asked with; nobody else can own one."""

_CONTAINERS = "host.docker.internal"
"""The name under which a container finds its host."""


def refusal(environ: Mapping[str, Any]) -> str:
    """Why a request may not pass, or empty. `environ` is that of WSGI."""
    host = str(environ.get("HTTP_HOST", ""))
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and origin != f"http://{host}":
        return f"a page of {origin!r} may not call the sandbox"
    if environ.get("HTTP_SEC_FETCH_SITE") in ("cross-site", "same-site"):
        return "a page of another site may not call the sandbox"
    own = is_own(str(environ.get("PATH_INFO", "")))
    if not (is_loopback(host) or (not own and _is_aws(host))):
        return f"the host {host!r} is not this machine's: use 127.0.0.1 or localhost"
    if own and CONTROL_HEADER not in environ:
        return f"send the header {HEADER}"
    return ""


def is_own(path: str) -> bool:
    """Whether a path is not of AWS's API: the sandbox's own, or moto's."""
    return path.lstrip("/").lower().startswith(_OWN)


def is_loopback(host: str) -> bool:
    """Whether the value of a Host header names this machine."""
    name = _name(host)
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761, 6.3: such names are loopback
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_aws(host: str) -> bool:
    name = _name(host)
    return name == _CONTAINERS or name.endswith(_AWS) or name == ""  # HTTP/1.0 names no host, and no browser speaks it


def _name(host: str) -> str:
    """The name in `name`, `name:port` or `[address]:port`."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0].lower() if ":" in host else host.lower()
