"""What a facet takes of an answer: texts in texts are read, and what cannot be read is a failure."""

from __future__ import annotations

import base64
import gzip
import json

import pytest

from engine.model.fact import Failed
from engine.model.json import Json
from engine.model.record import Facet
from providers.aws.adapter.gather.forms import taken


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        ("json-text", '{"a": 1}', {"a": 1}),
        ("url-json-text", "%7B%22a%22%3A%201%7D", {"a": 1}),
        ("yaml-text", "a: [1]\n", {"a": [1]}),
        ("base64-text", base64.b64encode(b"echo hi").decode(), "echo hi"),
        ("base64-text", base64.b64encode(gzip.compress(b"echo hi")).decode(), "echo hi"),
        ("base64-text", "", ""),
        ("key-values", [{"Key": "a", "Value": "true"}, {"Key": "b", "Value": "x"}, {"Key": "c"}],
         {"a": True, "b": "x", "c": None}),
        ("", "as it is", "as it is"),
        ("json-text", None, None),
        ("yaml-text", None, None),
    ],
)  # fmt: skip
def test_forms(form: str, value: Json, expected: Json) -> None:
    """Texts in texts are read."""
    assert taken(Facet("Get", {}, take="V", form=form), {"V": value}) == expected


@pytest.mark.parametrize(
    ("form", "value"),
    [("json-text", "{half"), ("url-json-text", "<html>"), ("yaml-text", "{half"), ("base64-text", "a")],
)
def test_texts_that_cannot_be_read_are_failures(form: str, value: str) -> None:
    """Not None: the resource has something there."""
    assert isinstance(taken(Facet("Get", {}, take="V", form=form), {"V": value}), Failed)


def test_gzip_that_breaks_off_is_a_failure() -> None:
    """EOFError and zlib's own error among them."""
    packed = gzip.compress(json.dumps(list(range(500))).encode())
    for cut in (packed[:20], packed[:12] + b"garbage" + packed[19:]):
        text = base64.b64encode(cut).decode()
        assert isinstance(taken(Facet("Get", {}, take="V", form="base64-text"), {"V": text}), Failed)
