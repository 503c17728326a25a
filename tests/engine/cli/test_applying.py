"""How a plan is applied at a terminal: shown, asked about, reported. What is made and what is not is in end_to_end."""

from __future__ import annotations

import json
from datetime import UTC, datetime, tzinfo

import pytest

from engine.cli.applying import apply_file, history_of
from engine.cli.exits import Exit
from engine.model.change import Status
from engine.model.errors import PlanRejected
from engine.plugin.journal import RunRecord
from engine.store.sqlite import SqliteJournal
from tests.end_to_end.plans import signed
from tests.engine.app.saved import TAG as RETAG
from tests.engine.app.saved import planned
from tests.engine.executor.cloud import NOW, Cloud, intent

from .here import TAG, Here


@pytest.fixture
def plan(here: Here) -> str:
    here.engine("plan", "--sandbox", here.write("p.yml", TAG), "-o", "x.plan", "-q")
    return "x.plan"


@pytest.mark.parametrize(("answer", "code", "tags"), [(True, Exit.DONE, 2), (False, Exit.DECLINED, 0)])
def test_on_a_terminal_it_is_asked(
    answer: bool, code: Exit, tags: int, here: Here, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def confirm(text: str, **_: object) -> bool:
        asked.append(text)
        return answer

    monkeypatch.setattr("engine.cli.applying.interactive", lambda: True)
    monkeypatch.setattr("engine.cli.applying.confirm", confirm)
    assert apply_file(plan, yes=False, form="table") is code
    assert asked == ["Make 2 changes?"]
    assert sum("Seen" in each for each in here.instances().values()) == tags


def test_elsewhere_it_needs_yes(here: Here, plan: str) -> None:
    done = here.engine("apply", plan)
    assert (done.code, done.err) == (7, "nothing was changed; pass --yes to make them unasked\n")


def test_what_is_shown_is_what_was_computed(here: Here, plan: str) -> None:
    document = json.loads((here.folder / plan).read_text())
    document["command"] = "engine plan harmless.yml"
    here.client("ec2").create_tags(Resources=[document["changes"][0]["id"]], Tags=[{"Key": "Seen", "Value": "z"}])
    (here.folder / plan).write_text(json.dumps(document))
    done = here.engine("apply", plan)
    assert done.out.count("tag:Seen: (none) → yes") == 1
    assert "Drift: 1 change of the plan will not be made\n" in done.out
    assert f"  ! tagged: tag {document['changes'][0]['id']}: it would be another change: " in done.out


def test_json_names_everything(here: Here, plan: str) -> None:
    web = here.instances()["web"]["id"]
    here.client("ec2").create_tags(Resources=[web], Tags=[{"Key": "Seen", "Value": "yes"}])
    told = here.json("apply", plan, "--yes")
    assert [each["id"] for each in told["already"]] == [web]
    assert [each["status"] for each in told["outcomes"]] == ["done"]
    assert (told["drifted"], told["skipped"]) == ([], [])
    assert here.engine("runs", told["run"]).code == 0


def test_a_plan_for_another_account_is_refused(here: Here, plan: str) -> None:
    text = (here.folder / plan).read_text().replace("123456789012", "210987654321")
    (here.folder / plan).write_text(text)
    done = here.engine("apply", plan, "--yes")
    assert done.code == Exit.DRIFTED
    assert "the plan is for account 210987654321, these credentials reach 123456789012" in done.err


def test_a_plan_that_was_never_applied_has_no_history(here: Here) -> None:
    saved = planned(Cloud().instance("i-1"), {"resource": "ec2", "actions": [RETAG]})
    assert (history_of(saved).prior, history_of(saved).runs) == ({}, ())
    assert not (here.folder / "home" / "journal.db").exists()


def test_runs_of_others_since_the_plan_was_made_are_in_its_history(here: Here) -> None:
    policy = {"resource": "ec2", "actions": [RETAG]}
    saved = planned(Cloud().instance("i-1"), policy)
    journal = SqliteJournal(here.folder / "home" / "journal.db")
    journal.begin(RunRecord("other", "run", NOW, "engine run"))
    (entry,) = journal.intend("other", [("p0", intent(Cloud().instance("i-1"), policy).planned[0].change)])
    journal.closed([entry], Status.DONE, {})
    journal.end("other", "done", NOW, {})
    journal.close()
    assert history_of(saved).changed_by == {saved.changes[0].ref: "other"}


def test_what_drifts_while_a_person_thinks_is_not_made(
    here: Here, plan: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was shown and is still so is made."""
    web = here.instances()["web"]["id"]

    def confirm(text: str, **_: object) -> bool:
        here.client("ec2").create_tags(Resources=[web], Tags=[{"Key": "Seen", "Value": "by its owner"}])
        return True

    monkeypatch.setattr("engine.cli.applying.interactive", lambda: True)
    monkeypatch.setattr("engine.cli.applying.confirm", confirm)
    assert apply_file(plan, yes=False, form="table") is Exit.DRIFTED
    assert {name: each.get("Seen") for name, each in here.instances().items()} == {
        "web": "by its owner", "idle": "yes", "rest": None,
    }  # fmt: skip
    assert "Drift: 1 change of the plan will not be made" in capsys.readouterr().err


def test_a_plan_that_expires_while_a_person_thinks_is_not_applied(
    here: Here, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def confirm(text: str, **_: object) -> bool:
        monkeypatch.setattr("engine.cli.applying.datetime", Later)
        return True

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Later:
            return cls.fromtimestamp(datetime.now(UTC).timestamp() + 90_000, UTC)

    monkeypatch.setattr("engine.cli.applying.interactive", lambda: True)
    monkeypatch.setattr("engine.cli.applying.confirm", confirm)
    with pytest.raises(PlanRejected, match="expired at"):
        apply_file(plan, yes=False, form="table")
    assert not any("Seen" in each for each in here.instances().values())


def test_secrets_that_a_plan_does_not_store_are_given_again(here: Here) -> None:
    text = TAG.replace('"yes"', '"{who}"')
    here.write("vars.yml", "who: ana")
    policy = here.write("p.yml", text)
    assert here.engine("plan", "--sandbox", policy, "--vars-file", "vars.yml", "-o", "x.plan", "-q").code == 0
    document = json.loads((here.folder / "x.plan").read_text())
    document |= {"variables": {"who": "***"}, "hidden": ["who"]}
    for change in document["changes"]:
        assert change["after"] == {"tag:Seen": "ana"}
    (here.folder / "x.plan").write_text(json.dumps(signed(document)))
    done = here.engine("apply", "x.plan", "--yes")
    assert (done.code, done.err) == (
        2, "error: the plan does not store secrets: pass --vars-file with a value for 'who'\n",
    )  # fmt: skip
    assert here.engine("apply", "x.plan", "--yes", "--vars-file", "vars.yml").code == 0
