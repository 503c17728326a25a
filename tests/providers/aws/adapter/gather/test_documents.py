"""Documents over the wire: size, time and reach are bounded, and credentials stay where they were meant to go."""

from __future__ import annotations

import datetime
import gzip
import os
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from providers.aws.adapter.gather import documents
from providers.aws.adapter.gather.documents import (
    ERRORS,
    HOSTS,
    Bounds,
    DocumentRefused,
    is_metadata,
    read_document,
    unpacked,
)

SMALL = Bounds(1000, 5)
SECRETS = {"Authorization": "Bearer t0ps3cret", "Cookie": "a=b", "X-Team": "ours"}


@dataclass
class Site:
    """A web server on loopback: path → (status, headers, body), and the headers that each path saw."""

    port: int = 0
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    scheme: str = "http"
    free: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Where a path of it is."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        """Answer a path with a redirect."""
        self.pages[path] = (status, {"Location": to}, b"")


def serve(site: Site, context: ssl.SSLContext | None = None) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            if self.path.startswith("/drip"):
                self.send_response(200)
                self.end_headers()
                while not site.free.is_set():
                    try:
                        self.wfile.write(b"a")
                    except OSError:
                        return
                    site.free.wait(0.1)
                return
            if self.path.startswith("/hang"):
                site.free.wait(30)
                return
            status, headers, body = site.pages.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        site.scheme = "https"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    site.port = server.server_port
    yield site
    site.free.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", HOSTS):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def site() -> Iterator[Site]:
    yield from serve(Site())


@pytest.fixture
def other() -> Iterator[Site]:
    yield from serve(Site())


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server with a certificate that this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = tmp_path / "cert.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    yield from serve(Site(), context)


def refusal(url: str, bounds: Bounds = SMALL, headers: dict[str, str] | None = None) -> str:
    with pytest.raises(ERRORS) as caught:
        read_document(url, headers or {}, bounds)
    return str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_port_keeps_no_header_of_the_policy(site: Site, other: Site, status: int) -> None:
    site.redirect("/a", other.url("/b"), status)
    other.pages["/b"] = (200, {}, b"text")
    assert read_document(site.url("/a"), SECRETS, SMALL) == b"text"
    assert SECRETS.items() <= {k.title(): v for k, v in site.seen[0][1].items()}.items()
    assert not {"authorization", "cookie", "x-team"} & set(other.seen[0][1])


def test_neither_to_another_host(site: Site) -> None:
    site.redirect("/a", site.url("/b", "localhost"))
    site.pages["/b"] = (200, {}, b"text")
    assert read_document(site.url("/a"), SECRETS, SMALL) == b"text"
    assert "authorization" not in site.seen[1][1]


def test_on_the_same_origin_headers_stay(site: Site) -> None:
    site.redirect("/a", "/b")
    site.pages["/b"] = (200, {}, b"text")
    read_document(site.url("/a"), SECRETS, SMALL)
    assert site.seen[1][1]["authorization"] == "Bearer t0ps3cret"


def test_what_was_dropped_does_not_come_back(site: Site, other: Site) -> None:
    site.redirect("/a", other.url("/b"))
    other.redirect("/b", site.url("/c"))
    site.pages["/c"] = (200, {}, b"text")
    read_document(site.url("/a"), SECRETS, SMALL)
    assert "authorization" not in site.seen[-1][1]


def test_a_password_in_the_url_is_sent_as_a_header_and_not_on(site: Site, other: Site) -> None:
    site.redirect("/a", other.url("/b"))
    other.pages["/b"] = (200, {}, b"text")
    read_document(f"http://ana:p%40ss@127.0.0.1:{site.port}/a", {}, SMALL)
    assert site.seen[0][1]["authorization"] == "Basic YW5hOnBAc3M="
    assert "authorization" not in other.seen[0][1]


def test_https_stays_https(secure: Site, site: Site) -> None:
    site.pages["/b"] = (200, {}, b"text")
    secure.redirect("/a", site.url("/b"))
    assert "redirects from https to http://" in refusal(secure.url("/a", "localhost"))
    assert site.seen == []
    secure.pages["/c"] = (200, {}, b"text")
    assert read_document(secure.url("/c", "localhost"), {}, SMALL) == b"text"


def test_a_certificate_is_checked(secure: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    secure.pages["/c"] = (200, {}, b"text")
    assert "certificate verify failed" in refusal(secure.url("/c", "localhost"))


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("/a", "redirects more than 5 times"),
        ("file:///etc/passwd", "expected a URL"),
        ("ftp://x/y", "expected a URL"),
        ("gopher://127.0.0.1/", "expected a URL"),
        ("http://169.254.169.254/latest/meta-data/iam/security-credentials/", "metadata service"),
        ("http://[::ffff:169.254.169.254]/", "metadata service"),
        ("http://2852039166/", "metadata service"),
    ],
)
def test_where_a_redirect_may_not_lead(site: Site, to: str, why: str) -> None:
    site.redirect("/a", to)
    assert why in refusal(site.url("/a"))


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254", "169.254.170.2", "169.254.170.23", "2852039166", "0xa9fea9fe", "0xA9.0xFE.0xA9.0xFE",
        "0251.0376.0251.0376", "169.254.43518", "[fd00:ec2::254]", "[fd00:ec2::23]", "[::ffff:169.254.169.254]",
        "[::ffff:a9fe:a9fe]", "[fe80::1]", "[64:ff9b::a9fe:a9fe]", "[::a9fe:a9fe]", "[2002:a9fe:a9fe::]",
        "169.254.169.254.", "ana@169.254.169.254",
    ],
)  # fmt: skip
def test_metadata_is_refused_in_every_spelling(host: str) -> None:
    found = refusal(f"http://{host}/latest/meta-data/")
    assert "metadata service" in found or "not known" in found, found


def test_a_name_that_leads_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents.socket, "getaddrinfo", lambda *a, **k: [(2, 1, 6, "", ("169.254.169.254", 80))])
    assert "host 'rebound.example (169.254.169.254)'" in refusal("http://rebound.example/x")


def test_a_name_that_changes_after_it_was_looked_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the connection reached is looked at before anything is sent (here loopback stands for metadata)."""
    site.pages["/a"] = (200, {}, b"text")
    answers = iter([False, True])
    monkeypatch.setattr(documents, "is_metadata", lambda address: next(answers))
    assert "metadata service" in refusal(site.url("/a"), headers=SECRETS)
    assert site.seen == []


@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1", False), ("10.0.0.1", False), ("::1", False), ("2001:db8::1", False), ("fe80::1%eth0", True), ("fd00:ec2::254", True)],
)  # fmt: skip
def test_what_metadata_is(address: str, expected: bool) -> None:
    assert is_metadata(address) is expected


@pytest.mark.parametrize(
    ("allowed", "host", "reads"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("example.com, 127.0.*", "127.0.0.1", True),
        ("LOCALHOST", "localhost", True),
        ("example.com", "127.0.0.1", False),
        ("*.example.com", "127.0.0.1", False),
        ("", "127.0.0.1", False),
    ],
)
def test_an_organisation_names_the_hosts(
    site: Site, monkeypatch: pytest.MonkeyPatch, allowed: str, host: str, reads: bool
) -> None:
    site.pages["/a"] = (200, {}, b"text")
    monkeypatch.setenv(HOSTS, allowed)
    if reads:
        assert read_document(site.url("/a", host), {}, SMALL) == b"text"
    else:
        assert refusal(site.url("/a", host)) == f"host '{host}' is not one that {HOSTS} allows"
        assert site.seen == []


def test_a_redirect_to_a_host_that_is_not_allowed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.redirect("/a", site.url("/b", "localhost"))
    monkeypatch.setenv(HOSTS, "127.0.0.1")
    assert "host 'localhost' is not one" in refusal(site.url("/a"))
    assert [path for path, _ in site.seen] == ["/a"]


BOMB = gzip.compress(b"a" * 50_000_000)


@pytest.mark.parametrize(
    ("headers", "body", "why"),
    [
        ({}, b"a" * 1001, "larger than 1,000 bytes"),
        ({"Content-Encoding": "gzip"}, BOMB[:900], "larger than 1,000 bytes"),  # long before its end
        ({"Content-Encoding": "gzip"}, gzip.compress(b"a" * 5000), "larger than 1,000 bytes"),
        ({"Content-Encoding": "br"}, b"a", "encoding 'br'"),
        ({"Content-Encoding": "gzip"}, b"not gzip at all", "incorrect header"),
        ({"Content-Length": "50"}, b"a", "IncompleteRead"),
    ],
)
def test_bodies(site: Site, headers: dict[str, str], body: bytes, why: str) -> None:
    site.pages["/a"] = (200, headers, body)
    assert why in refusal(site.url("/a"))


def test_a_body_of_just_the_size(site: Site) -> None:
    site.pages["/a"] = (200, {}, b"a" * 1000)
    site.pages["/b"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"a" * 1000))
    assert read_document(site.url("/a"), {}, SMALL) == read_document(site.url("/b"), {}, SMALL) == b"a" * 1000


@pytest.mark.parametrize("path", ["/drip", "/hang"])
def test_a_server_that_takes_its_time(site: Site, path: str) -> None:
    """A byte now and then keeps every socket's own limit from ending."""
    before = time.monotonic()
    assert "not read within 0.5 s" in refusal(site.url(path), Bounds(1000, 0.5))
    assert time.monotonic() - before < 1.5


@pytest.mark.parametrize("status", [204, 206, 304, 401, 404, 500])
def test_only_200_is_an_answer(site: Site, status: int) -> None:
    site.pages["/a"] = (status, {}, b"")
    assert f"the server answers {status}" in refusal(site.url("/a"))


def test_files(tmp_path: Path) -> None:
    (tmp_path / "a b.txt").write_bytes(b"text")
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"text"))
    (tmp_path / "big").write_bytes(b"a" * 1001)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"a" * 5000))
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to("/dev/zero")
    assert read_document((tmp_path / "a b.txt").as_uri(), {}, SMALL) == b"text"
    assert read_document((tmp_path / "a.txt.gz").as_uri(), {}, SMALL) == b"text"
    for name, why in (
        ("big", "larger than"), ("bomb.gz", "larger than"), ("fifo", "regular file"), ("link", "regular file"),
        ("", "regular file"), ("none", "No such file"),
    ):  # fmt: skip
        assert why in refusal(f"file://{tmp_path}/{name}")
    for device in ("/dev/zero", "/dev/random", "/dev/stdin"):
        assert "regular file" in refusal(f"file://{device}")


def test_unpacking() -> None:
    """Several members, padding, and a bomb that costs no memory."""
    assert unpacked(gzip.compress(b"a") + gzip.compress(b"b") + b"\0\0", 10) == b"ab"
    with pytest.raises(EOFError):
        unpacked(gzip.compress(b"a")[:-3], 10)
    with pytest.raises(DocumentRefused):
        unpacked(BOMB, 1000)


def test_through_a_proxy(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """It resolves names that this machine does not know; hosts that are refused are refused before."""
    monkeypatch.setenv("http_proxy", site.url(""))
    monkeypatch.setenv("no_proxy", "")
    site.pages["http://lists.invalid/a"] = (200, {}, b"text")
    assert read_document("http://lists.invalid/a", SECRETS, SMALL) == b"text"
    assert site.seen[0][1]["host"] == "lists.invalid"
    assert "metadata service" in refusal("http://169.254.169.254/latest/")
    assert len(site.seen) == 1
    monkeypatch.setenv(HOSTS, "*.example.com")
    assert "is not one that" in refusal("http://lists.invalid/a")
