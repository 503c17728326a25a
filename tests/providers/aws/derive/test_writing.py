"""The derived layer on disk."""

import json
from pathlib import Path

from providers.aws.derive.writing import VERSIONS, text_of, write


def test_a_record_a_line_sorted() -> None:
    text = text_of({"b.two": {"z": 1, "a": "é"}, "b.one": {}})
    assert text == '{\n"b.one": {},\n"b.two": {"a": "é", "z": 1}\n}\n'
    assert json.loads(text) == {"b.one": {}, "b.two": {"a": "é", "z": 1}}


def test_files_of_services_that_are_gone_go(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text("{}")
    write({"new": {"new.thing": {}}, "none": {}}, {"botocore": "1"}, tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == [VERSIONS, "new.json"]
