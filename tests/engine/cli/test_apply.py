"""`engine apply`: the saved changes that are computed again, and no others."""

from __future__ import annotations

import pytest

from .here import TAG, Here


@pytest.fixture
def plan(here: Here) -> str:
    here.engine("plan", "--sandbox", here.write("p.yml", TAG), "-o", "x.plan", "-q")
    return "x.plan"


def test_the_changes_are_made(here: Here, plan: str) -> None:
    assert here.engine("apply", plan).code == 7
    done = here.engine("apply", plan, "--yes")
    assert done.code == 0, done
    assert "2 done." in done.out
    assert {name for name, tags in here.instances().items() if "Seen" in tags} == {"web", "idle"}


def test_what_has_drifted_is_not_made_and_the_others_go_on(here: Here, plan: str) -> None:
    here.client("ec2").create_tags(Resources=[here.instances()["web"]["id"]], Tags=[{"Key": "Seen", "Value": "other"}])
    told = here.json("apply", plan, "--yes", code=8)
    assert [o["status"] for o in told["outcomes"]] == ["done"]
    (drift,) = told["drifted"]
    assert (drift["id"], drift["reason"]) == (
        here.instances()["web"]["id"],
        "it would be another change: tag:Seen is 'other' now, it was absent when this was planned",
    )
    assert here.instances()["web"]["Seen"] == "other"


def test_what_is_no_plan(here: Here) -> None:
    assert here.engine("apply", "nowhere.plan").err == "error: cannot read 'nowhere.plan': No such file or directory\n"
    here.write("odd.plan", "[]")
    assert "'odd.plan' is not a saved plan" in here.engine("apply", "odd.plan").err
