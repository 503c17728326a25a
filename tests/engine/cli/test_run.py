"""`engine run`: found, changed, told; as a table and as JSON."""

from __future__ import annotations

import re

from .here import TAG, Here


def test_a_run(here: Here) -> None:
    done = here.engine("run", "--sandbox", here.write("p.yml", TAG))
    assert done.code == 0, done
    assert "tagged  ec2: 2 matched of 2 listed" in done.out
    assert re.search(r"2 done\.  run (\S+): engine runs \1 · engine undo \1", done.out)
    assert {name for name, tags in here.instances().items() if "Seen" in tags} == {"web", "idle"}


def test_a_dry_run_is_a_plan(here: Here) -> None:
    done = here.engine("run", "--sandbox", here.write("p.yml", TAG), "--dry-run")
    assert "tag:Seen: (none) → yes" in done.out
    assert "Plan: 2 changes to 2 resources, 0 left alone." in done.out
    assert [name for name, tags in here.instances().items() if "Seen" in tags] == []


def test_json(here: Here) -> None:
    told = here.json("run", "--sandbox", here.write("p.yml", TAG))
    assert (told["dry_run"], len(told["policies"][0]["matched"]), len(told["planned"])) == (False, 2, 2)
    assert {o["status"] for o in told["outcomes"]} == {"done"}
    again = here.json("run", "--sandbox", "p.yml")
    assert (again["outcomes"], [s["reason"] for s in again["left_alone"]]) == ([], ["it is tagged so already"] * 2)


def test_a_selection_and_variables(here: Here) -> None:
    policy = here.write("p.yml", TAG.replace("running", '"{state}"') + "  - {name: other, resource: s3}\n")
    variables = here.write("v.yml", "state: stopped\n")
    told = here.json("run", "--sandbox", policy, "-p", "tag*", "--vars-file", variables, "-d")
    assert [(p["policy"], len(p["matched"])) for p in told["policies"]] == [("tagged", 1)]


def test_a_wrong_policy(here: Here) -> None:
    done = here.engine(
        "run",
        "--sandbox",
        here.write("p.yml", TAG.replace("State.Name", "Stat.Name").replace("type: tag", "type: tga")),
    )
    assert done.code == 3
    assert "did you mean 'tag'?" in done.err
