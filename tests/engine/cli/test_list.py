"""`engine list`: an inventory of types and services."""

from __future__ import annotations

import pytest

from engine.cli.list import _names, _text, _words
from engine.cli.options import DEFAULT_WORLD
from engine.plugin.discover import catalog

from .here import Here


def test_what_is_there(here: Here) -> None:
    done = here.engine("list", "ec2", "s3", "--sandbox", "-r", "us-east-1")
    assert done.code == 0, done
    lines = done.out.splitlines()
    assert "ec2  3" in lines
    assert "s3  2" in lines
    (web,) = [line for line in lines if "  web  " in line]
    assert here.instances()["web"]["id"] in web
    assert "Team=x" in web
    assert "Name=" not in web


def test_types_with_nothing_are_named_at_the_end(here: Here) -> None:
    done = here.engine("list", "sqs", "sns", "ec2", "--sandbox")
    assert done.out.splitlines()[-1] == "none of: sqs, sns"


def test_json(here: Here) -> None:
    rows = here.json("list", "ec2", "--sandbox")
    assert {row["name"] for row in rows} == {"web", "idle", "rest"}
    assert {(row["type"], row["region"]) for row in rows} == {("ec2", "us-east-1")}
    one = next(row for row in rows if row["name"] == "web")
    assert one["id"] == one["attributes"]["InstanceId"]
    assert one["arn"].endswith(f":instance/{one['id']}")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--sandbox",), "of what? Name types or services"),
        (("ec22", "--sandbox"), "there is no type or service 'ec22'. did you mean 'ec2'?"),
    ],
)
def test_what_is_nothing(arguments: tuple[str, ...], says: str, here: Here) -> None:
    done = here.engine("list", *arguments)
    assert done.code == 2
    assert says in done.err


@pytest.mark.parametrize(
    ("sandbox", "names", "expected"),
    [
        (None, ("ec2",), (None, ("ec2",))),
        (DEFAULT_WORLD, ("ec2",), (DEFAULT_WORLD, ("ec2",))),
        ("ec2", (), (DEFAULT_WORLD, ("ec2",))),
        ("ec2", ("s3",), (DEFAULT_WORLD, ("ec2", "s3"))),
    ],
)
def test_a_type_after_a_bare_sandbox_is_no_world(sandbox: str | None, names: tuple[str, ...], expected: object) -> None:
    assert _names(sandbox, names) == expected


def test_a_type_comes_before_a_service() -> None:
    shelves = catalog()
    assert _words(["ec2", "aws.ec2"], ["resource"], shelves) == ["ec2"]
    whole = _words(["ec2.*"], ["resource"], shelves)
    assert {"ec2", "ebs", "vpc"} <= set(whole)
    assert set(_words(["glue"], ["resource"], shelves)) < set(
        _words(["glue"], ["resource", "activity", "setting", "relation"], shelves)
    )


@pytest.mark.parametrize(("value", "text"), [("x", "x"), (5, "5"), (None, ""), ({"a": 1}, "")])
def test_cells(value: object, text: str) -> None:
    assert _text(value) == text
