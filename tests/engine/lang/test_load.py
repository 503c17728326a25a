"""Files to policies: all that is wrong at once, selections, variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.lang.check import Environment
from engine.lang.load import Rejected, check_all, load_all, load_checked, policy_from, read_variables, select
from engine.plugin.discover import catalog

GOOD = "policies:\n- {name: good, resource: ec2}\n- {name: other, resource: aws.s3}\n"
BAD = "policies:\n- {name: good, resource: ec2, filters: [metric]}\n- {name: x y, resource: ec2, actions: [stopp]}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yml").write_text(GOOD)
    (tmp_path / "b.yml").write_text(BAD)
    (tmp_path / "c.yml").write_text("policies: [")
    return tmp_path


def test_everything_at_once(folder: Path) -> None:
    loaded = load_all([str(folder)])
    assert [p.name for p in loaded.policies] == ["good", "other", "good", ""]
    assert len(loaded.texts) == 3
    checked, problems = check_all(loaded.policies, catalog(), Environment())
    assert [p.name for p in checked] == ["good", "other"]
    assert sorted(d.code for d in [*loaded.diagnostics, *problems]) == ["C201", "C202", "P101", "P117", "P118"]


def test_rejected(folder: Path) -> None:
    with pytest.raises(Rejected) as caught:
        load_checked([str(folder)], catalog(), {})
    assert {d.code for d in caught.value.loaded.diagnostics} == {"C201", "C202", "P101", "P117", "P118"}
    policies, _ = load_checked([str(folder / "a.yml")], catalog(), {}, ["go*"])
    assert [p.name for p in policies] == ["good"]


@pytest.mark.parametrize(
    ("names", "types", "expected"),
    [
        ((), (), ["good", "other"]),
        (("g*",), (), ["good"]),
        (("x",), (), []),
        ((), ("s3",), ["other"]),
        ((), ("aws.ec2",), ["good"]),
        (("g*", "o*"), ("ec2",), ["good"]),
    ],
)
def test_select(folder: Path, names: tuple[str, ...], types: tuple[str, ...], expected: list[str]) -> None:
    loaded = load_all([str(folder / "a.yml")])
    assert [p.name for p in select(loaded.policies, names, types)] == expected


def test_duplicate_keys_do_not_hide_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("policies: [{name: a, name: b, resource: ec2, filters: [metric]}]")
    loaded = load_all([str(tmp_path)])
    _, problems = check_all(loaded.policies, catalog(), Environment())
    assert [d.code for d in [*loaded.diagnostics, *problems]] == ["P103", "C201"]


def test_from_python() -> None:
    policy, problems = policy_from({"name": "a", "resource": "ec2"})
    assert policy is not None
    assert not problems
    assert [d.code for d in policy_from({"name": "a", "resource": {1}})[1]] == ["C219", "P119"]


def test_variables(tmp_path: Path) -> None:
    file = tmp_path / "vars.yml"
    file.write_text("owner: finance\nlist: [1]")
    assert read_variables(None) == {}
    assert read_variables(str(file)) == {"owner": "finance", "list": [1]}
    for text, summary in [("5", "'vars file' is 5, not a mapping"), ("", "'vars file' is empty, not a mapping")]:
        file.write_text(text)
        with pytest.raises(Rejected) as caught:
            read_variables(str(file))
        assert [d.summary for d in caught.value.diagnostics] == [summary]


def test_one_mistake_is_told_once(tmp_path: Path) -> None:
    text = "policies: [{name: a, resource: ec2, start: 2026-13-45, filters: [{type: metrics, name: x, value: '{n}'}]}]"
    (tmp_path / "a.yml").write_text(text)
    with pytest.raises(Rejected) as caught:
        load_checked([str(tmp_path)], catalog(), {})
    assert [d.code for d in caught.value.diagnostics] == ["P107", "C230"]
