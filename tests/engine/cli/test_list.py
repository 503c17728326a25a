"""`engine list`: what words mean, and what is shown."""

from __future__ import annotations

import pytest

from engine.cli.list import _names, _words
from engine.cli.main import main
from engine.plugin.discover import catalog


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("ec2",), ["ec2"]),
        (("aws.ec2", "ec2"), ["ec2"]),
        (("elasticache",), ["cache-cluster"]),
        (("glue.blueprint",), ["glue.blueprint"]),
        (("savingsplans",), ["savings-plan"]),
        (("savingsplans.*", "sqs"), ["savings-plan", "sqs"]),
    ],
)
def test_words(names: tuple[str, ...], expected: list[str]) -> None:
    assert _words(names, ["resource"], catalog()) == expected


def test_a_service_that_a_type_is_called_like() -> None:
    words = _words(("ecs.*",), ["resource"], catalog())
    assert "ecs-task-definition" in words
    assert len(words) > 5


def test_kinds() -> None:
    both = _words(("glue",), ["resource", "activity"], catalog())
    assert set(_words(("glue",), ["resource"], catalog())) < set(both)


def test_a_type_after_a_bare_sandbox_is_a_type() -> None:
    assert _names("ec2", ()) == ("shop", ("ec2",))
    assert _names(None, ("ec2",)) == (None, ("ec2",))


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "of what? Name types or services: engine schema"),
        (["ecc2"], "there is no type or service 'ecc2'. did you mean 'ec2'?"),
    ],
)
def test_wrong_usage(arguments: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["list", *arguments])
    assert ended.value.code == 2
    assert text in capsys.readouterr().err
