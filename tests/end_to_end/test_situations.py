"""What goes wrong outside the engine ends in a sentence and a code of its own, never in a traceback."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.shell import ROOT, Shell

IDLE = "policies/idle-ec2.yml"
WORLD = """
name: small
region: us-east-1
roles:
  - {name: in-use, age: 10d, trusts: ec2.amazonaws.com, allows: ["s3:GetObject"]}
instances:
  - {name: one, age: 10d}
  - {name: two, age: 20d}
"""
KEYS = {"AWS_ACCESS_KEY_ID": "here", "AWS_SECRET_ACCESS_KEY": "only", "AWS_DEFAULT_REGION": "us-east-1"}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A home with a small sandbox."""
    folder = tmp_path_factory.mktemp("situations")
    (folder / "small.yml").write_text(WORLD)
    found = Shell(folder / "home")
    assert found.engine("sandbox", "start", str(folder / "small.yml")).code == 0
    yield found
    assert found.engine("sandbox", "stop").code == 0


def policy(folder: Path, text: str) -> str:
    """A file with one policy in flow style."""
    file = folder / "policy.yml"
    file.write_text(f"policies: [{{name: it, {text}}}]")
    return str(file)


def refused(shell: Shell, code: int, sentence: str, *arguments: str, **more: str) -> None:
    """A command that must end so, with nothing on stdout."""
    done = shell.engine(*arguments, **more)
    assert done.code == code, done
    assert sentence in done.err
    assert "Traceback" not in done.err
    assert "\x1b" not in done.err
    assert len(done.err.splitlines()) <= 6
    assert done.out == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "{f}/none.yml"), "no such file or directory: '{f}/none.yml'"),
        (("run", "--sandbox", "{f}/none.yml"), "no such file: '{f}/none.yml'"),
        (("run", "--sandbox", "{f}"), "there are no policies in '{f}'"),
        (("explain", "{f}"), "there are no policies in '{f}'"),
        (("why", "{f}", "i-1", "--sandbox"), "there are no policies in '{f}'"),
        (("run", IDLE, "-p", "nothing-*"), "none of the 1 policies is selected"),
        (("run", "--sandbox", "moon", IDLE), "no world 'moon': no such file"),
        (("sandbox", "start", "{f}/none.yml"), "no world '{f}/none.yml': no such file"),
        (("run", "--sandbox", IDLE, "-d", "-r", "mars-north-1"), "there is no region 'mars-north-1'"),
        (("run", IDLE, "--profile", "nobody"), "there is no profile 'nobody'"),
        (("apply", "{f}/none.plan"), "cannot read '{f}/none.plan'"),
        (("apply", "{f}/broken.plan"), "'{f}/broken.plan' is not a saved plan"),
        (("apply", "{f}/list.plan"), "'{f}/list.plan' is not a saved plan"),
        (("apply", "{f}/empty.plan"), "'{f}/empty.plan' is not a saved plan"),
        (("plan", "--sandbox", IDLE, "-o", "{f}/none/idle.plan"), "cannot write '{f}/none/idle.plan'"),
        (("run", "--sandbox", IDLE, "-s", "{f}/file/out"), "cannot write to '{f}/file/out'"),
        (("run", "--sandbox", IDLE, "-s", "s3://bucket"), "there is no bucket 'bucket'"),
        (("runs", "nothing"), "no run 'nothing'"),
        (("undo", "nothing"), "no run 'nothing'"),
        (("why", IDLE, "i-1", "--sandbox"), "no resource 'i-1' is found"),
        (("run", "--sandboxx"), "No such option"),
        (("rnu",), "did you mean 'run'?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage_is_told(arguments: tuple[str, ...], sentence: str, shell: Shell, tmp_path: Path) -> None:
    """Exit code 2."""
    (tmp_path / "file").write_text("")
    (tmp_path / "broken.plan").write_text('{"format"')
    (tmp_path / "list.plan").write_text("[1]")
    (tmp_path / "empty.plan").write_text('{"format": "engine-plan", "version": 2, "changes": [{}]}')
    refused(shell, 2, sentence.format(f=tmp_path), *(each.format(f=tmp_path) for each in arguments))


def test_a_policy_with_errors_ends_with_3(shell: Shell, tmp_path: Path) -> None:
    refused(shell, 3, "did you mean 'stop'?", "run", "--sandbox", policy(tmp_path, "resource: ec2, actions: [stpo]"))


def test_a_file_that_is_no_text_ends_with_3(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "binary.yml").write_bytes(b"\x00\x01policies")
    refused(shell, 3, "error P101", "run", "--sandbox", str(tmp_path / "binary.yml"))


def test_no_credentials_end_with_4(shell: Shell) -> None:
    refused(shell, 4, "there are no AWS credentials", "run", IDLE, "-r", "us-east-1")
    refused(shell, 4, "try it with --sandbox", "run", IDLE, "-r", "us-east-1")


def test_an_endpoint_that_nobody_answers_at_ends_with_4(shell: Shell) -> None:
    refused(shell, 4, "Could not connect", "run", IDLE, AWS_ENDPOINT_URL="http://127.0.0.1:9", **KEYS)


def test_what_could_not_be_seen_ends_with_4(shell: Shell) -> None:
    done = shell.engine("run", IDLE, "-d", "--format", "json", AWS_ENDPOINT_URL="http://127.0.0.1:9", **KEYS)
    assert done.code == 4
    assert "Could not connect" in json.loads(done.out)["policies"][0]["error"]


def test_more_than_the_limit_ends_with_5_and_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    done = shell.engine("run", "--sandbox", policy(tmp_path, "resource: ec2, max-resources: 1, actions: [stop]"))
    assert done.code == 5
    assert "limit exceeded in us-east-1: 2 matched, max-resources is 1; nothing is changed" in done.out
    assert "done" not in done.out


def test_a_change_that_fails_ends_with_6_and_stands_in_the_journal(shell: Shell, tmp_path: Path) -> None:
    file = policy(tmp_path, "resource: iam-role, filters: [{RoleName: in-use}], actions: [delete]")
    done = shell.engine("run", "--sandbox", file, "--yes")
    assert done.code == 6
    assert "DeleteConflict" in done.out
    assert "1 failed." in done.out
    told = json.loads(shell.engine("runs", "last", "--format", "json").out)
    assert told["status"] == "failed"
    assert [entry["status"] for entry in told["entries"]] == ["failed"]


def test_what_is_destructive_is_declined_with_7_where_nobody_can_be_asked(shell: Shell, tmp_path: Path) -> None:
    file = policy(tmp_path, "resource: ec2, actions: [terminate]")
    done = shell.engine("run", "--sandbox", file, "--format", "json")
    assert done.code == 7
    assert json.loads(done.out)["outcomes"] == []
    assert "2 destructive changes: nothing was changed; pass --yes" in done.err
    state = "{type: value, key: State.Name, value: terminated}"
    left = shell.engine("run", "--sandbox", policy(tmp_path, f"resource: ec2, filters: [{state}]"), "--format", "json")
    assert json.loads(left.out)["policies"][0]["matched"] == []


def test_a_plan_whose_resources_have_drifted_ends_with_8(shell: Shell, tmp_path: Path) -> None:
    file = policy(tmp_path, "resource: ec2, actions: [{type: tag, key: Mine, value: yes-1}]")
    assert shell.engine("plan", "--sandbox", file, "-o", str(tmp_path / "it.plan")).code == 0
    other = policy(tmp_path, "resource: ec2, actions: [{type: tag, key: Mine, value: no-2}]")
    assert shell.engine("run", "--sandbox", other).code == 0
    done = shell.engine("apply", str(tmp_path / "it.plan"), "--yes")
    assert done.code == 8
    assert "it would be another change: tag:Mine is 'no-2' now, it was absent when this was planned" in done.out


def test_a_plan_of_another_account_ends_with_8(shell: Shell, tmp_path: Path) -> None:
    plan = tmp_path / "it.plan"
    file = policy(tmp_path, "resource: ec2, actions: [{type: tag, key: Other, value: x}]")
    assert shell.engine("plan", "--sandbox", file, "-o", str(plan)).code == 0
    plan.write_text(plan.read_text().replace("123456789012", "210987654321"))
    refused(shell, 8, "the plan is for account 210987654321", "apply", str(plan), "--yes")


@pytest.mark.parametrize("command", [("runs",), ("undo", "last"), ("run", "--sandbox", IDLE)], ids=lambda c: c[0])
def test_a_home_that_cannot_be_used_ends_with_9(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = Shell(tmp_path / "file" / "home").engine(*command)
    assert done.code == 9, done
    assert "cannot be used" in done.err
    assert "Traceback" not in done.err


def test_a_journal_that_cannot_be_used_stops_a_run_before_it_changes_anything(shell: Shell, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "sandbox.json").write_text((shell.home / "sandbox.json").read_text())
    (home / "journal.db").write_text("this is no database, it is a text that is longer than a header")
    file = policy(tmp_path, "resource: ec2, actions: [{type: tag, key: Never, value: x}]")
    done = Shell(home).engine("run", "--sandbox", file)
    assert done.code == 9
    assert "journal.db cannot be used" in done.err
    tagged = policy(tmp_path, "resource: ec2, filters: [{'tag:Never': present}]")
    seen = shell.engine("run", "--sandbox", tagged, "--format", "json")
    assert json.loads(seen.out)["policies"][0]["matched"] == []


@pytest.mark.parametrize(
    "command",
    [
        ("run", "--sandbox", "policies", "--dry-run"),
        ("run", "--sandbox", "policies", "--dry-run", "--format", "json"),
        ("explain", "policies"),
        ("permissions", "policies"),
        ("schema",),
    ],
    ids=" ".join,
)
def test_a_reader_that_leaves_is_no_trouble(command: tuple[str, ...], shell: Shell) -> None:
    """`engine … | head -1`."""
    process = subprocess.Popen(
        shell.command(*command), cwd=ROOT, env=shell.environment({}), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    told = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(60) in (0, 4)
    assert "Traceback" not in told
    assert "Broken" not in told


def test_a_run_whose_reader_leaves_comes_to_its_end(shell: Shell, tmp_path: Path) -> None:
    file = policy(tmp_path, "resource: ec2, actions: [{type: tag, key: Seen, value: x}]")
    process = subprocess.Popen(
        shell.command("run", "--sandbox", file), cwd=ROOT, env=shell.environment({}), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(60) == 0
    (newest, *_) = json.loads(shell.engine("runs", "--format", "json").out)
    assert newest["status"] == "done"
    assert newest["changes"] == {"done": 2}
    assert newest["policies"] == ["it"]


def test_a_full_disk_is_told(shell: Shell) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            shell.command("explain", IDLE), cwd=ROOT, env=shell.environment({}), stdout=full, stderr=subprocess.PIPE,
            text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("error: No space left on device")
    assert "Traceback" not in done.stderr
