"""The kept attributes are those that the models tell; a type without any asks the models."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import botocore
import pytest

from providers.aws import PROVIDER
from providers.aws.adapter.attributes import attributes
from providers.aws.known_attributes import FOLDER, attributes_of, write_attributes

SERVICES = sorted(file.stem for file in FOLDER.glob("*.json"))
TYPES = {type.word: type for type in map(PROVIDER.type, PROVIDER.curated())}


RECORDED = json.loads((FOLDER.parent / "VERSIONS.json").read_text(encoding="utf-8"))["botocore"]


@pytest.mark.skipif(botocore.__version__ != RECORDED, reason=f"kept for botocore {RECORDED}: python3 tasks.py drift")
@pytest.mark.parametrize("service", SERVICES)
def test_what_is_kept_is_fresh(service: str) -> None:
    kept = json.loads((FOLDER / f"{service}.json").read_text())
    told = {word: attributes(type) for word, type in TYPES.items() if type.service == service}
    assert kept == told, "write them anew: python -m providers.aws.known_attributes"


def test_every_curated_type_is_kept() -> None:
    assert {type.service for type in TYPES.values()} == set(SERVICES)


def test_a_type_that_is_not_kept_asks_the_models(tmp_path: Path) -> None:
    assert attributes_of(PROVIDER.type("ec2"), tmp_path) == attributes_of(PROVIDER.type("ec2"))
    assert attributes_of(PROVIDER.type("glue.blueprint"))["Name"] == "string"


def test_another_source_asks_the_models() -> None:
    by_cloud_control = PROVIDER.sourced(PROVIDER.type("log-group"), "cloudcontrol")
    assert by_cloud_control is not None
    assert attributes_of(by_cloud_control) == {}


def test_writing_takes_old_files_away(tmp_path: Path) -> None:
    (tmp_path / "gone.json").write_text("{}")
    write_attributes([PROVIDER.type("sqs")], tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["sqs.json"]
    assert attributes_of(PROVIDER.type("sqs"), tmp_path) == attributes(PROVIDER.type("sqs"))


def test_checking_a_policy_reads_no_model() -> None:
    code = (
        "import sys; from providers.aws import PROVIDER; PROVIDER.attributes(PROVIDER.type('ec2'));"
        "print('providers.aws.adapter.models' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
