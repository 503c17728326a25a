"""Words come from file names alone; a record is opened when it is first used."""

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


@pytest.fixture
def records(tmp_path: Path) -> Records:
    for name, text in {
        "things/big_thing.toml": RECORD,
        "things/large_thing.toml": 'alias = "big-thing"',
        "lambda_/lambda_.toml": RECORD,
        "things/broken.toml": "summary = ",
        "things/nowhere.toml": 'alias = "nothing"',
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return Records(tmp_path)


def test_words_of_files(records: Records) -> None:
    assert records.words() == ["big-thing", "broken", "lambda", "large-thing", "nowhere"]


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


@pytest.mark.parametrize(
    ("alias", "word"), [("network-addr", "elastic-ip"), ("ecs-cluster", "ecs"), ("elasticache", "cache-cluster")]
)
def test_second_names(alias: str, word: str) -> None:
    assert PROVIDER.type(alias) is PROVIDER.type(f"aws.{word}")


def test_import_is_light() -> None:
    code = (
        "import sys; from providers.aws import PROVIDER; PROVIDER.type('ec2'); "
        "print(sorted({'boto3', 'botocore', 'jmespath'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
