"""What stands at this URL? A file's or a web server's bytes, within limits of size, time and reach.

A policy names the URL, so it may lead anywhere: to a file without an end, a server that sends a byte a minute, a small
body that unpacks to gigabytes, a redirect that takes credentials elsewhere, or the instance's metadata service, which
hands out the role's keys. Each of these is refused with a sentence.
"""

from __future__ import annotations

import base64
import ipaddress
import os
import socket
import ssl
import stat
import threading
import urllib.request
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util import Url, parse_url

HOSTS = "ENGINE_VALUE_FROM_HOSTS"
"""Environment variable: globs of hosts, separated by commas, that documents may be read from. Unset: any host."""

MOST_REDIRECTS = 5
CHUNK = 65_536
REDIRECTS = frozenset({301, 302, 303, 307, 308})

# EC2 User Guide, instance metadata: 169.254.169.254 and fd00:ec2::254; ECS Developer Guide, task metadata and
# credentials: 169.254.170.2; EKS User Guide, Pod Identity: 169.254.170.23 and fd00:ec2::23.
_METADATA = tuple(map(ipaddress.ip_network, ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32")))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_6TO4 = ipaddress.ip_network("2002::/16")  # RFC 3056: so are those after the prefix


class DocumentRefused(ValueError):
    """A document that is not read; the text says why."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may be read, in bytes after unpacking, and in how many seconds."""

    size: int
    seconds: float


ERRORS = (OSError, ValueError, EOFError, zlib.error, HTTPError)
"""What reading a document can raise."""


def read_document(url: str, headers: Mapping[str, str], bounds: Bounds) -> bytes:
    """The bytes at a URL of file, http or https, unpacked where they are gzipped.

    Raises:   DocumentRefused, or another of `ERRORS`.
    """
    gone = threading.Event()
    if url.lower().startswith("file:"):
        return _within(bounds.seconds, lambda: _file(url, bounds), gone)
    return _within(bounds.seconds, lambda: _http(url, dict(headers), bounds, gone), gone)


def too_large(size: int) -> DocumentRefused:
    """The refusal of what is larger than allowed."""
    return DocumentRefused(f"it is larger than {size:,} bytes; raise 'max-size' of value_from if it should be")


def unpacked(raw: bytes, size: int) -> bytes:
    """Gzip unpacked, at most `size` bytes. Raises DocumentRefused, EOFError when it breaks off, zlib.error."""
    found = bytearray()
    while True:
        unpack = zlib.decompressobj(31)
        found += unpack.decompress(raw, size + 1 - len(found))
        if len(found) > size:
            raise too_large(size)
        if not unpack.eof:
            raise EOFError("the gzipped text breaks off")
        raw = unpack.unused_data.lstrip(b"\0")
        if not raw:
            return bytes(found)


def _within(seconds: float, work: Callable[[], bytes], gone: threading.Event) -> bytes:
    """What the work gives, if it does so in time. It runs in a thread that holds nobody up: DNS has no time limit."""
    found: list[bytes] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            found.append(work())
        except ERRORS as error:
            failed.append(error)

    thread = threading.Thread(target=run, name="document", daemon=True)
    thread.start()
    thread.join(seconds)
    if found:
        return found[0]
    if failed:
        raise failed[0]
    gone.set()
    raise DocumentRefused(f"it was not read within {seconds:g} s; raise 'timeout' of value_from if it takes longer")


def _file(url: str, bounds: Bounds) -> bytes:
    path = urllib.request.url2pathname(urlsplit(url).path)
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise DocumentRefused("it is not a regular file")
    # Not blocking, and looked at again: the file may have been replaced by a pipe in between.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise DocumentRefused("it is not a regular file")
        raw = file.read(bounds.size + 1)
    if len(raw) > bounds.size:
        raise too_large(bounds.size)
    return unpacked(raw, bounds.size) if path.endswith((".gz", ".gzip")) else raw


def _http(url: str, headers: dict[str, str], bounds: Bounds, gone: threading.Event) -> bytes:
    """A web server's answer, redirects followed. They take no header of the policy's to another origin."""
    here = _parsed(url)
    if here.auth and not any(name.lower() == "authorization" for name in headers):
        # `auth` may hold escapes, of a colon for instance (RFC 3986, 3.2.1).
        headers["Authorization"] = "Basic " + base64.b64encode(unquote(here.auth).encode()).decode()
    for _ in range(MOST_REDIRECTS + 1):
        _check(here)
        with _manager(here, bounds.seconds) as manager:
            response = manager.request(
                "GET", here._replace(auth=None, fragment=None).url, headers={"Accept-Encoding": "gzip", **headers},
                redirect=False, retries=False, preload_content=False, decode_content=False,
            )  # fmt: skip
            try:
                if response.status not in REDIRECTS:
                    return _body(response, here, bounds, gone)
                there = _parsed(urljoin(here.url, response.headers.get("Location") or ""))
            finally:
                response.close()
        if here.scheme == "https" and there.scheme != "https":
            raise DocumentRefused(f"it redirects from https to {there.scheme}://{there.host}")
        if _origin(there) != _origin(here):
            headers = {}
        here = there
    raise DocumentRefused(f"it redirects more than {MOST_REDIRECTS} times")


def _parsed(url: str) -> Url:
    parts = parse_url(url)
    if parts.scheme not in ("http", "https") or not parts.host:
        raise DocumentRefused("expected a URL that begins with s3://, http://, https:// or file://")
    return parts


def _origin(url: Url) -> tuple[str | None, str | None, int]:
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


def _body(response: Any, url: Url, bounds: Bounds, gone: threading.Event) -> bytes:
    if response.status != 200:
        raise DocumentRefused(f"the server answers {response.status} {response.reason or ''}".rstrip())
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("gzip", "x-gzip", "identity", ""):
        raise DocumentRefused(f"the server sends it in encoding '{encoding}', not gzip")
    raw = bytearray()
    for chunk in response.stream(CHUNK, decode_content=False):
        raw += chunk
        if gone.is_set() or len(raw) > bounds.size:
            raise too_large(bounds.size)
    packed = "gzip" in encoding or (url.path or "").endswith((".gz", ".gzip"))
    return unpacked(bytes(raw), bounds.size) if packed else bytes(raw)


def _check(url: Url) -> None:
    """Refuse hosts that are not allowed, and whatever spelling or name leads to a metadata service."""
    host = (url.host or "").strip("[]").lower().rstrip(".")
    allowed = os.environ.get(HOSTS)
    globs = [each.strip().lower() for each in (allowed or "").split(",") if each.strip()]
    if allowed is not None and not any(fnmatchcase(host, glob) for glob in globs):
        raise DocumentRefused(f"host '{host}' is not one that {HOSTS} allows")
    # The resolver reads decimal, octal and hexadecimal spellings of addresses as connecting does.
    try:
        found = socket.getaddrinfo(host, _origin(url)[2], type=socket.SOCK_STREAM)
    except OSError:
        if _proxy(url):  # the proxy resolves what this machine cannot
            return
        raise
    _check_addresses(host, [str(each[4][0]) for each in found])


def _check_addresses(host: str, addresses: Sequence[str]) -> None:
    for text in addresses:
        if is_metadata(text):
            shown = host if host == text else f"{host} ({text})"
            raise DocumentRefused(f"host '{shown}' is an address of a metadata service, which holds credentials")


def is_metadata(address: str) -> bool:
    """Whether an address is link-local or of AWS's metadata services, also inside an IPv6 one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped
        if found in _NAT64 or (inner is None and int(found) >> 32 == 0 and int(found) > 1):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        elif found in _6TO4:
            inner = ipaddress.IPv4Address(int(found) >> 80 & 0xFFFFFFFF)
        if inner is not None:
            return is_metadata(str(inner))
    return any(found.version == network.version and found in network for network in _METADATA)


class _Connection(HTTPConnection):
    """Looks at whom it is connected to before it sends anything: a name may have changed since it was looked up."""

    def _new_conn(self) -> socket.socket:
        return _looked_at(super()._new_conn(), self.host)


class _SecureConnection(HTTPSConnection):
    """The same, under TLS."""

    def _new_conn(self) -> socket.socket:
        return _looked_at(super()._new_conn(), self.host)


def _looked_at(connection: socket.socket, host: str) -> socket.socket:
    try:
        _check_addresses(host, [connection.getpeername()[0]])
    except BaseException:
        connection.close()
        raise
    return connection


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def _proxy(url: Url) -> str:
    """The proxy that the environment names for a URL, or empty."""
    proxies = urllib.request.getproxies()
    found = proxies.get(url.scheme or "") or proxies.get("all") or ""
    return "" if not found or urllib.request.proxy_bypass(url.netloc or "") else found


def _manager(url: Url, seconds: float) -> urllib3.PoolManager:
    timeout = urllib3.Timeout(total=seconds)
    context = ssl.create_default_context()
    if proxy := _proxy(url):
        return urllib3.ProxyManager(proxy, timeout=timeout, ssl_context=context)
    manager = urllib3.PoolManager(1, timeout=timeout, ssl_context=context)
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
    return manager
