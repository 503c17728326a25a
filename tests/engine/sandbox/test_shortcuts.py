"""Shortcuts change no answer."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from engine.sandbox.shortcuts import Dispatcher, OnceLoader


@pytest.mark.parametrize(
    "host",
    [
        "ec2.us-east-1.amazonaws.com",
        "s3.amazonaws.com",
        "bucket.s3.amazonaws.com",
        "iam.amazonaws.com",
        "sqs.eu-west-1.amazonaws.com",
    ],
)
def test_a_host_is_answered_by_the_same_part_of_moto_each_time(host: str) -> None:
    ours = Dispatcher()
    expected = DomainDispatcherApplication(create_backend_app).get_backend_for_host(host)
    assert ours.get_backend_for_host(host) == ours.get_backend_for_host(host) == expected


def test_models_are_read_as_they_lie(tmp_path: Path) -> None:
    (tmp_path / "plain.json").write_text('{"a": 1}')
    (tmp_path / "packed.json.gz").write_bytes(gzip.compress(b'{"b": 2}'))
    loader = OnceLoader()
    assert [loader.exists(str(tmp_path / name)) for name in ("plain", "packed", "none")] == [True, True, False]
    assert [loader.load_file(str(tmp_path / name)) for name in ("plain", "packed", "none")] == [
        {"a": 1},
        {"b": 2},
        None,
    ]


def test_a_model_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "once.json"
    path.write_text("{}")
    first = OnceLoader().load_file(str(tmp_path / "once"))
    path.write_text('{"changed": true}')
    assert OnceLoader().load_file(str(tmp_path / "once")) is first


def test_taken_they_change_no_answer() -> None:
    """In a process of its own, for they are for the whole process."""
    code = (
        "import json\n"
        "from engine.sandbox import shortcuts\n"
        "shortcuts.take()\n"
        "from moto.core.utils import create_loader\n"
        "assert create_loader() is create_loader()\n"
        "from botocore.loaders import create_loader\n"
        "from botocore.model import ServiceModel\n"
        "print(json.dumps(sorted(ServiceModel(create_loader().load_service_model('sts', 'service-2')).operation_names)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "GetCallerIdentity" in json.loads(done.stdout)
