"""The text of `-s` to places."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from engine.model.json import Json
from engine.model.scope import Scope
from engine.report.places import Folder, Keys, Output
from tests.providers.aws.adapter.doubles import ScriptedDoor

SCOPE = Scope("123456789012", "eu-west-1")
NOW = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)
DOOR = ScriptedDoor(lambda call: {})


@pytest.mark.parametrize(
    ("text", "apart", "expected"),
    [
        ("out", (), "out/p"),
        ("out/", (), "out/p"),
        ("/", (), "/p"),
        ("out", ("eu-west-1",), "out/eu-west-1/p"),
        ("out", ("123456789012", "eu-west-1"), "out/123456789012/eu-west-1/p"),
        ("file:///var/out", (), "/var/out/p"),
        ("out/{policy_name}", ("eu-west-1",), "out/p"),
        ("{account_id}/{region}/{now:%Y-%m-%dT%H}", (), "123456789012/eu-west-1/2026-11-21T09"),
        ("s3://b", (), "s3://b/p/2026/11/21/09"),
        ("s3://b/x/y/", (), "s3://b/x/y/p/2026/11/21/09"),
        ("s3://b/x", ("eu-west-1",), "s3://b/x/eu-west-1/p/2026/11/21/09"),
        ("s3://b/{now:%m}/{policy_name}", (), "s3://b/11/p"),
    ],
)
def test_where_files_go(text: str, apart: tuple[str, ...], expected: str) -> None:
    assert str(Output.of(text).place("p", SCOPE, NOW, DOOR, apart)) == expected


def test_hours_are_utc() -> None:
    late = NOW.astimezone(timezone(timedelta(hours=14)))
    assert str(Output.of("s3://b").place("p", SCOPE, late, DOOR)) == "s3://b/p/2026/11/21/09"


def test_each_uuid_is_new() -> None:
    output = Output.of("{uuid}")
    assert len({str(output.place("p", SCOPE, NOW, DOOR)) for _ in range(5)}) == 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s3://b", {"ServerSideEncryption": "AES256"}),
        ("s3://b?sse=aws:kms", {"ServerSideEncryption": "aws:kms"}),
        ("s3://b?kms-key=alias/k", {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "alias/k"}),
    ],
)
def test_what_is_put(text: str, expected: dict[str, Json]) -> None:
    door = ScriptedDoor(lambda call: {})
    with Output.of(text).place("p", SCOPE, NOW, door).open("a.json") as out:
        out.write("grüße")
        assert door.asked == []
    (call,) = door.asked
    body = call.params.pop("Body")
    assert gzip.decompress(body).decode() == "grüße"
    where = {"Bucket": "b", "Key": "p/2026/11/21/09/a.json.gz", "ACL": "bucket-owner-full-control"}
    assert (str(call), call.params) == ("s3:PutObject", {**where, **expected})


def test_the_region_of_the_bucket_is_not_that_of_the_policy() -> None:
    place = Output.of("s3://b?region=us-west-2").place("p", SCOPE, NOW, DOOR)
    assert isinstance(place, Keys)
    assert place.scope == Scope("123456789012", "us-west-2")


def test_what_breaks_off_is_not_put() -> None:
    door = ScriptedDoor(lambda call: {})
    with pytest.raises(ZeroDivisionError), Output.of("s3://b").place("p", SCOPE, NOW, door).open("a") as out:
        out.write(str(1 // 0))
    assert door.asked == []


def test_a_folder_is_made_when_it_is_written_to(tmp_path: Path) -> None:
    place = Folder(tmp_path / "a" / "b")
    assert not (tmp_path / "a").exists()
    with place.open("c.txt") as out:
        out.write("ü")
    assert (tmp_path / "a/b/c.txt").read_bytes() == "ü".encode()
