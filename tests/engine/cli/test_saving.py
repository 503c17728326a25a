"""Plans as files: whole or not at all, read back as they were, refused where they do not fit."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from engine.cli.exits import Exit
from engine.cli.flow import Flow, Request
from engine.cli.options import Where
from engine.cli.saving import VERSION, apply_file, fit, load, save
from engine.executor.intent import Planned
from engine.model.errors import PlanRejected, UsageRejected
from tests.engine.executor.cloud import Cloud, intent

from .here import TAG, Here

RETAG = {"resource": "ec2", "actions": [{"type": "tag", "key": "A", "value": "b"}]}


def cloud() -> Cloud:
    return Cloud().instance("i-1", A="a").instance("i-2")


def planned(on: Cloud, *policies: dict[str, object]) -> list[Planned]:
    return list(intent(on, *(policies or (RETAG,))).planned)


def flow() -> Flow:
    return Flow(Request(("p.yml",), where=Where(profile="audit")))


def test_there_and_back(tmp_path: Path) -> None:
    changes = planned(cloud())
    save(tmp_path / "x.plan", changes, flow())
    document, found = load(tmp_path / "x.plan")
    assert found == changes
    assert document["target"]["profile"] == "audit"
    assert [f.name for f in tmp_path.iterdir()] == ["x.plan"]


def test_a_plan_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.plan").write_text("the old one")

    def full(self: Path, target: object) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        save(tmp_path / "x.plan", [], flow())
    assert (tmp_path / "x.plan").read_text() == "the old one"


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        (None, UsageRejected, "cannot read"),
        ("", UsageRejected, "is not a saved plan"),
        ("[]", UsageRejected, "is not a saved plan"),
        ("{}", UsageRejected, "is not a saved plan"),
        ('{"format": "engine-plan", "version": 1, "changes": [{}]}', UsageRejected, "is not a saved plan"),
        ('{"format": "engine-plan", "version": 1, "changes": 5}', UsageRejected, "is not a saved plan"),
        ('{"format": "engine-plan", "version": 99}', PlanRejected, f"of version 99; this engine reads {VERSION}"),
    ],
)
def test_what_is_no_plan(text: str | None, error: type[Exception], says: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "x.plan").write_text(text)
    with pytest.raises(error, match=says):
        load(tmp_path / "x.plan")


def fitting(on: Cloud, changes: list[Planned]) -> tuple[list[str], dict[str, str]]:
    """(ids of what is kept, id → why it is refused)."""
    found = fit(changes, {"123456789012": on.connection})
    return [p.change.ref.id for p in found.planned], {skip.ref.id: skip.reason for _, skip in found.skipped}


def test_what_is_as_it_was_is_kept() -> None:
    on = cloud()
    assert fitting(on, planned(on)) == (["i-1", "i-2"], {})


def test_what_is_another_is_refused_with_how_it_differs() -> None:
    on = cloud()
    changes = planned(on)
    on.instances["i-1"]["tags"]["A"] = "other"
    del on.instances["i-2"]
    kept, refused = fitting(on, changes)
    assert kept == []
    assert "other" in refused["i-1"]
    assert "refused: " in refused["i-2"]


def test_a_later_change_is_compared_with_what_the_first_expected() -> None:
    """The second was planned on top of the first: it is not drift."""
    on = cloud()
    second = {"resource": "ec2", "actions": [{"type": "tag", "key": "A", "value": "c"}]}
    changes = planned(on, RETAG, second)
    assert len(changes) == 4
    assert fitting(on, changes)[1] == {}


def test_a_resource_that_drifted_is_refused_whole() -> None:
    on = cloud()
    changes = planned(on, RETAG, {"resource": "ec2", "actions": [{"type": "tag", "key": "B", "value": "c"}]})
    on.instances["i-1"]["tags"]["A"] = "other"
    kept, refused = fitting(on, changes)
    assert (kept, set(refused)) == (["i-2", "i-2"], {"i-1"})


def test_a_plan_for_another_account_is_refused(here: Here) -> None:
    here.engine("plan", "--sandbox", here.write("p.yml", TAG), "-o", "x.plan", "-q")
    document = json.loads((here.folder / "x.plan").read_text().replace("123456789012", "210987654321"))
    (here.folder / "x.plan").write_text(json.dumps(document))
    done = here.engine("apply", "x.plan", "--yes")
    assert done.code == Exit.DRIFTED
    assert "the plan is for account 210987654321, these credentials reach 123456789012" in done.err


def test_where_a_plan_cannot_be_saved(here: Here) -> None:
    done = here.engine("plan", "--sandbox", here.write("p.yml", TAG), "-o", "no/where/x.plan")
    assert (done.code, done.err) == (2, "error: cannot write 'no/where/x.plan': there is no such folder\n")


@pytest.mark.parametrize(("answer", "code", "tags"), [(True, Exit.DONE, 2), (False, Exit.DECLINED, 0)])
def test_on_a_terminal_it_is_asked(
    answer: bool, code: Exit, tags: int, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.engine("plan", "--sandbox", here.write("p.yml", TAG), "-o", "x.plan", "-q")
    monkeypatch.setattr("engine.cli.saving.interactive", lambda: True)
    monkeypatch.setattr(click, "confirm", lambda *_, **__: answer)
    assert apply_file("x.plan", yes=False, form="table") is code
    assert sum("Seen" in each for each in here.instances().values()) == tags
