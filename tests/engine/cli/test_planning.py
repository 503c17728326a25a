"""Where a plan can be saved, and for how long; what it saves is in tests/engine/app."""

from __future__ import annotations

import json
import os
from datetime import timedelta

import pytest

from engine.app.plan_file import LIFETIME
from engine.app.recompute import HIDDEN
from engine.cli.planning import lifetime_of
from engine.model.errors import UsageRejected

from .here import TAG, Here


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, LIFETIME),
        ("30m", timedelta(minutes=30)),
        ("4h", timedelta(hours=4)),
        ("30d", timedelta(days=30)),
        ("720h", timedelta(days=30)),
    ],
)
def test_how_long_a_plan_lasts(text: str | None, expected: timedelta) -> None:
    assert lifetime_of(text) == expected


@pytest.mark.parametrize("text", ["", "0h", "31d", "4", "h", "-1h", "1.5h", "4h ", "999999d", "9" * 50 + "m", "٣h"])
def test_what_is_no_lifetime(text: str) -> None:
    with pytest.raises(UsageRejected) as error:
        lifetime_of(text)
    assert str(error.value) == f"--expires '{text}': give minutes, hours or days up to 30d, as in 4h"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("-o", "no/where/x.plan"), "cannot write 'no/where/x.plan': there is no such folder"),
        (("-o", "fifo"), "cannot write 'fifo': it is not a regular file"),
        (("-o", "home"), "cannot write 'home': it is not a regular file"),
        (("--expires", "4h"), "--expires is about a saved plan: give -o FILE"),
    ],
)
def test_where_a_plan_cannot_be_saved(arguments: tuple[str, ...], says: str, here: Here) -> None:
    os.mkfifo(here.folder / "fifo")
    done = here.engine("plan", "--sandbox", here.write("p.yml", TAG), *arguments)
    assert (done.code, done.out, done.err) == (2, "", f"error: {says}\n")


def test_variables_of_the_command_line_are_in_the_plan(here: Here) -> None:
    text = TAG.replace('"yes"', '"{who}"')
    here.write("vars.yml", "who: ana\nsince: 2026-01-02\n")
    options = ("--vars-file", "vars.yml", "-o", "x.plan", "-q", "--expires", "2h")
    assert here.engine("plan", "--sandbox", here.write("p.yml", text), *options).code == 0
    plan = json.loads((here.folder / "x.plan").read_text())
    assert plan["variables"] == {"who": "ana", "since": {"$date": "2026-01-02"}}
    (here.folder / "vars.yml").unlink()
    (here.folder / "p.yml").unlink()
    assert here.engine("apply", "x.plan", "--yes").code == 0
    assert {each.get("Seen") for each in here.instances().values()} == {"ana", None}


def test_secrets_are_not_in_a_plan(here: Here) -> None:
    """Neither those of a policy's own text, nor variables; what was hidden is said when the plan is applied."""
    (here.folder / "names.txt").write_text("nobody\n")
    listed = """{type: value, key: "tag:Name", op: not-in, value_from: {url: "file:names.txt", format: txt, headers: HEADERS}}"""
    policies = []
    for name, whose, headers in (
        ("inline", "web", "{Authorization: hush-hush-1}"),
        ("named", "idle", "{Authorization: 'Bearer {api_token}'}"),
    ):
        filters = f"[{{'tag:Name': {whose}}}, {listed.replace('HEADERS', headers)}]"
        actions = f"[{{type: tag, key: Seen, value: {name}}}]"
        policies.append(f"  - {{name: {name}, resource: ec2, filters: {filters}, actions: {actions}}}")
    here.write("p.yml", "policies:\n" + "\n".join(policies))
    here.write("vars.yml", "api_token: hush-hush-2")
    done = here.engine("plan", "--sandbox", "p.yml", "--vars-file", "vars.yml", "-o", "x.plan", "-q")
    assert done.code == 0, done
    assert "hush-hush" not in (here.folder / "x.plan").read_text()
    assert "'api_token'" in here.engine("apply", "x.plan", "--yes").err
    told = here.json("apply", "x.plan", "--yes", "--vars-file", "vars.yml", code=8)
    assert [(each["policy"], each["reason"]) for each in told["drifted"]] == [("inline", HIDDEN)]
    assert [each["after"] for each in told["outcomes"]] == [{"tag:Seen": "named"}]
