"""Two derived layers compared."""

from pathlib import Path

import pytest

from providers.aws.derive.drift import differences, main
from providers.aws.derive.writing import write


def test_differences() -> None:
    older = {"a.gone": {}, "a.same": {"x": 1}, "a.other": {"list": {"call": "ListA", "page": {}}, "cfn": "A"}}
    newer = {"a.new": {}, "a.same": {"x": 1}, "a.other": {"list": {"call": "ListB"}, "cfn": "A", "tags": {}}}
    assert list(differences(older, newer)) == ["- a.gone", "+ a.new", "~ a.other: list.call, -list.page, +tags"]


def test_main(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for version, words in (("1", ["a.one"]), ("2", ["a.one", "a.two"])):
        write({"a": {word: {} for word in words}}, {"botocore": version}, tmp_path / version)
    main(tmp_path / "2", tmp_path / "1")
    assert capsys.readouterr().out == "+ a.two\nbotocore 1 to 2: 1 types differ\n"
