"""Documents: four formats over file, http and s3; what cannot be read is unknown, never empty."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind
from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.need import ContentNeed
from providers.aws.adapter.gather.content import _says_no, parse_content, read_content

from ..doubles import SCOPE, at, gathered, refused

CSV = b"name,owner\nweb,ana\n\ndb,bob\n"


@pytest.mark.parametrize(
    ("need", "raw", "expected"),
    [
        (ContentNeed("s3://b/k.json"), b'{"a": [1]}', {"a": [1]}),
        (ContentNeed("s3://b/k.json", expr="a[0]"), b'{"a": [1]}', 1),
        (ContentNeed("s3://b/k", "json"), b"\xef\xbb\xbf[1]", [1]),
        (ContentNeed("s3://b/k.txt"), b" a \r\n\r\nb\n", ["a", "b"]),
        (ContentNeed("s3://b/k.txt.gz"), b"a\n", ["a"]),
        (ContentNeed("s3://b/k.csv", expr=1), CSV, ["owner", "ana", "bob"]),
        (ContentNeed("s3://b/k.csv", expr="1"), CSV, ["owner", "ana", "bob"]),
        (ContentNeed("s3://b/k.csv", expr="[1:][0]"), CSV, ["web", "db"]),
        (ContentNeed("s3://b/k.csv"), CSV, ["ana", "bob", "db", "name", "owner", "web"]),
        (ContentNeed("s3://b/k.csv", expr=7), CSV, []),
        (ContentNeed("s3://b/k.csv", "csv2dict", "owner"), CSV, ["ana", "bob"]),
        (ContentNeed("s3://b/k.csv", "csv2dict"), CSV, {"name": ["web", "db"], "owner": ["ana", "bob"]}),
        (ContentNeed("s3://b/k.json?region=eu-west-1", expr="none"), b"{}", None),
    ],
)
def test_formats(need: ContentNeed, raw: bytes, expected: Json) -> None:
    """As c7n reads them, blank lines dropped."""
    assert parse_content(raw, need) == expected


def value(need: ContentNeed, answer: Json = None) -> Json:
    """What two instances are told, which must be one value."""
    connection, _ = at(answer or (lambda call: {}))
    first, second = gathered(connection, "ec2", [{"InstanceId": "i-0"}, {"InstanceId": "i-1"}], need)
    assert first[need] is second[need]
    return first[need]


def test_s3_in_the_region_and_version_asked_for() -> None:
    """`?region=` and `?VersionId=` are the engine's, not part of the key."""
    seen: list[Call] = []

    def answer(call: Call) -> Json:
        seen.append(call)
        return {"Body": b"a\nb\n"}

    assert value(ContentNeed("s3://lists/deep/names.txt?region=eu-west-1&VersionId=7"), answer) == ["a", "b"]
    (call,) = seen
    assert call.params == {
        "Bucket": "lists",
        "Key": "deep/names.txt",
        "VersionId": "7",
        "Range": "bytes=0-10000000",
    }
    assert call.scope.region == "eu-west-1"


def test_s3_gzip() -> None:
    """By the key's ending."""
    assert value(ContentNeed("s3://lists/n.txt.gz"), lambda call: {"Body": gzip.compress(b"a\n")}) == ["a"]


def denied(call: Call) -> Json:
    """AccessDenied."""
    raise refused(call)


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("s3://lists/names.txt", denied),
        ("s3://lists/names.txt.gz", lambda call: {"Body": b"not gzip"}),
        ("s3://lists/names.txt.gz", lambda call: {"Body": gzip.compress(b"a" * 999)[:20]}),
        ("s3://lists/names.json", lambda call: {"Body": b"{half"}),
        ("s3://lists/names.txt", lambda call: {"Body": b"\xff\xfe\xff"}),
        ("s3://lists/names.xlsx", lambda call: {"Body": b"a"}),
        ("ftp://lists/names.txt", None),
        ("file:///nowhere/at/all.txt", None),
        ("http://127.0.0.1:9/names.txt", None),
    ],
)
def test_what_cannot_be_read_is_unknown(url: str, answer: Json) -> None:
    """With its URL in the cause; nothing raises."""
    found = value(ContentNeed(url), answer)
    assert isinstance(found, Failed)
    assert url in found.cause


def test_an_expression_that_finds_nothing_is_unknown() -> None:
    """An empty list of allowed names would match everything."""
    found = value(ContentNeed("s3://l/n.json", expr="names"), lambda call: {"Body": b"{}"})
    assert isinstance(found, Failed)
    assert "'names' finds nothing" in found.cause


def test_a_file(tmp_path: Path) -> None:
    """Spaces and all."""
    path = tmp_path / "my names.txt"
    path.write_text("a\n")
    assert value(ContentNeed(path.as_uri())) == ["a"]


@pytest.fixture
def site() -> Iterator[tuple[str, list[str | None]]]:
    """A web server on loopback, and the headers it saw."""
    seen: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("X-Token"))
            packed = self.path.startswith("/packed")
            body = gzip.compress(b"a\nb\n") if packed else b"c\n"
            self.send_response(404 if self.path.startswith("/missing") else 200)
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body) + (5 if self.path.startswith("/half") else 0)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    thread.join()
    server.server_close()


def test_http_with_headers_and_gzip(site: tuple[str, list[str | None]]) -> None:
    """Packed and plain."""
    url, seen = site
    assert value(ContentNeed(f"{url}/packed.txt", headers=(("X-Token", "t"),))) == ["a", "b"]
    assert value(ContentNeed(f"{url}/plain.txt")) == ["c"]
    assert seen == ["t", None]


@pytest.mark.parametrize("path", ["missing.txt", "half.txt"])
def test_http_that_fails_is_unknown(site: tuple[str, list[str | None]], path: str) -> None:
    """404, and a body shorter than it said."""
    assert isinstance(value(ContentNeed(f"{site[0]}/{path}")), Failed)


DEEP = (
    b"[" * 5000 + b"]" * 5000,
    b'{"a":' * 5000,
    b"9" * 5000,
    b'"' + b"x" * 200_000 + b'"',
    b"\xff\xfe",
    b"\x00",
    b"a,\n" * 5000,
    b'"' * 9,
)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300) | st.sampled_from(DEEP),
    st.sampled_from(["json", "csv", "csv2dict", "txt", ""]),
    st.sampled_from([None, 0, "0", "a", "[0]", "a[", "length(@)", "(" * 2000, "*.*"]),
)
def test_any_content_is_a_value_or_unknown(raw: bytes, form: str, expr: Json) -> None:
    """Nothing that a document holds raises."""
    connection, _ = at(lambda call: {"Body": raw})
    found = read_content(connection, ContentNeed("s3://b/k", form, expr), SCOPE)
    assert found is not None


@pytest.mark.parametrize(
    ("raw", "cause"),
    [
        (b"[" * 5000 + b"]" * 5000, "it nests more than 100 levels deep"),
        (b"9" * 5000, "it has a number of more than 4300 digits"),
        (b"a" * 1001, "it is larger than 1,000 bytes; raise 'max-size' of value_from if it should be"),
    ],
)
def test_what_is_too_much(raw: bytes, cause: str) -> None:
    found = value(
        ContentNeed("s3://b/k.json", max_size=1000 if raw[:1] == b"a" else 10_000_000), lambda call: {"Body": raw}
    )
    assert isinstance(found, Failed)
    assert found.cause == f"s3://b/k.json: {cause}"


def test_an_object_without_bytes() -> None:
    """S3 refuses a range of it; that it is empty is seen by reading it whole."""

    def answer(call: Call) -> Json:
        if "Range" in call.params:
            raise CallFailed("s3", "GetObject", FailureKind.INVALID, "InvalidRange", "not satisfiable")
        return {"Body": b""}

    assert value(ContentNeed("s3://b/k.txt"), answer) == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"Body": b"a\n", "ContentRange": "bytes 0-9/10"}, "2 bytes came of 10"),
        ({"Body": b"<!DOCTYPE html><p>sign in"}, "web page"),
        ({"Body": b"\n <html><p>sign in"}, "web page"),
    ],
)
def test_what_is_not_the_document_is_a_failure(answer: Json, says: str) -> None:
    """`not-in` a list that was cut short would match what the list protects."""
    found = value(ContentNeed("s3://b/k.txt"), lambda call: answer)
    assert isinstance(found, Failed)
    assert says in found.cause


def test_a_failure_is_not_kept() -> None:
    """The next policy that asks reads again."""
    answers: list[Json] = [None, {"Body": b"a\n"}]

    def answer(call: Call) -> Json:
        return answers.pop(0) or denied(call)

    connection, _ = at(answer)
    need = ContentNeed("s3://lists/names.txt")
    (first,) = gathered(connection, "ec2", [{"InstanceId": "i-0"}], need)
    (second,) = gathered(connection, "ec2", [{"InstanceId": "i-0"}], need)
    assert isinstance(first[need], Failed)
    assert second[need] == ["a"]


def test_secrets_of_the_url_are_not_in_the_cause() -> None:
    found = value(ContentNeed("http://ana:hunter2@127.0.0.1:9/x.txt?token=t0ps3cret"))
    assert isinstance(found, Failed)
    assert "hunter2" not in found.cause
    assert "t0ps3cret" not in found.cause


@pytest.mark.parametrize(
    ("body", "no"),
    [
        (b"", True), (b" \n", True), (b"{}", True), (b'{"message": "Forbidden"}', True), (b'{"Error": 1, "code": 2}', True),
        (b"a\nb\n", False), (b'["a"]', False), (b'{"names": ["a"]}', False), (b"{half", False), (b"{a,b\n", False),
    ],
)  # fmt: skip
def test_a_gateway_that_gives_nothing_is_no_document(body: bytes, no: bool) -> None:
    """A good status does not make a document of it."""
    assert _says_no(body) is no
