"""`engine validate`: what it prints, how it ends, and what it does not import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli.main import main

FIVE = """\
policies:
  - name: five mistakes
    resource: aws.ec2
    filters:
      - type: metric
        name: CPUUtilization
      - type: metrics
        name: CPUUtilization
        days: seven
        value: 5
    actions:
      - stopp
      - type: tag
        key: A
        key: B
        value: x
"""
TRAP = 'policies:\n- {name: trap, resource: ec2, filters: [{"tag:Keep": true}]}\n'
RIGHT = "policies:\n- {name: right, resource: ec2}\n- {name: other, resource: s3, filters: [{Name: '{bucket}'}]}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("five.yml", FIVE), ("trap.yml", TRAP), ("right.yml", RIGHT), ("vars.json", '{"bucket": "b"}')):
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["validate", *arguments])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_five_mistakes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run("five.yml", capsys=capsys)
    lines = out.splitlines()
    assert code == 3
    assert [line.split()[0] for line in lines if "error" in line][:5] == [
        "five.yml:2:11",
        "five.yml:5:15",
        "five.yml:9:15",
        "five.yml:12:9",
        "five.yml:15:9",
    ]
    assert lines[-1] == "1 policy in 1 file: 5 errors"
    assert len(lines) < 40


@pytest.mark.parametrize(
    ("arguments", "code", "last"),
    [
        (["right.yml", "--vars-file", "vars.json"], 0, "2 policies in 1 file: no problems"),
        (["right.yml"], 3, "2 policies in 1 file: 1 error"),
        (["trap.yml"], 0, "1 policy in 1 file: 1 warning"),
        (["trap.yml", "--strict"], 3, "1 policy in 1 file: 1 warning"),
        (["trap.yml", "--strict", "--no-lint"], 0, "1 policy in 1 file: no problems"),
        (["trap.yml", "--strict", "--ignore", "W340"], 0, "1 policy in 1 file: no problems"),
        (["right.yml", "-p", "r*"], 0, "1 policy in 1 file: no problems"),
        (["right.yml", "-t", "ec2"], 0, "1 policy in 1 file: no problems"),
        (["right.yml", "trap.yml", "-t", "aws.s3", "--vars-file", "vars.json"], 0, "1 policy in 2 files: no problems"),
    ],
)
def test_ends(folder: Path, arguments: list[str], code: int, last: str, capsys: pytest.CaptureFixture[str]) -> None:
    ended, out, _ = run(*arguments, capsys=capsys)
    assert (ended, out.splitlines()[-1]) == (code, last)


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        ([], 2, "which policies? Give files or directories."),
        (["none.yml"], 2, "no such file or directory: 'none.yml'"),
        (["right.yml", "-p", "x"], 2, "none of the 2 policies is selected by -p and -t"),
        (["right.yml", "--vars-file", "trap.yml", "--format", "xml"], 2, "'xml' is not one of"),
        (["right.yml", "--vars-file", "none.json"], 3, "cannot read 'none.json': No such file or directory"),
    ],
)
def test_wrong_usage(
    folder: Path, arguments: list[str], code: int, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, _, err = run(*arguments, capsys=capsys)
    assert ended == code
    assert text in err


@pytest.mark.parametrize("form", ["json", "github", "sarif", "junit"])
def test_forms(folder: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(".", "--format", form, capsys=capsys)
    assert code == 3
    assert "C201" in out
    if form in ("json", "sarif"):
        json.loads(out)


def test_a_directory_without_policies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(str(tmp_path), capsys=capsys)
    assert (code, out.strip()) == (0, "0 policies in 0 files: no problems")


HEAVY = ("botocore", "boto3", "moto", "rich", "jsonschema", "dateutil", "importlib.metadata", "engine.executor")


def test_imports_nothing_heavy(folder: Path) -> None:
    script = (
        "import sys\nfrom engine.cli.main import main\n"
        "try: main(['validate', 'trap.yml', 'five.yml'])\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stderr.strip() == "[]"
    assert "2 policies in 2 files: 5 errors, 1 warning" in ended.stdout
