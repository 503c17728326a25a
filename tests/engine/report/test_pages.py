"""Reference pages: one a type, from its record alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.plugin.discover import catalog
from engine.plugin.protocols import TypeLine
from engine.report.pages import index, page, write_pages

CATALOG = catalog()


@pytest.mark.parametrize(
    ("word", "lines"),
    [
        (
            "ec2",
            [
                "# aws.ec2",
                "- listed by `ec2:DescribeInstances`, known by `InstanceId`",
                "- CloudFormation: `AWS::EC2::Instance`",
                "| `State.Name` | string |",
                "| `UserData` | `DescribeInstanceAttribute` |",
                "| `State.Name` | `instance-state-name` |",
                "### stop",
                "- IAM: `ec2:StopInstances`",
                "- undone by start",
                "| `hibernate` | boolean | keep memory on disk; the instance must have been started with hibernation on |",
                "### metrics",
                "| `days` | number to 455",
            ],
        ),
        (
            "eks.nodegroup",
            ["# aws.eks-nodegroup", "- listed inside each [eks.cluster](eks.cluster.md)", "### delete"],
        ),
        ("glue.job-run", ["- kind: activity", "- record: derived; AWS Glue API Reference: GetJobRuns"]),
        ("sqs", ["There may be others, which the models do not tell."]),
    ],
)
def test_page(word: str, lines: list[str]) -> None:
    shown = page(CATALOG.provider.type(word), CATALOG).splitlines()
    assert [line for line in lines if not any(each.startswith(line) for each in shown)] == []


def test_index() -> None:
    types = [
        TypeLine("sqs", "sqs", "A queue.", "messages"),
        TypeLine("glue.job", "glue", "A job.", "analytics"),
        TypeLine("glue.crawler", "glue", "A crawler.", "analytics"),
    ]
    assert index(types) == (
        "# Resource types\n\n3 types of 2 services.\n\n"
        "## analytics\n\n- glue: [glue.crawler](glue.crawler.md), [glue.job](glue.job.md)\n\n"
        "## messages\n\n- sqs: [sqs](sqs.md)\n"
    )


def test_every_type_has_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = [t for t in CATALOG.provider.overview() if t.service in ("sqs", "glue")]
    monkeypatch.setattr(type(CATALOG.provider), "overview", lambda _: some)
    told: list[str] = []
    assert write_pages(tmp_path / "pages", CATALOG, told.append) == len(some) == len(told)
    files = {file.name for file in (tmp_path / "pages").iterdir()}
    assert files == {"index.md", *(f"{t.word}.md" for t in some)}
