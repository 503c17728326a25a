"""Plans as files: private, whole or not at all, with what is needed to compute the changes again and no more."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.app import plan_file
from engine.app.drift import Known, compare
from engine.app.plan_file import SavedPolicy, digest, document, normal, plan_of, write
from engine.app.plan_reading import read
from engine.app.recompute import HIDDEN, recompute, with_secrets
from engine.executor.changes import intend
from engine.model.errors import UsageRejected
from engine.plugin.discover import catalog
from engine.runner import Settings, run_policies
from tests.engine.executor.cloud import NOW, Cloud, parsed

from .saved import LATER, TAG, again, hide, planned

RETAG = {"resource": "ec2", "actions": [TAG]}


def test_there_and_back(tmp_path: Path) -> None:
    saved = planned(Cloud().instance("i-1", A="a").instance("i-2"), RETAG)
    target = {"profile": "audit", "assume": [], "external_id": "", "sandbox": False}
    write(tmp_path / "x.plan", plan_of([], [], created=NOW, target=target))
    whole = {**document(saved), "target": target}
    (tmp_path / "x.plan").write_text(json.dumps(whole))
    found = read(tmp_path / "x.plan", LATER)
    assert document(found) == whole
    assert [change.ref.id for change in found.changes] == ["i-1", "i-2"]
    assert found.regions == ["us-east-1"]
    assert found.expires - found.created == timedelta(hours=24)


def test_a_plan_holds_the_policies_that_want_a_change_and_no_inverse() -> None:
    saved = planned(Cloud().instance("i-1"), RETAG, {"resource": "ec2", "filters": [{"tag:Z": "z"}], "actions": [TAG]})
    assert [policy.name for policy in saved.policies] == ["p0"]
    assert set(document(saved)["changes"][0]) == {
        "policy", "step", "type", "id", "account", "region", "action", "destructive", "reversible", "before", "after",
        "calls",
    }  # fmt: skip


def test_the_policies_are_those_before_their_placeholders_were_filled() -> None:
    saved = planned(Cloud().instance("i-1"), {**RETAG, "actions": [{**TAG, "value": "{account_id}"}]})
    assert saved.policies[0].mapping["actions"][0]["value"] == "{account_id}"
    assert saved.changes[0].after == {"tag:A": "123456789012"}


def test_dates_of_a_policy_are_kept_as_dates() -> None:
    (policy,) = parsed({"resource": "ec2", "end": date(2030, 1, 2)})
    assert normal(policy.node.data())["end"] == {"$date": "2030-01-02"}


def test_the_digest_is_of_policies_and_variables() -> None:
    one = digest([SavedPolicy({"name": "a"}, {"v": 1})], {})
    assert one == digest([SavedPolicy({"name": "a"}, {"v": 1})], {})
    others = [
        digest([SavedPolicy({"name": "b"}, {"v": 1})], {}),
        digest([SavedPolicy({"name": "a"}, {"v": 2})], {}),
        digest([SavedPolicy({"name": "a"}, {"v": 1})], {"v": 1}),
        digest([], {}),
    ]
    assert len({one, *others}) == 5


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_it_is_its_owners_alone_whatever_the_umask(mask: int, tmp_path: Path) -> None:
    before = os.umask(mask)
    try:
        write(tmp_path / "x.plan", plan_of([], [], created=NOW))
    finally:
        os.umask(before)
    assert (tmp_path / "x.plan").stat().st_mode & 0o777 == 0o600


def test_it_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.plan").write_text("the old one")

    def full(self: Path, target: object) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        write(tmp_path / "x.plan", plan_of([], [], created=NOW))
    assert (tmp_path / "x.plan").read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["x.plan"]


def test_a_plan_that_could_not_be_read_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_file, "MOST_BYTES", 100)
    with pytest.raises(UsageRejected, match="the plan of 0 changes is larger than 0 MB: select fewer policies"):
        write(tmp_path / "x.plan", plan_of([], [], created=NOW))
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_not_stored() -> None:
    """Neither in the policies, nor among the variables, nor in what is changed; what is hidden is named."""
    on = Cloud().instance("i-1")
    inline = {**RETAG, "actions": [{**TAG, "value": "hush"}]}
    by_name = {**RETAG, "actions": [{**TAG, "key": "B", "value": "{token} {team}"}]}
    policies = parsed(inline, by_name)
    variables = {"token": "hush", "team": "x"}
    settings = Settings(now=NOW, regions=("us-east-1",), acting=True, variables=variables)
    results = run_policies(policies, catalog(), [on.connection], settings).results
    saved = plan_of(intend(results).planned, policies, created=NOW, variables=variables, hide=hide)
    assert "hush" not in json.dumps(document(saved))
    assert saved.variables == {"token": "***", "team": "x"}
    assert saved.hidden == ("token",)
    assert [(policy.name, policy.hidden) for policy in saved.policies] == [("p0", True), ("p1", False)]
    assert [change.after for change in saved.changes] == [{"tag:A": "***"}, {"tag:B": "*** x"}]
    given = with_secrets(saved, {"token": "hush", "team": "of another file"})
    assert given.variables == variables
    found = compare(given, recompute(given, again(on)), Known(), hide)
    assert [planned.change.after for planned in found.planned] == [{"tag:B": "hush x"}]
    assert [drift.reason for drift in found.drifted] == [HIDDEN]
    with pytest.raises(
        UsageRejected, match="the plan does not store secrets: pass --vars-file with a value for 'token'"
    ):
        with_secrets(saved, {"team": "x"})


def test_another_value_of_a_secret_is_another_change() -> None:
    """Where it does not look like a secret; what is hidden itself is not compared."""
    on = Cloud().instance("i-1")
    policies = parsed({**RETAG, "actions": [{**TAG, "value": "{token} {team}"}]})
    settings = Settings(now=NOW, regions=("us-east-1",), acting=True, variables={"token": "hush", "team": "x"})
    results = run_policies(policies, catalog(), [on.connection], settings).results
    saved = plan_of(intend(results).planned, policies, created=NOW, variables={"token": "hush", "team": "x"}, hide=hide)
    other = with_secrets(saved, {"token": "loud"})
    found = compare(other, recompute(other, again(on)), Known(), hide)
    assert [drift.reason for drift in found.drifted] == [
        "it would be another change: it would set tag:A to 'loud x', the plan says '*** x'"
    ]
