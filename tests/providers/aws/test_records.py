"""Words come from names alone; a record is opened when it is first used; people's files lie over derived records."""

import subprocess
import sys
from pathlib import Path

import pytest

from providers.aws import PROVIDER
from providers.aws.record_reader import RecordRejected
from providers.aws.records import Records

RECORD = """
summary  = "A thing."
identity = { id = "Id" }
list     = { call = "ListThings", items = "Things" }
"""


DERIVED = """{
"glue.job": {"cfn": "AWS::Glue::Job", "facets": {"bookmark": {"attribute": "Bookmark", "call": "GetJobBookmark", "with": {"JobName": "Name"}}}, "identity": {"id": "Name", "name": "Name"}, "list": {"call": "GetJobs", "items": "Jobs"}, "service": "glue", "summary": "Job of AWS Glue."},
"glue.trigger": {"identity": {"id": "Name"}, "list": {"call": "GetTriggers", "items": "Triggers"}, "service": "glue", "summary": "Trigger of AWS Glue."},
"glue.crawler": {"identity": {"id": "Name"}, "list": {"call": "GetCrawlers", "items": "Crawlers"}, "service": "glue", "summary": "Crawler of AWS Glue."}
}
"""
LAID = """
derived = "glue.job"
without = ["facets.bookmark"]
summary = "A job, as people see it."
[identity]
arn = "arn:{partition}:glue:{region}:{account}:job/{Name}"
"""


@pytest.fixture
def records(tmp_path: Path) -> Records:
    for name, text in {
        "glue/glue_job.toml": LAID,
        "glue/wrong.toml": 'derived = "glue.crawler"\nwithout = ["facets.nothing"]',
        "glue/lost.toml": 'derived = "glue.nothing"',
        "things/elsewhere.toml": 'derived = "glue.job"',
        "things/big_thing.toml": RECORD,
        "things/large_thing.toml": 'alias = "big-thing"',
        "lambda_/lambda_.toml": RECORD,
        "things/broken.toml": "summary = ",
        "things/nowhere.toml": 'alias = "nothing"',
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "derived").mkdir()
    (tmp_path / "derived" / "glue.json").write_text(DERIVED)
    return Records(tmp_path, tmp_path / "derived")


def test_words_of_files(records: Records) -> None:
    assert records.curated() == [
        "big-thing", "broken", "elsewhere", "glue-job", "lambda", "large-thing", "lost", "nowhere", "wrong"
    ]  # fmt: skip
    assert sorted({*records.words()} - {*records.curated()}) == ["glue.crawler", "glue.job", "glue.trigger"]


def test_type_with_and_without_prefix(records: Records) -> None:
    assert records.type("aws.big-thing") is records.type("big-thing")
    assert records.type("big-thing").service == "things"
    assert records.type("lambda").service == "lambda"


def test_alias_is_the_same_type(records: Records) -> None:
    assert records.type("large-thing") is records.type("big-thing")


def test_unknown_word(records: Records) -> None:
    with pytest.raises(KeyError, match=r"no resource type 'bigthing', did you mean 'big-thing'\?"):
        records.type("bigthing")


def test_a_file_that_is_no_record(records: Records) -> None:
    with pytest.raises(RecordRejected, match="not TOML"):
        records.type("broken")
    with pytest.raises(RecordRejected, match="holds only 'alias'"):
        records.type("nowhere")


def test_a_curated_file_is_laid_over_the_derived_record(records: Records) -> None:
    laid = records.type("glue-job")
    assert (laid.summary, laid.cfn, laid.origin) == ("A job, as people see it.", "AWS::Glue::Job", "curated")
    assert (laid.identity.id, laid.identity.name) == ("Name", "Name")
    assert laid.identity.arn.endswith("job/{Name}")
    assert not laid.facets
    assert laid.list.call == "GetJobs"


def test_the_derived_word_answers_with_the_curated_record(records: Records) -> None:
    assert records.type("glue.job") is records.type("aws.glue-job")
    assert records.type("aws.glue.trigger").origin == "derived"


@pytest.mark.parametrize(
    ("word", "problem"),
    [
        ("wrong", "'without' names 'facets.nothing', which the derived record does not have"),
        ("lost", "there is no derived type 'glue.nothing'"),
        ("elsewhere", "is not of the service 'things', whose folder this is"),
    ],
)
def test_what_cannot_be_laid_over(records: Records, word: str, problem: str) -> None:
    with pytest.raises(RecordRejected, match=problem):
        records.type(word)


def test_a_type_in_neither_layer_is_derived_on_the_spot(records: Records) -> None:
    made = records.type("sns.topic")
    assert (made.list.call, made.identity.id, made.origin) == ("ListTopics", "TopicArn", "unreviewed")
    with pytest.raises(KeyError, match=r"no resource type 'sns\.nothing'"):
        records.type("sns.nothing")
    with pytest.raises(KeyError, match=r"no resource type 'nothing\.nothing'"):
        records.type("nothing.nothing")


@pytest.mark.parametrize(
    ("alias", "word"), [("network-addr", "elastic-ip"), ("ecs-cluster", "ecs"), ("elasticache", "cache-cluster")]
)
def test_second_names(alias: str, word: str) -> None:
    assert PROVIDER.type(alias) is PROVIDER.type(f"aws.{word}")


def test_import_is_light() -> None:
    code = (
        "import sys; from providers.aws import PROVIDER; PROVIDER.type('ec2'); PROVIDER.type('glue.job'); "
        "print(sorted({'boto3', 'botocore', 'jmespath'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_words_are_told_without_reading_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """From names of files and the beginnings of lines."""
    monkeypatch.setattr("providers.aws.records.tomllib.loads", lambda _: pytest.fail("a file was read"))
    monkeypatch.setattr("providers.aws.layers.json.loads", lambda _: pytest.fail("a line was read"))
    assert len(Records().words()) > 2_000


@pytest.mark.parametrize(
    ("word", "files"),
    [
        ("ec2", {"services/ec2/ec2.toml", "derived/ec2.json"}),
        ("glue-job", {"services/glue/glue_job.toml", "derived/glue.json"}),
        ("account", {"services/account/account.toml"}),
    ],
)
def test_one_type_opens_its_own_files_alone(word: str, files: set[str]) -> None:
    """Whatever else there is: what a policy does not name is not read."""
    code = (
        "import pathlib, sys\n"
        "from providers.aws.records import Records\n"
        "opened, plain = [], pathlib.Path.open\n"
        "def noted(self, *a, **k):\n"
        "    opened.append('/'.join(self.parts[self.parts.index('aws') + 1:]))\n"
        "    return plain(self, *a, **k)\n"
        "pathlib.Path.open = noted\n"
        f"Records().type({word!r})\n"
        "print(*sorted(set(opened)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == files
