"""What people see: every command in the default sandbox, held against snapshots.

One story is told once, command after command; each test looks at one of them. After a change that is meant:
`ENGINE_SNAPSHOTS=write pytest tests/end_to_end/test_commands.py`, and read the difference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from engine.cli.main import COMMANDS
from tests.end_to_end.shell import SNAPSHOTS, Done, Shell, snapshot, steady

IDLE = "policies/idle-ec2.yml"
UNKNOWN = """
policies:
  - name: keys-nobody-uses
    resource: aws.kms-key
    filters: [{type: value, key: LastUsage.LastUsedDate, value: absent}]
"""
CODES = {"apply": 8, "apply-again": 8, "apply-json": 8, "apply-unasked": 7, "undo-none": 2}
CODES |= {"list-nothing": 2, "run-unknown": 4, "run-limited": 5, "run-rejected": 3}
JSON = {
    "run-json",
    "plan-json",
    "runs-json",
    "runs-one-json",
    "why-json",
    "explain-json",
    "sandbox-json",
    "version-json",
}
JSON |= {"list-json", "apply-json", "permissions", "schema-json", "validate-json"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("story")


@pytest.fixture(scope="module")
def story(folder: Path) -> Iterator[dict[str, Done]]:
    """Every command's end, by the name of its snapshot."""
    shell = Shell(folder / "home")
    told: dict[str, Done] = {"sandbox-start": shell.engine("sandbox", "start")}
    try:
        tell(shell, folder, told)
        yield told
    finally:
        told["sandbox-stop"] = shell.engine("sandbox", "stop")
    assert told["sandbox-stop"].code == 0


def tell(shell: Shell, folder: Path, told: dict[str, Done]) -> None:
    """The story, in its order."""
    idle, busy, stopped = ids(json.loads(shell.engine("sandbox", "--format", "json").out)["endpoint"])
    plan, unknown, limited, rejected = (str(folder / f) for f in ("idle.plan", "keys.yml", "many.yml", "wrong.yml"))
    Path(unknown).write_text(UNKNOWN)
    Path(limited).write_text("policies: [{name: many, resource: ec2, max-resources: 3, actions: [stop]}]")
    Path(rejected).write_text("policies:\n  - name: wrong\n    resource: ec2\n    actions: [stopp]\n")

    def on(name: str, *arguments: str) -> None:
        told[name] = shell.engine(*arguments)

    on("run-dry-run", "run", "--sandbox", IDLE, "--dry-run")
    on("run-json", "run", "--sandbox", IDLE, "--dry-run", "--format", "json")
    on("runs-none", "runs")
    on("undo-none", "undo", "last")
    on("plan", "plan", "--sandbox", IDLE, "-o", plan)
    other = str(folder / "other.plan")
    shell.engine("plan", "--sandbox", IDLE, "-o", other, "-q")
    on("plan-json", "plan", "--sandbox", IDLE, "--format", "json")
    on("apply-unasked", "apply", plan)
    ec2(told["sandbox-start"].out).stop_instances(InstanceIds=[busy])
    on("apply", "apply", plan, "--yes")
    on("apply-again", "apply", plan, "--yes")
    on("apply-json", "apply", other, "--yes", "--format", "json")
    on("undo-dry-run", "undo", "last", "--dry-run")
    on("undo", "undo", "last", "--yes")
    on("undo-again", "undo", "last", "--yes")
    ec2(told["sandbox-start"].out).start_instances(InstanceIds=[busy])
    on("run", "run", "--sandbox", IDLE)
    on("run-again", "run", "--sandbox", IDLE)
    on("runs", "runs")
    on("runs-one", "runs", "last")
    on("runs-json", "runs", "--format", "json")
    on("runs-one-json", "runs", "last", "--format", "json")
    on("run-unknown", "run", "--sandbox", unknown)
    on("run-limited", "run", "--sandbox", limited)
    on("run-rejected", "run", "--sandbox", rejected)
    on("why-match", "why", IDLE, ids(told["sandbox-start"].out, "batch-1")[0], "--sandbox")
    on("why-no-match", "why", IDLE, stopped, "--sandbox")
    on("why-json", "why", IDLE, idle, "--sandbox", "--format", "json")
    key = json.loads(shell.engine("run", "--sandbox", unknown, "-d", "--format", "json").out)
    on("why-unknown", "why", unknown, key["policies"][0]["unknown"][0]["id"], "--sandbox")
    on("explain", "explain", IDLE)
    on("explain-json", "explain", IDLE, "--format", "json")
    on("permissions", "permissions", IDLE, "--undo")
    on("list", "list", "--sandbox", "kinesis", "sns.*", "dax")
    on("list-json", "list", "kinesis", "--sandbox", "--format", "json")
    on("list-nothing", "list", "ecc2", "--sandbox")
    on("sandbox", "sandbox")
    on("sandbox-env", "sandbox", "--format", "env")
    on("sandbox-json", "sandbox", "--format", "json")
    on("version", "version")
    on("version-json", "version", "--format", "json")
    on("schema-json", "schema", "ec2", "--format", "json")
    on("validate-json", "validate", IDLE, "--format", "json")


def ec2(text: str) -> object:
    """A client on the endpoint that a text names."""
    endpoint = "http://127.0.0.1:" + text.split("http://127.0.0.1:")[1].split(maxsplit=1)[0]
    return boto3.client(
        "ec2", region_name="us-east-1", endpoint_url=endpoint, aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox", config=Config(proxies={}),
    )  # fmt: skip


def ids(text: str, *names: str) -> list[str]:
    """The ids of instances by name: an idle one, another, one that was stopped."""
    found = {}
    for reservation in ec2(text).describe_instances()["Reservations"]:  # type: ignore[attr-defined]
        for each in reservation["Instances"]:
            found |= {t["Value"]: each["InstanceId"] for t in each.get("Tags", ()) if t["Key"] == "Name"}
    return [found[name] for name in names or ("dev-1", "dev-2", "stopped-long-ago")]


SEEN = (
    "run-dry-run", "run-json", "runs-none", "undo-none", "plan", "apply-unasked", "apply", "apply-again", "apply-json",
    "undo-dry-run", "undo", "undo-again", "run", "run-again", "runs", "runs-one", "runs-one-json", "run-unknown",
    "run-limited", "run-rejected", "why-match", "why-no-match", "why-unknown", "why-json", "explain", "permissions",
    "list", "list-nothing", "sandbox", "sandbox-env", "sandbox-json", "version",
)  # fmt: skip


@pytest.mark.parametrize("name", SEEN)
def test_what_is_seen(name: str, story: dict[str, Done], folder: Path) -> None:
    snapshot(name, steady(story[name].whole, folder))


def test_every_snapshot_is_of_something_seen() -> None:
    assert {file.stem for file in SNAPSHOTS.glob("*.txt")} == set(SEEN)


def test_each_command_ends_with_its_code(story: dict[str, Done]) -> None:
    wanted = {name: CODES.get(name, 0) for name in story}
    assert {name: done.code for name, done in story.items()} == wanted


def test_nothing_is_coloured_where_there_is_no_terminal(story: dict[str, Done]) -> None:
    assert [name for name, done in story.items() if "\x1b" in done.out + done.err] == []


def test_no_command_shows_its_insides(story: dict[str, Done]) -> None:
    assert [name for name, done in story.items() if "Traceback" in done.out + done.err] == []


@pytest.mark.parametrize("name", sorted(JSON))
def test_json_is_json(name: str, story: dict[str, Done]) -> None:
    assert json.loads(story[name].out)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example_and_says_what_each_option_does(name: str, folder: Path) -> None:
    done = Shell(folder / "home").engine(name, "--help")
    assert done.code == 0
    assert f"engine {name}" in done.out.split("\n", 1)[1]
    options = re.findall(r"^  (-\S.*?)(?:  +(\S.*))?$(?=((?:\n {8,}\S.*)*))", done.out.split("Options:")[1], re.M)
    assert [option for option, says, below in options if not (says or below.strip())] == []
    assert len(options) >= 2
