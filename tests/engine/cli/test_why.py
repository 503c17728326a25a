"""`engine why`: every filter with what it saw."""

from __future__ import annotations

from .here import TAG, Here


def test_match_and_no_match(here: Here) -> None:
    there = here.instances()
    policy = here.write("p.yml", TAG)
    assert "✓ match" in here.engine("why", policy, there["web"]["id"], "--sandbox").out.splitlines()[0]
    out = here.engine("why", policy, there["rest"]["id"], "--sandbox").out
    assert "✗ no match" in out.splitlines()[0]
    assert "State.Name = running" in out
    assert "stopped" in out


def test_json(here: Here) -> None:
    id = here.instances()["rest"]["id"]
    (told,) = here.json("why", here.write("p.yml", TAG), id, "--sandbox")
    assert (told["policy"], told["type"], told["id"], told["verdict"]) == ("tagged", "ec2", id, "no-match")
    assert told["evidence"]["members"][0]["observed"] == "stopped"


def test_what_is_not_there(here: Here) -> None:
    done = here.engine("why", here.write("p.yml", TAG), "i-0123456789abcdef0", "--sandbox")
    assert (done.code, done.out) == (2, "")
    assert "no resource 'i-0123456789abcdef0' is found by the listings of these policies" in done.err


def test_only_some_policies(here: Here) -> None:
    policy = here.write("p.yml", TAG + "  - {name: all, resource: ec2}\n")
    id = here.instances()["web"]["id"]
    assert [t["policy"] for t in here.json("why", policy, id, "--sandbox", "-p", "al*")] == ["all"]
