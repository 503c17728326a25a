"""`engine plan`: shows, saves, changes nothing."""

from __future__ import annotations

import json
import re

from .here import TAG, Here


def test_a_plan_changes_nothing(here: Here) -> None:
    done = here.engine("plan", "--sandbox", here.write("p.yml", TAG))
    assert done.code == 0
    assert "tag:Seen: (none) → yes  (reversible)" in done.out
    assert [name for name, tags in here.instances().items() if "Seen" in tags] == []
    assert not (here.folder / "home" / "journal.db").exists()


def test_a_plan_is_saved(here: Here) -> None:
    done = here.engine("plan", "--sandbox", here.write("p.yml", TAG), "-o", "x.plan", "-q")
    assert done.out == ""
    assert re.fullmatch(r"saved 2 changes, until 20\d\d-\d\d-\d\d \d\d:\d\d UTC: engine apply x.plan\n", done.err)
    assert len(json.loads((here.folder / "x.plan").read_text())["changes"]) == 2


def test_what_could_not_be_seen_is_in_the_code(here: Here) -> None:
    policy = here.write(
        "p.yml",
        "policies: [{name: p, resource: kms-key, filters: [{type: value, key: LastUsage.LastUsedDate, value: absent}]}]",
    )
    here.client("kms").create_key()
    assert here.engine("plan", "--sandbox", policy).code == 4


def test_json(here: Here) -> None:
    told = here.json("plan", "--sandbox", here.write("p.yml", TAG))
    assert [c["after"] for c in told["planned"]] == [{"tag:Seen": "yes"}] * 2
    assert told["outcomes"] == []
