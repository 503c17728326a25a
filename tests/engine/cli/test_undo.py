"""`engine undo`: what a run changed is as it was."""

from __future__ import annotations

import pytest

from .here import TAG, Here


@pytest.fixture
def run(here: Here) -> Here:
    assert here.engine("run", "--sandbox", here.write("p.yml", TAG)).code == 0
    return here


def seen(here: Here) -> set[str]:
    return {name for name, tags in here.instances().items() if "Seen" in tags}


def test_back(run: Here) -> None:
    assert run.engine("undo", "last", "--dry-run").code == 0
    unasked = run.engine("undo", "last")
    assert (unasked.code, unasked.err) == (7, "nothing was changed; pass --yes to do it without being asked\n")
    assert seen(run) == {"web", "idle"}
    done = run.engine("undo", "last", "--yes")
    assert (done.code, seen(run)) == (0, set())
    assert "2 done." in done.out


def test_what_somebody_else_has_changed_since_is_left_alone_unless_forced(run: Here) -> None:
    run.client("ec2").create_tags(Resources=[run.instances()["web"]["id"]], Tags=[{"Key": "Seen", "Value": "other"}])
    assert run.engine("undo", "last", "--yes").code == 0
    assert seen(run) == {"web"}
    first = run.json("runs")[-1]["run"]
    assert run.engine("undo", first, "--yes", "--force").code == 0
    assert seen(run) == set()


@pytest.mark.parametrize("id", ["last", "2026"])
def test_no_such_run(id: str, here: Here) -> None:
    done = here.engine("undo", id, "--yes")
    assert done.code == 2
    assert "no run" in done.err
