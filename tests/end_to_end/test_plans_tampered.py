"""Plans that somebody has altered: whatever the file says, no call is made that the policies do not make."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.plans import Plans, plans, signed, wire

__all__ = ["plans", "wire"]

TAG = """
policies:
  - name: t
    resource: aws.ec2
    filters: [{State.Name: running}]
    actions: [{type: tag, key: A, value: b}]
"""
Alter = Callable[[dict[str, Any]], Any]


def call(**members: Any) -> Alter:
    """Members of every call."""

    def alter(plan: dict[str, Any]) -> None:
        for change in plan["changes"]:
            change["calls"] = [{**change["calls"][0], **members}]

    return alter


def each(**members: Any) -> Alter:
    """Members of every change."""

    def alter(plan: dict[str, Any]) -> None:
        for change in plan["changes"]:
            change.update(members)

    return alter


def whole(**members: Any) -> Alter:
    """Members of the plan."""
    return lambda plan: {**plan, **members}


def text(old: str, new: str) -> Alter:
    """The file's text."""
    return lambda plan: json.dumps(plan).replace(old, new)


def params(**members: Any) -> Alter:
    """Parameters of every call."""

    def alter(plan: dict[str, Any]) -> None:
        for change in plan["changes"]:
            change["calls"][0]["params"].update(members)

    return alter


def twice(plan: dict[str, Any]) -> None:
    plan["changes"].append(plan["changes"][0])


def more_calls(plan: dict[str, Any]) -> None:
    for change in plan["changes"]:
        change["calls"].append({**change["calls"][0], "operation": "TerminateInstances"})


def policy(**members: Any) -> Alter:
    """Members of the policy, with the digest left as it was."""

    def alter(plan: dict[str, Any]) -> None:
        plan["policies"][0]["policy"].update(members)

    return alter


def resigned(alter: Alter) -> Alter:
    """The same, with the digest that fits."""

    def altered(plan: dict[str, Any]) -> Any:
        alter(plan)
        return signed(plan)

    return altered


def unlike(key: str, value: Any) -> Alter:
    """A key of the plan's target."""
    return lambda plan: {**plan, "target": {**plan["target"], key: value}}


TABLE: dict[str, tuple[Alter, int, str]] = {
    "another operation": (call(operation="TerminateInstances"), 8, "the plan has ec2:TerminateInstances"),
    "another service": (call(service="iam", operation="CreateUser", params={"UserName": "evil"}), 8, "iam:CreateUser"),
    "an unknown operation": (call(operation="Nope"), 8, "the plan has ec2:Nope"),
    "a service with a path": (call(service="../../etc/passwd"), 8, "the plan has ../../etc/passwd:CreateTags"),
    "no calls": (each(calls=[]), 8, "the policy makes ec2:CreateTags, the plan has no call"),
    "one call more": (more_calls, 8, "the plan has ec2:CreateTags, ec2:TerminateInstances"),
    "other resources in the call": (params(Resources=["i-0123"]), 8, "Resources[0] of ec2:CreateTags"),
    "another tag in the call": (params(Tags=[{"Key": "A", "Value": "evil"}]), 8, "Tags[0].Value of ec2:CreateTags"),
    "one tag more in the call": (
        params(Tags=[{"Key": "A", "Value": "b"}, {"Key": "AllowStop", "Value": "true"}]), 8, "Tags[1]"),
    "a dry run in the call": (params(DryRun=True), 8, "DryRun of ec2:CreateTags is False now, the plan has True"),
    "another scope in the call": (
        call(scope={"account": "210987654321", "region": "us-east-1", "target": ""}), 8, "scope.account"),
    "a wait in the call": (call(wait={"seconds": 1e9, "call": None, "until": ""}), 8, "wait of ec2:CreateTags"),
    "another value after": (each(after={"tag:A": "c"}), 8, "it would set tag:A to 'b', the plan says 'c'"),
    "nothing after": (each(after={}), 8, "it would set tag:A to 'b', the plan says absent"),
    "another value before": (each(before={"tag:A": "z"}), 8, "tag:A is absent now, it was 'z'"),
    "a path before that is none": (each(before={"a[[": 1}), 8, "a[[ is absent now, it was 1"),
    "another action": (each(action="stop"), 8, "the policy wants 'tag' there, the plan 'stop'"),
    "said to be destructive": (each(destructive=True), 8, "it is not destructive, the plan says otherwise"),
    "said to be irreversible": (each(reversible=False), 8, "it can be undone, the plan says otherwise"),
    "another step": (each(step=7), 8, "the policy's action 8 is none, the plan says 'tag'"),
    "another policy's name": (each(policy="other"), 8, "the plan holds no policy 'other'"),
    "another id": (lambda plan: plan["changes"][0].update(id="i-0123456789abcdef0"), 8, "it is gone"),
    "another type": (each(type="s3"), 8, "the policy is about ec2, not s3"),
    "a type that is none": (each(type="nonsense"), 8, "the policy is about ec2, not nonsense"),
    "another account": (text("123456789012", "210987654321"), 8, "the plan is for account 210987654321"),
    "another region": (text("us-east-1", "eu-west-1"), 8, "it is gone"),
    "a region that is none": (text("us-east-1", "mars-1"), 8, "region 'mars-1' is not known to have ec2"),
    "a region with a host": (text('"us-east-1"', '"us-east-1.evil.example/#"'), 2, "not a region"),
    "other actions": (policy(actions=["terminate"]), 8, "was altered: its policies are not those"),
    "other filters": (policy(filters=[]), 8, "was altered: its policies are not those"),
    "other actions, signed": (resigned(policy(actions=["terminate"])), 8, "the policy wants 'terminate' there"),
    "other filters, signed": (resigned(policy(filters=[{"State.Name": "pending"}])), 8, "it no longer matches"),
    "a broken policy, signed": (resigned(policy(filters=[{"type": "nope"}])), 8, "policy 't' of the plan is not valid"),
    "a policy of no type, signed": (resigned(policy(resource="nonsense")), 8, "is not valid: C203"),
    "a policy with a bad date, signed": (resigned(policy(description={"$date": "x"})), 8, "a date that cannot be read"),
    "the same change twice": (twice, 2, "changes[2] repeats changes[0]"),
    "from version 1": (whole(version=1), 8, "is a plan of version 1, this engine reads version 2"),
    "from version x": (whole(version="x"), 8, 'is a plan of version "x"'),
    "expired": (whole(created="2020-01-01T00:00:00+00:00", expires="2020-01-02T00:00:00+00:00"), 8, "expired at"),
    "never expiring": (whole(expires="2999-01-01T00:00:00+00:00"), 8, "a plan lasts up to 30 days"),
    "from the future": (whole(created="2999-01-01T00:00:00+00:00"), 8, "which is in the future"),
    "made at no time": (whole(created="now"), 2, 'created is "now", not a time'),
    "made without an offset": (whole(created="2026-11-21T09:00:00"), 2, "not a time with its offset"),
    "no changes": (whole(changes=None), 2, "changes is null, not a list"),
    "changes of text": (whole(changes="abc"), 2, 'changes is "abc", not a list'),
    "a change of text": (whole(changes=["abc"]), 2, 'changes[0] is "abc", not a mapping'),
    "a target of another kind": (whole(target=[]), 2, "target is a list, not a mapping"),
    "a profile of another kind": (unlike("profile", 5), 2, "target.profile is 5, not a string"),
    "a role of another kind": (unlike("assume", "arn:x"), 2, 'target.assume is "arn:x", not a list'),
    "a role that is none": (unlike("assume", ["arn:x"]), 2, "not a role's ARN"),
    "a step of another kind": (each(step=True), 2, "step is true, not a whole number"),
    "a step below zero": (each(step=-1), 2, "step is -1, not a whole number"),
    "a step that is no number": (text('"step": 0', '"step": NaN'), 2, "it holds NaN, which is no number"),
    "a policy's name of another kind": (each(policy=5), 2, "changes[0].policy is 5, not a string"),
    "before of another kind": (each(before=[1]), 2, "changes[0].before is a list, not a mapping"),
    "parameters of another kind": (call(params=[1]), 2, "calls[0].params is a list, not a mapping"),
    "a service of another kind": (call(service=5), 2, "calls[0].service is 5, not a string"),
    "an id with an escape": (each(id="i-1\x1b[31m"), 2, "which holds a control character"),
    "a path with an escape": (each(before={"a\x1b[31m": 1}), 8, "a\\x1b[31m is absent now, it was 1"),
    "a parameter with an escape": (params(**{"a\x1b[31m": 1}), 8, "a\\x1b[31m of ec2:CreateTags is absent now"),
    "a policy's name with an escape": (resigned(policy(name="t\x1b[31m")), 2, "which holds a control character"),
    "half a character": (each(id="\ud800"), 2, "half of a surrogate pair"),
    "a key twice": (text('"step": 0', '"step": 0, "step": 1'), 2, 'it holds the key "step" twice'),
    "an endless number": (text('"step": 0', '"step": 1' + "0" * 5000), 2, "a number that is too large"),
    "a mapping instead": (lambda _: "{}", 2, "it has no 'format'"),
    "a list instead": (lambda _: "[]", 2, "it is a list, not a mapping"),
    "null instead": (lambda _: "null", 2, "it is null, not a mapping"),
    "nothing instead": (lambda _: " ", 2, "it is empty"),
    "half of it": (lambda plan: json.dumps(plan)[:700], 2, "it is not JSON (line 1"),
    "deep lists": (lambda _: "[" * 100_000, 2, "nests more than 250 levels deep"),
    "deep mappings": (lambda _: '{"a":' * 50_000, 2, "nests more than 250 levels deep"),
    "a deep value": (
        lambda plan: json.dumps(plan).replace('"before": {', '"before": {"x": ' + "[" * 400 + "]" * 400 + ", "),
        2, "nests more than 250 levels deep"),
    "60 MB": (whole(pad="x" * 60_000_000), 2, "it is larger than 32 MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_an_altered_plan_makes_no_call(name: str, plans: Plans) -> None:
    alter, code, says = TABLE[name]
    document = copy.deepcopy(plans.plan(TAG))
    altered = alter(document)
    plans.write(document if altered is None else altered)
    done = plans.apply()
    expected = 1 if name == "another id" else 0  # the other change is as planned, and is made
    assert (done.code, sum(plans.server.writes.values())) == (code, expected), done
    assert says in done.out + done.err
    assert "Traceback" not in done.err


def test_the_table_holds_what_it_promises() -> None:
    assert len(TABLE) >= 40


def test_unknown_keys_do_nothing(plans: Plans) -> None:
    document = plans.plan(TAG)
    for change in document["changes"]:
        change |= {"batching": {"param": "Nope", "most": 0}, "done": {"expression": "a[["}, "inverse": [{}]}
    plans.write({**document, "extra": [1]})
    assert plans.apply().code == 0
    assert plans.server.writes == {"ec2:CreateTags": 1}


def test_what_is_no_file(plans: Plans, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    told = {
        "fifo": "cannot read 'fifo': it is not a regular file",
        "folder": "cannot read 'folder': it is a directory",
        "binary": "it is not UTF-8 text (byte 128)",
        "nowhere": "cannot read 'nowhere': No such file or directory",
        "/dev/zero": "cannot read '/dev/zero': it is not a regular file",
        "a\0b": "cannot read",
    }
    for path, says in told.items():
        done = plans.engine("apply", path, "--yes")
        assert (done.code, says in done.err, "Traceback" in done.err) == (2, True, False), done
