"""Requests of programs pass; those of pages, of rebound names, and to what is not AWS's API are refused."""

from __future__ import annotations

import pytest

from engine.sandbox.gate import is_loopback, is_own, refusal

HERE = "127.0.0.1:5000"


@pytest.mark.parametrize(
    ("path", "headers", "passes"),
    [
        ("/", {}, True),
        ("/", {"HTTP_HOST": "localhost:5000"}, True),
        ("/", {"HTTP_HOST": "[::1]:5000"}, True),
        ("/k", {"HTTP_HOST": "bucket.localhost:5000"}, True),
        ("/k", {"HTTP_HOST": "bucket.s3.eu-west-1.amazonaws.com"}, True),
        ("/", {"HTTP_HOST": "host.docker.internal:5000"}, True),
        ("/", {"HTTP_HOST": ""}, True),
        ("/", {"HTTP_ORIGIN": f"http://{HERE}"}, True),
        ("/", {"HTTP_SEC_FETCH_SITE": "none"}, True),
        ("/", {"HTTP_SEC_FETCH_SITE": "same-origin"}, True),
        ("/", {"HTTP_HOST": "evil.example"}, False),
        ("/", {"HTTP_HOST": "127.0.0.1.evil.example:5000"}, False),
        ("/", {"HTTP_HOST": "amazonaws.com.evil.example"}, False),
        ("/", {"HTTP_HOST": "evilamazonaws.com"}, False),
        ("/", {"HTTP_ORIGIN": "null"}, False),
        ("/", {"HTTP_ORIGIN": "http://127.0.0.1:3000"}, False),
        ("/", {"HTTP_ORIGIN": f"https://{HERE}"}, False),
        ("/", {"HTTP_ORIGIN": "http://evil.example", "HTTP_HOST": "evil.example"}, False),
        ("/", {"HTTP_SEC_FETCH_SITE": "same-site"}, False),
        ("/moto-api/reset", {}, False),
        ("/MOTO-API/reset", {}, False),
        ("/engine-sandbox/status", {}, False),
        ("/moto-api/reset", {"HTTP_X_ENGINE_SANDBOX": "1"}, True),
        ("/moto-api/reset", {"HTTP_X_ENGINE_SANDBOX": "1", "HTTP_HOST": "x.amazonaws.com"}, False),
        ("/moto-api/reset", {"HTTP_X_ENGINE_SANDBOX": "1", "HTTP_HOST": "host.docker.internal"}, False),
        ("/moto-api/reset", {"HTTP_X_ENGINE_SANDBOX": "1", "HTTP_HOST": ""}, False),
    ],
)
def test_what_passes(path: str, headers: dict[str, str], passes: bool) -> None:
    assert (refusal({"PATH_INFO": path, "HTTP_HOST": HERE, **headers}) == "") is passes


def test_what_is_not_of_aws() -> None:
    assert [p for p in ("/moto-api/", "//moto-api", "/engine-sandbox/x", "/bucket/moto-api", "/") if is_own(p)] == [
        "/moto-api/", "//moto-api", "/engine-sandbox/x",
    ]  # fmt: skip


def test_loopback() -> None:
    assert is_loopback("127.8.9.1:1")
    assert not is_loopback("0.0.0.0:1")
