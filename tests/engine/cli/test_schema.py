"""`engine schema`: what each selector shows."""

from __future__ import annotations

import json

import pytest

from engine.cli.main import main


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    main(["schema", *arguments])
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("selector", "lines"),
    [
        ("quantum", ["braket", "1 type; one of them: engine schema braket.spending-limit"]),
        ("savingsplans", ["savingsplans"]),
        (
            "glue.blueprint",
            [
                "aws.glue.blueprint  Blueprint of AWS Glue.",
                "  listed by glue ListBlueprints, known by Name",
                "  derived from the SDK's models",
                "  BlueprintLocation         string",
            ],
        ),
        ("glue.blueprint.filters.value", ["value  (filter of glue.blueprint)"]),
        ("ecs.*", ["ecs"]),
        (
            "ec2",
            [
                "aws.ec2  A virtual machine.",
                "  listed by ec2 DescribeInstances, known by InstanceId",
                "  metrics in AWS/EC2 by InstanceId",
                "  State                               mapping of Code, Name",
                "filters",
                "  ephemeral                    Its root is an instance store, which a stop would lose.",
                "actions",
                "  start                               Start a stopped instance. (ec2:StartInstances; undone by stop)",
                "attributes that cost a call, made for what is left only",
                "  UserData                            DescribeInstanceAttribute",
                "filters that AWS answers as it lists",
                "  State.Name                  as instance-state-name",
            ],
        ),
        ("aws.ec2", ["aws.ec2  A virtual machine."]),
        ("ec2.filters.metrics", ["metrics  (filter of ec2)", "  days: number to 455, default 14, in days", "examples"]),
        ("ec2.filter.image-age", ["  - with join: image", "  - no other options can be given"]),
        ("ec2.actions.stop", ["stop  (action of ec2)", "  - undone by start", "  - call StopInstances"]),
        ("mode.periodic", ["periodic  (mode)", "  schedule: string or null", "      rate(…) or cron(…)"]),
    ],
)
def test_text(selector: str, lines: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    shown = run(selector, capsys=capsys).splitlines()
    assert [line for line in lines if line not in shown] == []


def test_everything_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(run("--format", "json", capsys=capsys))
    words = [word for services in data["categories"].values() for types in services.values() for word in types]
    assert data["types"] == len(words) == len(set(words))
    assert data["kinds"]["resource"] >= 1_900
    assert data["services"] >= 325
    assert "" not in data["categories"]
    shown = run(capsys=capsys)
    assert f"{data['types']} types of {data['services']} services" in shown


@pytest.mark.parametrize(
    "selector", ["", "database", "glue", "ec2", "ec2.filters", "ec2.actions", "ec2.filters.value", "mode", "mode.phd"]
)
def test_json(selector: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(run(selector, "--format", "json", capsys=capsys))


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        ("ecc2", "no resource type 'ecc2'. did you mean 'ec2'?"),
        ("ec2.filter.metric", "ec2 has no filter 'metric'. did you mean 'metrics'?"),
        ("ec2.actions.stopp", "ec2 has no action 'stopp'. did you mean 'stop'?"),
        ("ec2.filtres", "'filtres' is no part of a type. did you mean 'filters'?"),
        ("mode.perodic", "no mode 'perodic'. did you mean 'periodic'?"),
    ],
)
def test_unknown(selector: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["schema", selector])
    assert ended.value.code == 2
    assert text in capsys.readouterr().err


def test_editor_schema(capsys: pytest.CaptureFixture[str]) -> None:
    schema = json.loads(run("--json", capsys=capsys))
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "ec2.filter" in schema["definitions"]
