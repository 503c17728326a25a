"""Where `run -s` leads: folders, keys in a bucket, templates; and what is refused before anything is changed."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from engine.cli.output import check, prepared
from engine.model.call import Call
from engine.model.errors import CallFailed, FailureKind, UsageRejected
from engine.model.json import Json
from engine.report.places import Output
from tests.providers.aws.adapter.doubles import ScriptedDoor, at

from .here import TAG, Here

FILES = ("findings.json", "metadata.json", "resources.json")
HOUR = r"\d{4}/\d\d/\d\d/\d\d"


def keys(here: Here) -> dict[str, dict[str, Json]]:
    """Everything in the bucket, taken out of it."""
    s3 = here.client("s3")
    found = {}
    for each in s3.list_objects_v2(Bucket="findings").get("Contents", ()):
        found[each["Key"]] = s3.get_object(Bucket="findings", Key=each["Key"])
        s3.delete_object(Bucket="findings", Key=each["Key"])
    return found


def held(answer: dict[str, Json]) -> Json:
    return json.loads(gzip.decompress(answer["Body"].read()))


def test_files_in_a_bucket(here: Here) -> None:
    """c7n's layout, gzipped, encrypted; and they hold what the run found."""
    done = here.engine("run", "--sandbox", here.write("p.yml", TAG), "-s", "s3://findings/prod/")
    assert done.code == 0, done
    found = keys(here)
    hours = {re.sub(HOUR, "HOUR", key) for key in found}
    assert hours == {f"prod/tagged/HOUR/{name}.gz" for name in FILES}
    assert {answer["ServerSideEncryption"] for answer in found.values()} == {"AES256"}
    by_name = {key.rsplit("/", 1)[1]: held(answer) for key, answer in found.items()}
    assert {tags["id"] for tags in here.instances().values() if "Seen" in tags} == {
        row["InstanceId"] for row in by_name["resources.json.gz"]
    }
    assert [row["verdict"] for row in by_name["findings.json.gz"]] == ["match", "match"]
    assert by_name["metadata.json.gz"]["policy"]["name"] == "tagged"
    assert by_name["metadata.json.gz"]["counts"] == {"population": 2, "matched": 2, "unknown": 0}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("s3://findings", f"tagged/{HOUR}"),
        ("s3://findings/{account_id}/{region}/{policy_name}/{now:%Y}", r"123456789012/us-east-1/tagged/\d{4}"),
        ("s3://findings/{uuid}?sse=aws:kms", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ],
)
def test_keys(path: str, expected: str, here: Here) -> None:
    assert here.engine("run", "--sandbox", here.write("p.yml", TAG), "-d", "-s", path).code == 0
    found = keys(here)
    assert sorted(key.rsplit("/", 1)[1] for key in found) == [f"{name}.gz" for name in FILES]
    assert all(re.fullmatch(expected, key.rsplit("/", 1)[0]) for key in found), list(found)
    assert {a["ServerSideEncryption"] for a in found.values()} == {"aws:kms" if "kms" in path else "AES256"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("out", "out/tagged"),
        ("file://out/x", "out/x/tagged"),
        ("out/{account_id}/{policy_name}-{region}", "out/123456789012/tagged-us-east-1"),
    ],
)
def test_folders(path: str, expected: str, here: Here) -> None:
    """The account's id is asked for where the path needs it, also in a dry run."""
    assert here.engine("run", "--sandbox", here.write("p.yml", TAG), "-d", "-s", path).code == 0
    assert sorted(f.name for f in (here.folder / expected).iterdir()) == list(FILES)
    assert len(json.loads((here.folder / expected / "resources.json").read_text())) == 2


def test_several_regions_have_folders_of_their_own(here: Here) -> None:
    command = ("run", "--sandbox", here.write("p.yml", TAG), "-d", "-r", "us-east-1", "-r", "eu-west-1")
    assert here.engine(*command, "-s", "out").code == 0
    assert {f.parent.relative_to(here.folder).as_posix() for f in here.folder.glob("out/**/metadata.json")} == {
        "out/us-east-1/tagged",
        "out/eu-west-1/tagged",
    }


TWO = TAG + "  - {name: other, resource: s3}\n"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("s3://nowhere/x", "there is no bucket 'nowhere'"),
        ("s3://open-house/x", "bucket 'open-house' is public: findings are not for everyone"),
        ("s3://", "cannot write to 's3://': the bucket is not named"),
        ("https://findings/x", "cannot write to 'https://findings/x': give a folder, or s3://BUCKET/PREFIX"),
        ("s3://findings/x?kms=1", "unknown option 'kms' in 's3://findings/x?kms=1': did you mean 'kms-key'?"),
        ("out/{account}", "cannot write to 'out/{account}': unknown field '{account}': did you mean 'account_id'?"),
        ("out/{now:%Y", "cannot write to 'out/{now:%Y': a field in braces cannot be read"),
        ("out/{region}", "files would overwrite each other: put {policy_name} into 'out/{region}'"),
        ("p.yml/x", "cannot write to 'p.yml/x': Not a directory"),
    ],
)
def test_what_is_refused_before_anything_is_changed(path: str, says: str, here: Here) -> None:
    done = here.engine("run", "--sandbox", here.write("p.yml", TWO), "-s", path)
    assert (done.code, done.err.strip().splitlines()[-1]) == (2, f"error: {says}")
    assert [name for name, tags in here.instances().items() if "Seen" in tags] == []


def test_results_are_told_even_where_they_cannot_be_stored(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bucket goes away in the middle: the changes stand in the journal, on the screen, and the code is not 0."""
    monkeypatch.setattr("engine.cli.output.check", lambda *_: None)
    done = here.engine("run", "--sandbox", here.write("p.yml", TAG), "-s", "s3://nowhere/x")
    assert done.code == 4
    assert "2 done" in done.out
    assert "s3:PutObject" in done.err


@pytest.mark.parametrize(
    ("text", "policies", "connections", "regions", "lacks"),
    [
        ("{policy_name}", 2, 1, (), None),
        ("{policy_name}", 1, 1, ("a", "b"), "region"),
        ("{policy_name}", 1, 1, ("all",), "region"),
        ("{region}", 1, 1, ("a", "b"), None),
        ("{region}", 2, 1, ("a",), "policy_name"),
        ("{policy_name}/{region}", 2, 2, ("a", "b"), "account_id"),
        ("{uuid}", 2, 2, ("a", "b"), None),
        ("{now:%H}", 1, 1, ("a",), None),
        ("plain", 2, 2, ("a", "b"), None),
    ],
)
def test_every_policy_needs_a_place_of_its_own(
    text: str, policies: int, connections: int, regions: tuple[str, ...], lacks: str | None
) -> None:
    given: list[Json] = [[None] * policies, [None] * connections]
    if lacks is None:
        check(Output.of(text), *given, regions)
        return
    with pytest.raises(UsageRejected, match=f"overwrite each other: put {{{lacks}}} into"):
        check(Output.of(text), *given, regions)


def looked(output: str, answer: Json = None, failing: CallFailed | None = None) -> ScriptedDoor:
    def said(call: Call) -> Json:
        if failing is not None:
            raise failing
        return answer or {}

    connection, door = at(said)
    check(Output.of(output), [], [connection], ["eu-west-1"])
    return door


def failed(code: str, kind: FailureKind) -> CallFailed:
    return CallFailed("s3", "GetBucketPolicyStatus", kind, code, "no")


def test_the_bucket_is_looked_at_where_it_is() -> None:
    (call,) = looked("s3://b/x", {"PolicyStatus": {"IsPublic": False}}).asked
    assert (call.operation, call.params, call.scope.region) == ("GetBucketPolicyStatus", {"Bucket": "b"}, "eu-west-1")
    (call,) = looked("s3://b/x?region=us-west-2").asked
    assert call.scope.region == "us-west-2"
    assert looked("folder").asked == []


@pytest.mark.parametrize(
    ("code", "kind", "raised"),
    [
        ("AccessDenied", FailureKind.DENIED, None),
        ("NoSuchBucketPolicy", FailureKind.GONE, None),
        ("NoSuchBucket", FailureKind.GONE, UsageRejected),
        ("ExpiredToken", FailureKind.CREDENTIALS, CallFailed),
        ("500", FailureKind.FAULT, CallFailed),
    ],
)
def test_a_bucket_that_cannot_be_looked_at(code: str, kind: FailureKind, raised: type[Exception] | None) -> None:
    if raised is None:
        assert len(looked("s3://b/x", failing=failed(code, kind)).asked) == 1
        return
    with pytest.raises(raised):
        looked("s3://b/x", failing=failed(code, kind))


def test_a_folder_is_made_as_far_as_it_is_known(tmp_path: Path) -> None:
    prepared(f"{tmp_path}/a/b")
    prepared(f"{tmp_path}/c/{{region}}/d")
    assert sorted(f.relative_to(tmp_path).as_posix() for f in tmp_path.rglob("*")) == ["a", "a/b", "c"]
